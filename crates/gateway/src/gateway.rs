use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use auth_protocol::id::AccountId;
use auth_protocol::refused::Refused;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Response, Uri, header};
use http_body::Body as _;
use telemetry::metrics::UpstreamSeries;
use telemetry::metrics::labels::{Part, StatusClass};
use telemetry::request::within;

use crate::Application;
use crate::config::GatewayConfig;
use crate::phases::forward::{ForwardError, Forwarder};
use crate::phases::guest_token::{GuestTokens, Presented, presented};
use crate::phases::resolve_application::{Applications, Asked, Host};
use crate::phases::respond::{self, CrossOrigin};
use crate::phases::upgrade::Offer;
use crate::phases::whence::Whence;
use crate::phases::{address, context, strip, whence};
use crate::refusal::Refusal;
use crate::request_ids::RequestIds;
use crate::routes::{Route, route};
use crate::storefront;
use crate::upstream::{Upstream, measured};

/// Headers that a request may get on its way; room for them is taken at once.
const ADDED: usize = 8;

/// The shop's origin.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    config: GatewayConfig,
    applications: Applications,
    guests: GuestTokens,
    forwarder: Forwarder,
    request_ids: RequestIds,
    auth: UpstreamSeries,
    /// Services by name, and where what they took is counted.
    services: BTreeMap<String, (Upstream, UpstreamSeries)>,
}

impl Gateway {
    pub fn new(config: GatewayConfig) -> Self {
        let applications = Applications::new(
            config.client.clone(),
            config.upstreams.tenant_resolver.clone(),
            &config.limits,
            Arc::clone(&config.metrics),
        );
        let guests = GuestTokens::new(
            config.client.clone(),
            config.upstreams.auth.clone(),
            Arc::clone(&config.secret_of),
            Arc::clone(&config.clock),
            Arc::clone(&config.metrics),
        );
        let forwarder = Forwarder::new(config.client.clone(), config.limits);
        let request_ids = RequestIds::new(&config.random);
        let series = |name: &str| config.metrics.upstreams.of(name);
        let services = config.upstreams.services.iter();
        let services = services.map(|(name, upstream)| (name.clone(), (upstream.clone(), series(name)))).collect();
        let auth = series("auth");
        Self(Arc::new(Inner { config, applications, guests, forwarder, request_ids, auth, services }))
    }

    /// Serves every path. The peer's address is taken from `ConnectInfo<SocketAddr>` among the request's extensions.
    pub fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(self.clone())
    }
}

async fn handle(State(Gateway(gateway)): State<Gateway>, request: Request) -> Response<Body> {
    let request_id = gateway.request_ids.next((gateway.config.clock)());
    within(request_id.clone().to_str().unwrap_or_default(), gateway.handle(request_id, request)).await
}

/// What a request asked for, as it came.
struct Received {
    method: Method,
    uri: Uri,
    /// `None` when none or several were named.
    host: Option<String>,
    client: Option<IpAddr>,
    as_page: bool,
    request_id: HeaderValue,
}

impl Received {
    fn path(&self) -> &str {
        self.uri.path()
    }

    fn request_id(&self) -> &str {
        self.request_id.to_str().unwrap_or_default()
    }
}

/// A request to a service.
struct Call<'a> {
    asked: &'a Received,
    host: &'a Host,
    application: &'a Application,
    service: &'a str,
    /// The path as the service knows it.
    path: &'a str,
    /// When it asks for a WebSocket.
    offer: Option<Offer>,
}

impl Inner {
    async fn handle(&self, request_id: HeaderValue, request: Request) -> Response<Body> {
        let (mut parts, body) = request.into_parts();
        let asked = Received {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            host: address::host(&parts, self.config.scheme),
            client: whence::client(&parts, &self.config.trusted_proxies),
            as_page: respond::wants_page(&parts.method, &parts.headers),
            request_id,
        };
        let answered = self.answer(&asked, &mut parts, body).await;
        let response = answered.unwrap_or_else(|refusal| self.refuse(&asked, &refusal, asked.as_page));
        let Received { method, host, .. } = &asked;
        self.config.metrics.requests.add((Part::Gateway, StatusClass::of(response.status().as_u16())));
        tracing::info!(host, %method, path = asked.path(), status = response.status().as_u16(), "answered");
        respond::finish(response, &asked.request_id, self.config.scheme, host.as_deref())
    }

