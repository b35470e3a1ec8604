//! Reading parameters: of the query, and of form bodies up to a limit.

use auth_core::authorization::Parameters;
use auth_core::server::Limits;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormError {
    MediaType,
    TooLarge,
    /// The body broke off.
    Incomplete,
    /// A parameter that comes twice, is over-long or holds characters that no parameter has.
    Parameter(String),
}

pub fn query(query: Option<&str>) -> Result<Parameters, FormError> {
    read(query.unwrap_or_default().as_bytes())
}

/// The parameters of a form body.
pub async fn body(request: Request, limits: &Limits) -> Result<Parameters, FormError> {
    if !is_form(request.headers()) {
        return Err(FormError::MediaType);
    }
    read(&collect(request.into_body(), limits).await?)
}

async fn collect(body: Body, limits: &Limits) -> Result<bytes::Bytes, FormError> {
    match Limited::new(body, limits.form_bytes as usize).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(FormError::TooLarge),
        Err(_) => Err(FormError::Incomplete),
    }
}

pub fn is_form(headers: &HeaderMap) -> bool {
    let text = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn read(bytes: &[u8]) -> Result<Parameters, FormError> {
    // Ill-formed UTF-8 becomes U+FFFD here, which `Parameters` refuses.
    Parameters::read(url::form_urlencoded::parse(bytes).into_owned()).map_err(FormError::Parameter)
}

/// The password field alone may be longer than a parameter and hold what others may not: it is read apart.
pub async fn body_with_password(request: Request, limits: &Limits) -> Result<(Parameters, String), FormError> {
    if !is_form(request.headers()) {
        return Err(FormError::MediaType);
    }
    let bytes = collect(request.into_body(), limits).await?;
    let mut passwords = Vec::new();
    let others: Vec<(String, String)> = url::form_urlencoded::parse(&bytes)
        .into_owned()
        .filter_map(|(name, value)| {
            if name == "password" {
                passwords.push(value);
                None
            } else {
                Some((name, value))
            }
        })
        .collect();
    if passwords.len() > 1 {
        return Err(FormError::Parameter("password".to_owned()));
    }
    let parameters = Parameters::read(others).map_err(FormError::Parameter)?;
    Ok((parameters, passwords.pop().unwrap_or_default()))
}
