use std::collections::BTreeMap;

use auth_protocol::oauth_error::ErrorBody;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http_body_util::BodyExt;
use serde_json::Value as Json;
use tower::ServiceExt;
use url::{Url, form_urlencoded};

/// One request, under way to an endpoint below the issuer's path.
#[derive(Clone)]
pub struct Call {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, Vec<u8>)>,
    body: Vec<u8>,
}

impl Call {
    pub fn new(method: &'static str, path: impl Into<String>) -> Call {
        Call { method, path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn get(path: impl Into<String>) -> Call {
        Call::new("GET", path)
    }

    pub fn post(path: impl Into<String>, fields: &[(&str, &str)]) -> Call {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        Call::new("POST", path).header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Call {
        self.headers.push((name, value.as_ref().to_vec()));
        self
    }

    /// The same at another path.
    pub fn at(mut self, path: &str) -> Call {
        path.clone_into(&mut self.path);
        self
    }

    /// In place of what was said before.
    pub fn replace(mut self, name: &'static str, value: &str) -> Call {
        self.headers.retain(|(known, _)| *known != name);
        self.header(name, value)
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Call {
        self.body = body.into();
        self
    }

    pub fn basic(self, client_id: &str, secret: &str) -> Call {
        let credentials = STANDARD.encode(format!("{client_id}:{secret}"));
        self.header("authorization", format!("Basic {credentials}"))
    }

    pub fn bearer(self, token: &str) -> Call {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// As a browser sends a form of a page that this server showed.
    pub fn sent_from_own_page(self) -> Call {
        self.header("sec-fetch-site", "same-origin")
    }

    pub async fn send(self, router: &Router, issuer: &str, cookies: &str) -> Answer {
        let issuer = Url::parse(issuer).unwrap();
        let path = match self.path.strip_prefix("host:") {
            Some(whole) => whole.to_owned(),
            None => format!("{}{}", issuer.path(), self.path),
        };
        let mut request = Request::builder().method(self.method).uri(path);
        if !self.headers.iter().any(|(name, _)| *name == "host") {
            let host = issuer.origin().ascii_serialization();
            request = request.header("host", host.split_once("://").unwrap().1);
        }
        if !cookies.is_empty() {
            request = request.header("cookie", cookies);
        }
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let response = router.clone().oneshot(request.body(Body::from(self.body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json(&self) -> Json {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}: no JSON: {}", self.status, self.body))
    }

    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header("location")
    }

    pub fn is_redirect(&self) -> bool {
        self.status.is_redirection() || self.headers.contains_key(header::LOCATION)
    }

    /// Where a redirect leads, without its query.
    pub fn destination(&self) -> String {
        self.location().split('?').next().unwrap().to_owned()
    }

    pub fn parameters(&self) -> BTreeMap<String, String> {
        let query = self.location().split_once('?').map(|(_, query)| query).unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).into_owned().collect()
    }

    pub fn parameter(&self, name: &str) -> String {
        self.parameters().get(name).cloned().unwrap_or_else(|| panic!("no {name} in {}", self.location()))
    }

    /// The `error` of an OAuth answer that is written as RFC 6749 §5.2 wants it.
    pub fn oauth_error(&self) -> String {
        assert_eq!(self.header("content-type"), "application/json", "{}", self.body);
        let body: ErrorBody = serde_json::from_str(&self.body).unwrap();
        body.error.name().to_owned()
    }

    /// The hidden field of the form on this page.
    pub fn field(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\" value=\"");
        let Some((_, rest)) = self.body.split_once(&marker) else {
            panic!("{}: no field {name}: {}", self.status, self.body)
        };
        rest.split('"').next().unwrap().to_owned()
    }

    /// The heading, which tells pages apart for people.
    pub fn heading(&self) -> &str {
        let heading = self.body.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>"));
        heading.unwrap_or_else(|| panic!("{}: no page: {}", self.status, self.body)).0
    }

    /// The body without what is new on each page: sealed request, CSRF token, request id.
    pub fn stable_body(&self) -> String {
        let mut body = self.body.clone();
        for name in ["request", "_csrf"] {
            if body.contains(&format!("name=\"{name}\"")) {
                body = body.replace(&self.field(name), "…");
            }
        }
        body.replace(self.header("x-request-id"), "…")
    }
}