    async fn answer(&self, asked: &Received, parts: &mut Parts, body: Body) -> Result<Response<Body>, Refusal> {
        let host = unambiguous(asked)?;
        if address::is_too_long(&parts.uri) {
            return Err(Refusal::AddressTooLong);
        }
        let offer = Offer::take(parts, !body.is_end_stream());
        parts.headers.reserve(ADDED);
        strip::forged(&mut parts.headers);
        strip::hop_by_hop(&mut parts.headers);
        strip::join_cookies(&mut parts.headers);
        let known = self.applications.host(host).await?;
        let named = Asked::read(&known, &parts.headers, asked.path(), parts.uri.query())?;
        let path = known.without_context_path(asked.path());
        match route(&known.issuers, path) {
            // A host's authorization servers are there for all its applications; one that is named must still be one of them.
            Route::Auth if path == asked.path() => {
                if named.has_token() {
                    self.applications.find(&known, named).await?;
                }
                self.whence(asked, &known).tell(&mut parts.headers);
                let path = path_and_query(path, parts.uri.query())?;
                let forwarded = self.forwarder.forward(&self.config.upstreams.auth, path, parts, body);
                Ok(measured(&self.auth, forwarded).await?)
            }
            Route::Auth | Route::Nobody => Err(Refusal::NothingServed),
            // It carries no header that could name an application, so it is answered for all of the host.
            Route::Service { .. } if respond::is_preflight(&parts.method, &parts.headers) => {
                Ok(CrossOrigin::of(&known.origins, &parts.headers).preflight())
            }
            Route::Service { name, rest } => {
                let application = self.applications.find(&known, named).await?;
                let call = Call { asked, host: &known, application: &application, service: name, path: rest, offer };
                Ok(self.across_origins(call, parts, body).await)
            }
            Route::Storefront => {
                let application = self.applications.find(&known, named).await?;
                let mut response =
                    storefront::serve(&*self.config.files, &application, &asked.method, path, &parts.headers)?;
                response.headers_mut().append(header::VARY, HeaderValue::from_static("x-application-token"));
                Ok(response)
            }
        }
    }

    /// A service's answer, or why there is none, readable for the scripts that may read it.
    async fn across_origins(&self, call: Call<'_>, parts: &mut Parts, body: Body) -> Response<Body> {
        let cross_origin = CrossOrigin::of(&call.application.origins, &parts.headers);
        if call.offer.is_some() && !cross_origin.may_open(&parts.headers, self.config.scheme, &call.host.name) {
            return self.refuse(call.asked, &Refusal::ForeignOrigin, false);
        }
        let asked = call.asked;
        let called = self.call_service(call, parts, body).await;
        let response = called.unwrap_or_else(|refusal| self.refuse(asked, &refusal, false));
        cross_origin.share(response)
    }

    async fn call_service(&self, call: Call<'_>, parts: &mut Parts, body: Body) -> Result<Response<Body>, Refusal> {
        let (upstream, series) = self.services.get(call.service).ok_or(Refusal::UnknownService)?;
        let headers = &mut parts.headers;
        strip::request_cookies(headers);
        let account = self.authorize(&call, headers).await?;
        if let Some(context) = context::value(call.application, account) {
            headers.insert(context::NAME, context);
        }
        self.whence(call.asked, call.host).tell(headers);
        let path = path_and_query(call.path, parts.uri.query())?;
        let mut response = match call.offer {
            Some(offer) => measured(series, self.forwarder.open(upstream, path, parts, offer)).await?,
            None => measured(series, self.forwarder.forward(upstream, path, parts, body)).await?,
        };
        strip::answer_cookies(response.headers_mut());
        Ok(response)
    }

    /// The caller's own token stays as it is; a guest gets the application's. Answers the account of a verified token.
    async fn authorize(&self, call: &Call<'_>, headers: &mut HeaderMap) -> Result<Option<AccountId>, Refusal> {
        match presented(headers) {
            Presented::Own(token) => {
                let account = self.config.accounts.account(token).await;
                if let Some(account) = account {
                    tracing::info!(%account, "for an account");
                }
                Ok(account)
            }
            Presented::Ambiguous => Err(Refusal::TwoAuthorizations),
            Presented::None => {
                let authorization = self.guests.authorization(call.application).await?;
                headers.insert(header::AUTHORIZATION, authorization);
                Ok(None)
            }
        }
    }

    fn whence<'a>(&self, asked: &'a Received, host: &'a Host) -> Whence<'a> {
        Whence { host: &host.told, scheme: self.config.scheme, client: asked.client, request_id: &asked.request_id }
    }

    fn refuse(&self, asked: &Received, refusal: &Refusal, as_page: bool) -> Response<Body> {
        let request_id = asked.request_id();
        match refusal.is_ours() {
            true => tracing::error!(error = %refusal, "could not answer"),
            false => tracing::debug!(reason = %refusal, "refused"),
        }
        let problem = refusal.problem(self.config.limits.body_bytes);
        let refused = Refused::new(problem.code(), refusal.to_string());
        let mut response = respond::problem(problem, refusal.retry_after(), request_id, as_page);
        response.extensions_mut().insert(refused);
        response
    }
}

/// The host, when it and the path can be read in one way only.
fn unambiguous(asked: &Received) -> Result<&str, Refusal> {
    if !address::is_served(&asked.method) {
        return Err(Refusal::MethodNotOffered);
    }
    if !address::is_plain(asked.path()) {
        return Err(Refusal::AmbiguousPath);
    }
    asked.host.as_deref().ok_or(Refusal::NoSingleHost)
}

fn path_and_query(path: &str, query: Option<&str>) -> Result<PathAndQuery, ForwardError> {
    let written = match query {
        Some(query) => PathAndQuery::try_from(format!("{path}?{query}")),
        None => PathAndQuery::try_from(path),
    };
    written.map_err(|_| ForwardError::Malformed)
}
