//! A shop's origin: the gateway with recording upstreams behind it, all in memory.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_protocol::forwarding::TrustedProxies;
use auth_protocol::id::AccountId;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::future::BoxFuture;
use gateway::upstream::{Client, MemoryRegistry, Upstream};
use gateway::{AccountReader, FileSource, Gateway, GatewayConfig, Limits, ServedFile, Upstreams};
use http::request::Parts;
use http_body_util::BodyExt;
use telemetry::metrics::Metrics;
use tower::ServiceExt;

pub const SHOP: &str = "shop.example";
/// A host that three applications share: its own, one by parameter, one by path.
pub const MANY: &str = "many.example";
pub const ACCOUNT: &str = "01K00000000000000000000ACC";
const APPLICATION: &str = r#"{"id":"01K00000000000000000000APP","tenantId":"01K00000000000000000000TEN",
    "customerContextId":"01K00000000000000000000CTX","issuer":"https://shop.example/auth","gatewayClientId":"storefront-gateway",
    "origins":["https://other.example"],"storefront":{"clientId":"storefront"}}"#;

/// What the upstreams saw.
#[derive(Default)]
pub struct Seen {
    pub auth: Mutex<Vec<Parts>>,
    pub cart: Mutex<Vec<Parts>>,
    pub token_fetches: AtomicUsize,
    pub auth_is_broken: AtomicBool,
    pub resolutions: AtomicUsize,
    pub hosts: AtomicUsize,
    /// What the tenant service's answers were made of.
    pub generation: AtomicI64,
    /// The tenant service does not say which.
    pub generation_is_unknown: AtomicBool,
    pub tenant_is_broken: AtomicBool,
}

pub struct Origin {
    router: Router,
    pub seen: Arc<Seen>,
    /// Epoch seconds.
    pub clock: Arc<AtomicI64>,
    pub memory: MemoryRegistry,
    pub metrics: Arc<Metrics>,
}

struct GoodTokens;
impl AccountReader for GoodTokens {
    fn account<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Option<AccountId>> {
        Box::pin(async move { (token == "good").then(|| ACCOUNT.parse().unwrap()) })
    }
}

struct Files;
impl FileSource for Files {
    fn get(&self, path: &str) -> Option<ServedFile> {
        let text = match path {
            "index.html" => "<!doctype html>start",
            "silent-callback.html" => "<!doctype html>silent",
            "assets/app-1234.js" => "app()",
            "pictures/blue mug.svg" => "<svg/>",
            _ => return None,
        };
        Some(ServedFile { bytes: Cow::Borrowed(text.as_bytes()), hash: format!("hash-of-{path}") })
    }
}

pub fn small() -> Limits {
    Limits { body_bytes: 1000, ..Limits::default() }
}

impl Origin {
    pub fn new() -> Self {
        Self::with_limits(small())
    }

    pub fn with_limits(limits: Limits) -> Self {
        Self::with(limits, &[], Arc::new(Files))
    }

    /// A service `name` at an address, beside the others.
    pub fn with_service(name: &str, authority: &str) -> Self {
        Self::with(small(), &[(name, authority)], Arc::new(Files))
    }

    pub fn with_limits_and_service(limits: Limits, name: &str, authority: &str) -> Self {
        Self::with(limits, &[(name, authority)], Arc::new(Files))
    }

