use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;

use crate::web::failure::Failure;

/// The path's one id, or its two. What is no id is the id of nothing: 404.
pub(crate) struct PathId<Id>(pub(crate) Id);
pub(crate) struct PathIds<First, Second>(pub(crate) First, pub(crate) Second);

impl<Id: FromStr, S: Send + Sync> FromRequestParts<S> for PathId<Id> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Failure::NotFound)?;
        nth(&params, 0).map(Self)
    }
}

impl<First: FromStr, Second: FromStr, S: Send + Sync> FromRequestParts<S> for PathIds<First, Second> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(|_| Failure::NotFound)?;
        Ok(Self(nth(&params, 0)?, nth(&params, 1)?))
    }
}

fn nth<Id: FromStr>(params: &RawPathParams, index: usize) -> Result<Id, Failure> {
    params.iter().nth(index).and_then(|(_, text)| text.parse().ok()).ok_or(Failure::NotFound)
}
