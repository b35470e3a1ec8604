use axum::body::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const ASKED_WITH: HeaderValue =
    HeaderValue::from_static("authorization, content-type, dpop, if-match, if-none-match, x-application-token");
const ANSWERED_WITH: HeaderValue =
    HeaderValue::from_static("dpop-nonce, etag, location, retry-after, www-authenticate, x-request-id");

/// Cross-origin resource sharing of one request to a service: the origin whose scripts may read the answer. Only one that
/// the application registered, by name; what a service says of it does not count.
pub struct CrossOrigin(Option<HeaderValue>);

pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

impl CrossOrigin {
    /// `registered` by the application; for a preflight, which carries no header that would name one, by those of the host.
    pub fn of(registered: &[String], headers: &HeaderMap) -> Self {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        let origin = origins.next().filter(|_| origins.next().is_none());
        let is_registered = |origin: &&HeaderValue| registered.iter().any(|known| *origin == known.as_str());
        Self(origin.filter(is_registered).cloned())
    }

    /// Whether a WebSocket may be opened: from the shop's own pages, from registered origins, or from programs, which name
    /// no origin. Browsers ask nobody before they open one.
    pub fn may_open(&self, headers: &HeaderMap, scheme: &str, host: &str) -> bool {
        let mut origins = headers.get_all(header::ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => true,
            (Some(origin), None) => self.0.is_some() || *origin == *format!("{scheme}://{host}"),
            _ => false,
        }
    }

    /// To other origins it is an empty answer, which browsers take for a no.
    pub fn preflight(&self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if self.0.is_some() {
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ASKED_WITH);
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
        }
        self.name(headers);
        response
    }

    /// For every answer, errors included, so that a script can read why.
    pub fn share(&self, mut response: Response<Body>) -> Response<Body> {
        let headers = response.headers_mut();
        let is_theirs = |name: &&HeaderName| name.as_str().starts_with("access-control-");
        let theirs: Vec<HeaderName> = headers.keys().filter(is_theirs).cloned().collect();
        for name in theirs {
            headers.remove(name);
        }
        if self.0.is_some() {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWERED_WITH);
        }
        self.name(headers);
        response
    }

    fn name(&self, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        if let Some(origin) = &self.0 {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}