    /// To be served on an address.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    pub fn without_storefront() -> Self {
        struct Nothing;
        impl FileSource for Nothing {
            fn get(&self, _: &str) -> Option<ServedFile> {
                None
            }
        }
        Self::with(small(), &[], Arc::new(Nothing))
    }

    fn with(limits: Limits, further: &[(&str, &str)], files: Arc<dyn FileSource>) -> Self {
        let (seen, memory) = (Arc::new(Seen::default()), MemoryRegistry::default());
        let clock = Arc::new(AtomicI64::new(1_700_000_000));
        memory.register("auth", auth(Arc::clone(&seen)));
        memory.register("cart", cart(Arc::clone(&seen)));
        memory.register("tenant", tenant(Arc::clone(&seen)));
        let told = Arc::clone(&clock);
        let services = [("cart", "cart"), ("gone", "127.0.0.1:1")].iter().chain(further);
        let services = services.map(|(name, at)| ((*name).to_owned(), upstream(at))).collect();
        let metrics = Metrics::new("test");
        let gateway = Gateway::new(GatewayConfig {
            client: Client::new(memory.clone()).unwrap(),
            upstreams: Upstreams {
                auth: Upstream::at("auth").unwrap(),
                tenant_resolver: Upstream::at("tenant").unwrap(),
                services,
            },
            secret_of: Arc::new(|issuer, client| {
                let is_known = match issuer {
                    "https://shop.example/auth" => client == "storefront-gateway",
                    "https://many.example/auth" => client.ends_with("-gateway"),
                    _ => false,
                };
                is_known.then(|| "secret".to_owned())
            }),
            accounts: Arc::new(GoodTokens),
            files,
            clock: Arc::new(move || told.load(Ordering::SeqCst)),
            random: Arc::new(|bytes| bytes.fill(7)),
            scheme: "https",
            trusted_proxies: TrustedProxies::new(vec!["192.0.2.0/24".parse().unwrap()]),
            limits,
            metrics: Arc::clone(&metrics),
        });
        Self { router: gateway.router(), seen, clock, memory, metrics }
    }

    pub async fn send(&self, request: http::Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { parts, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn stream(&self, request: http::Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(ask(path).body(Body::empty()).unwrap()).await
    }

    /// The last request that reached the cart service.
    pub fn cart(&self) -> Parts {
        self.seen.cart.lock().unwrap().last().cloned().expect("a request of the cart service")
    }
}

pub fn ask(path: &str) -> http::request::Builder {
    http::Request::get(path).header("host", SHOP)
}

pub struct Answer {
    pub parts: http::response::Parts,
    pub body: String,
}

impl Answer {
    pub fn status(&self) -> u16 {
        self.parts.status.as_u16()
    }

    pub fn header(&self, name: &str) -> &str {
        self.parts.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    /// The code of a problem; all of them carry the request id.
    pub fn problem(&self) -> String {
        let problem: auth_protocol::problem::Problem =
            serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} {}", self.status(), self.body));
        assert_eq!(problem.request_id.as_deref(), Some(self.header("x-request-id")));
        assert_eq!(problem.status, self.status());
        problem.code().to_owned()
    }
}

/// Addresses with commas between them.
fn upstream(addresses: &str) -> Upstream {
    addresses.split(',').map(str::to_owned).collect::<Vec<_>>().try_into().unwrap()
}

fn auth(seen: Arc<Seen>) -> Router {
    async fn token(State(seen): State<Arc<Seen>>, request: Request) -> Response {
        let asked = request.headers()["x-forwarded-host"].clone();
        let basic = request.headers()["authorization"].to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned();
        let credentials = String::from_utf8(STANDARD.decode(basic).unwrap()).unwrap();
        let client = credentials.strip_suffix(":secret").expect("the client's secret").to_owned();
        assert_eq!(asked, if client == "storefront-gateway" { SHOP } else { MANY });
        let (_, body) = request.into_parts();
        assert_eq!(axum::body::to_bytes(body, 1000).await.unwrap(), "grant_type=client_credentials");
        let number = seen.token_fetches.fetch_add(1, Ordering::SeqCst) + 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
        if seen.auth_is_broken.load(Ordering::SeqCst) {
            return http::StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        let token = match client.as_str() {
            "storefront-gateway" => format!("guest-{number}"),
            other => format!("{other}-{number}"),
        };
        axum::Json(serde_json::json!({ "access_token": token, "expires_in": 300 })).into_response()
    }
    async fn rest(State(seen): State<Arc<Seen>>, request: Request) -> Response {
        seen.auth.lock().unwrap().push(request.into_parts().0);
        ([("set-cookie", "__Host-linden-session=s")], "auth").into_response()
    }
    Router::new().route("/auth/oauth/token", post(token)).fallback(rest).with_state(seen)
}

fn cart(seen: Arc<Seen>) -> Router {
    async fn rest(State(seen): State<Arc<Seen>>, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        seen.cart.lock().unwrap().push(parts.clone());
        match parts.uri.path() {
            "/slow" => {
                tokio::time::sleep(Duration::from_secs(5)).await;
                "late".into_response()
            }
            "/echo" => Body::new(body).into_response(),
            "/length" => match body.collect().await {
                Ok(whole) => whole.to_bytes().len().to_string().into_response(),
                Err(_) => http::StatusCode::BAD_REQUEST.into_response(),
            },
            "/open-to-all" => ([("access-control-allow-origin", "*"), ("vary", "Accept")], "cart").into_response(),
            _ => ([("set-cookie", "__Host-linden-session=evil"), ("x-from", "cart")], "cart").into_response(),
        }
    }
    Router::new().fallback(rest).with_state(seen)
}

fn tenant(seen: Arc<Seen>) -> Router {
    async fn resolve(State(seen): State<Arc<Seen>>, request: Request) -> Response {
        seen.resolutions.fetch_add(1, Ordering::SeqCst);
        let application = match request.uri().query().unwrap() {
            "host=shop.example" | "host=shop.example&token=ours" => APPLICATION.to_owned(),
            "host=many.example" => of_many(1, "main"),
            "host=many.example&application=outlet" | "host=many.example&token=outlet" => of_many(2, "outlet"),
            "host=many.example&path=garden" | "host=many.example&token=garden" => of_many(3, "garden"),
            "host=shop.example&token=theirs" | "host=many.example&path=garden&application=outlet" => {
                return http::StatusCode::BAD_REQUEST.into_response();
            }
            _ => return http::StatusCode::NOT_FOUND.into_response(),
        };
        ([("content-type", "application/json")], application).into_response()
    }
    async fn host(State(seen): State<Arc<Seen>>, request: Request) -> Response {
        seen.hosts.fetch_add(1, Ordering::SeqCst);
        let answer = match request.uri().query().unwrap() {
            "host=shop.example" => {
                r#"{"issuers":["https://shop.example/auth"],"origins":["https://other.example"],"contextPaths":[],"takesParameter":false}"#
            }
            "host=many.example" => {
                r#"{"issuers":["https://many.example/auth"],"origins":["https://app.example"],"contextPaths":["garden"],"takesParameter":true}"#
            }
            _ => return http::StatusCode::NOT_FOUND.into_response(),
        };
        answer.into_response()
    }
    async fn generation(State(seen): State<Arc<Seen>>) -> Response {
        match seen.generation_is_unknown.load(Ordering::SeqCst) {
            true => http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
            false => {
                axum::Json(serde_json::json!({ "generation": seen.generation.load(Ordering::SeqCst) })).into_response()
            }
        }
    }
    async fn unless_broken(State(seen): State<Arc<Seen>>, request: Request, next: Next) -> Response {
        match seen.tenant_is_broken.load(Ordering::SeqCst) {
            true => http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
            false => next.run(request).await,
        }
    }
    Router::new()
        .route("/internal/applications/resolve", get(resolve))
        .route("/internal/generation", get(generation))
        .route("/internal/hosts", get(host))
        .layer(from_fn_with_state(Arc::clone(&seen), unless_broken))
        .with_state(seen)
}

/// One of the applications that share a host.
fn of_many(number: u8, name: &str) -> String {
    serde_json::json!({
        "id": format!("01K0000000000000000000000{number}"), "tenantId": "01K00000000000000000000TEN",
        "customerContextId": "01K00000000000000000000CTX",
        "issuer": "https://many.example/auth", "gatewayClientId": format!("{name}-gateway"),
        "origins": if name == "garden" { vec!["https://app.example"] } else { vec![] },
        "storefront": { "shopName": name },
    })
    .to_string()
}
