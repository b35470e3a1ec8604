use std::sync::Arc;

use auth_protocol::id::RequestId;
use auth_protocol::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use http::request::Parts;
use http::{HeaderMap, Response, header};

use crate::Application;
use crate::config::GatewayConfig;
use crate::phases::guest_token::{GuestTokens, Presented, presented};
use crate::phases::resolve_application::Applications;
use crate::phases::route::{Route, route};
use crate::phases::{address, context, forward, respond, strip};
use crate::storefront::{self, Served};

/// The shop's origin.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    config: GatewayConfig,
    applications: Applications,
    guests: GuestTokens,
}

impl Gateway {
    pub fn new(config: GatewayConfig) -> Self {
        let applications = Applications::new(config.client.clone(), config.tenant_resolver.clone(), &config.limits);
        let guests = GuestTokens::new(
            config.client.clone(),
            config.auth.clone(),
            Arc::clone(&config.secret_of),
            Arc::clone(&config.clock),
        );
        Self(Arc::new(Inner { config, applications, guests }))
    }

    /// Serves every path.
    pub fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(self.clone())
    }
}

async fn handle(State(Gateway(gateway)): State<Gateway>, request: Request) -> Response<Body> {
    let request_id = gateway.request_id();
    let response = gateway.answer(request, &request_id).await.unwrap_or_else(|error| {
        tracing::debug!(status = error.status, code = error.code(), request_id, "refused");
        respond::problem(error, &request_id)
    });
    respond::finish(response, &request_id, gateway.config.scheme)
}

impl Inner {
    fn request_id(&self) -> String {
        let mut random = [0; 10];
        (self.config.random)(&mut random);
        RequestId::new(u64::try_from((self.config.clock)()).unwrap_or_default() * 1000, random).to_string()
    }

    async fn answer(&self, request: Request, request_id: &str) -> Result<Response<Body>, Problem> {
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path().to_owned();
        if !address::is_plain(&path) {
            return Err(Problem::new(400, "invalid_path", "The path is not plain")
                .detail("no encoded slashes or dots, no dot segments, no doubled slashes, no control characters"));
        }
        let host = address::host(&parts)
            .ok_or_else(|| Problem::new(400, "invalid_host", "The request names no host, or several"))?;
        strip::forged(&mut parts.headers);
        strip::hop_by_hop(&mut parts.headers);
        let application = self.resolve(&host).await?;
        match route(&application, &host, &path) {
            Route::Nothing => Err(respond::not_found()),
            Route::Auth => self.to_auth(&host, request_id, parts, body).await,
            Route::Service { name, rest } => {
                let asked = Asked { application: &application, host: &host, request_id };
                self.to_service(&asked, name, rest, parts, body).await
            }
            Route::Storefront => {
                match storefront::serve(&*self.config.files, &application, &parts.method, &path, &parts.headers) {
                    Served::Answer(response) => Ok(response),
                    Served::Problem(problem) => Err(problem),
                }
            }
        }
    }

    async fn resolve(&self, host: &str) -> Result<Arc<Application>, Problem> {
        match self.applications.find(host).await {
            Ok(Some(application)) => Ok(application),
            Ok(None) => Err(respond::unknown_application(host)),
            Err(error) => {
                tracing::error!(%error, "an application could not be resolved");
                Err(Problem::new(503, "unavailable", "The shop is not available at the moment"))
            }
        }
    }

    async fn to_auth(
        &self,
        host: &str,
        request_id: &str,
        mut parts: Parts,
        body: Body,
    ) -> Result<Response<Body>, Problem> {
        forward::say_where_from(&mut parts, host, self.config.scheme, request_id);
        let path = path_and_query(&parts, None);
        self.forward(&self.config.auth, &path, parts, body).await
    }

    async fn to_service(
        &self,
        asked: &Asked<'_>,
        name: &str,
        rest: &str,
        mut parts: Parts,
        body: Body,
    ) -> Result<Response<Body>, Problem> {
        let allowed = respond::allowed_origin(asked.application, &parts.headers);
        if respond::is_preflight(&parts.method, &parts.headers) {
            return Ok(respond::preflight(allowed));
        }
        let Some(authority) = self.config.services.get(name) else {
            return Err(Problem::new(404, "unknown_service", "There is no such service"));
        };
        strip::request_cookies(&mut parts.headers);
        let account = self.authorize(asked.application, &mut parts.headers).await?;
        if let Some(context) = context::header(asked.application, account) {
            parts.headers.insert("x-context-request", context);
        }
        forward::say_where_from(&mut parts, asked.host, self.config.scheme, asked.request_id);
        let path = path_and_query(&parts, Some(rest));
        let mut response = self.forward(authority, &path, parts, body).await?;
        strip::answer_cookies(response.headers_mut());
        Ok(respond::allow(response, allowed))
    }

    /// The caller's own token stays as it is; a guest gets the application's. The account of a verified token.
    async fn authorize(
        &self,
        application: &Application,
        headers: &mut HeaderMap,
    ) -> Result<Option<auth_protocol::id::AccountId>, Problem> {
        match presented(headers) {
            Presented::Own(token) => Ok(self.config.accounts.account(&token).await),
            Presented::Ambiguous => {
                Err(Problem::new(400, "invalid_request", "Two Authorization headers").detail("send one, or none"))
            }
            Presented::None => match self.guests.authorization(application).await {
                Ok(authorization) => {
                    headers.insert(header::AUTHORIZATION, authorization);
                    Ok(None)
                }
                Err(error) => {
                    tracing::error!(%error, "no token for guests");
                    Err(Problem::new(503, "unavailable", "The shop is not available to guests at the moment"))
                }
            },
        }
    }

    async fn forward(&self, authority: &str, path: &str, parts: Parts, body: Body) -> Result<Response<Body>, Problem> {
        let forwarded = forward::forward(&self.config.client, &self.config.limits, authority, path, parts, body).await;
        forwarded.map_err(|error| {
            tracing::warn!(?error, authority, "not passed on");
            respond::failed(&error)
        })
    }
}

struct Asked<'a> {
    application: &'a Application,
    host: &'a str,
    request_id: &'a str,
}

fn path_and_query(parts: &Parts, path: Option<&str>) -> String {
    let path = path.unwrap_or(parts.uri.path());
    match parts.uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}
