use auth_protocol::problem::Problem;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue};

use crate::{ProblemAnswer, TokenError};

/// Why a request does not get what it asks for. Each has its problem details (RFC 9457) and challenge (RFC 6750 §3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("no access token")]
    TokenMissing,
    #[error("an Authorization header that cannot be read, or more than one")]
    AuthorizationMalformed,
    #[error("the access token is not believed: {0}")]
    InvalidToken(TokenError),
    #[error("the keys to verify the token cannot be had")]
    KeysUnavailable,
    #[error("X-Context-Request is not a JSON object of ids")]
    ContextMalformed,
    #[error("X-Context-Request names another {member} than the token")]
    ContextMismatch { member: &'static str },
    #[error("{operation}_{root} is missing")]
    PermissionMissing { operation: &'static str, root: &'static str },
    #[error("the record is not the caller's")]
    NotTheOwner,
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::KeysUnavailable => Refusal::KeysUnavailable,
            _ => Refusal::InvalidToken(error),
        }
    }
}

impl Refusal {
    fn problem(&self) -> Problem {
        match self {
            Refusal::TokenMissing => Problem::new(401, "token_missing", "An access token is needed"),
            Refusal::AuthorizationMalformed => {
                Problem::new(400, "authorization_malformed", "The Authorization header cannot be read")
                    .detail("Send exactly one header of the form `Authorization: Bearer TOKEN`.")
            }
            Refusal::InvalidToken(error) => Problem::new(401, "invalid_token", "The access token is not accepted")
                .detail(match error {
                    TokenError::Expired => "The access token has expired.",
                    _ => "The access token is not one that is accepted here.",
                }),
            Refusal::KeysUnavailable => {
                Problem::new(503, "unavailable", "The access token cannot be verified at the moment")
                    .detail("Try again in a few seconds.")
            }
            Refusal::ContextMalformed => {
                Problem::new(400, "context_malformed", "The header X-Context-Request cannot be read")
            }
            Refusal::ContextMismatch { member } => {
                Problem::new(400, "context_mismatch", "The request's context is not the token's")
                    .detail(format!("X-Context-Request names another {member} than the access token."))
            }
            Refusal::PermissionMissing { operation, root } => {
                Problem::new(403, "permission_missing", "The access token lacks a permission")
                    .detail(format!("{operation}_{root} is needed."))
            }
            Refusal::NotTheOwner => Problem::new(403, "not_the_owner", "This belongs to someone else"),
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        let challenge = |challenge| Some((WWW_AUTHENTICATE, HeaderValue::from_static(challenge)));
        match self {
            Refusal::TokenMissing => challenge("Bearer"),
            Refusal::AuthorizationMalformed => challenge(r#"Bearer error="invalid_request""#),
            Refusal::InvalidToken(_) => challenge(r#"Bearer error="invalid_token""#),
            Refusal::PermissionMissing { .. } => challenge(r#"Bearer error="insufficient_scope""#),
            Refusal::KeysUnavailable => Some((RETRY_AFTER, HeaderValue::from_static("2"))),
            Refusal::ContextMalformed | Refusal::ContextMismatch { .. } | Refusal::NotTheOwner => None,
        }
    }
}

impl From<Refusal> for ProblemAnswer {
    fn from(refusal: Refusal) -> Self {
        tracing::debug!(reason = %refusal, "refused");
        ProblemAnswer { problem: refusal.problem(), headers: refusal.header().into_iter().collect() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        ProblemAnswer::from(self).into_response()
    }
}
