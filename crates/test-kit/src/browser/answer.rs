use http::response::Parts;
use http::{HeaderMap, StatusCode, header};
use url::Url;

use crate::secrets;

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub location: Option<String>,
    pub body: String,
}

impl Answer {
    pub(super) fn new(parts: Parts, body: &[u8]) -> Self {
        let location = parts.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = String::from_utf8_lossy(body).into_owned();
        secrets::note_headers(&parts.headers);
        secrets::note_address(location.as_deref().unwrap_or_default());
        secrets::note_body(&body);
        Self { status: parts.status, headers: parts.headers, location, body }
    }

    /// Empty when the answer names none.
    pub fn request_id(&self) -> &str {
        self.headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default()
    }

    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The `error` of an OAuth answer.
    pub fn error(&self) -> Option<String> {
        let body: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        body["error"].as_str().map(str::to_owned)
    }

    /// The value of a hidden field of the page's form.
    pub fn find_field(&self, name: &str) -> Option<String> {
        let at = self.body.find(&format!("name=\"{name}\""))?;
        let value = self.body[at..].split("value=\"").nth(1)?;
        value.split('"').next().map(str::to_owned)
    }

    /// A parameter of the address that it leads to.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.location.as_deref()?).ok()?;
        url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    }
}
