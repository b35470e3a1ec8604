use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use crate::web::failure::Failure;

/// The query's parameters. Those that an endpoint does not know are passed over: a storefront's address may carry its own.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The value, or `None` when it is absent or blank. Doubled ones, control characters and what
    /// is not UTF-8 (read as U+FFFD) are mistakes.
    pub(crate) fn single(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let value = values.next();
        if values.next().is_some() {
            return Err(Failure::Malformed(format!("The parameter {name} is there more than once.")));
        }
        match value.map(str::trim) {
            Some(value) if value.chars().any(char::is_control) => {
                Err(Failure::Malformed(format!("The parameter {name} holds control characters.")))
            }
            Some(value) if value.contains(char::REPLACEMENT_CHARACTER) => {
                Err(Failure::Malformed(format!("The parameter {name} is not UTF-8.")))
            }
            Some("") | None => Ok(None),
            present => Ok(present),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}
