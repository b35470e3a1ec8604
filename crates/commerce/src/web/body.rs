use axum::body;
use axum::extract::{FromRequest, Request};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use crate::web::failure::{Failure, field_error};

/// Bytes.
const LARGEST_BODY: usize = 64 * 1024;

/// A JSON body. `T` denies unknown fields, and leaves it to the service's rules what its values may be.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Failure::UnsupportedMediaType);
        }
        let body = body::to_bytes(request.into_body(), LARGEST_BODY).await.map_err(|error| {
            match error.into_inner().downcast_ref::<LengthLimitError>() {
                Some(_) => Failure::TooLarge,
                None => Failure::Malformed("The body ended early.".to_owned()),
            }
        })?;
        read(&body).map(Self)
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let kind = value.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        if error.is_data() {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            Failure::Fields(vec![field_error(&path, "invalid", message)])
        } else {
            Failure::Malformed(format!("The body is not JSON: {error}."))
        }
    })?;
    json.end().map_err(|error| Failure::Malformed(format!("The body is not JSON: {error}.")))?;
    Ok(value)
}
