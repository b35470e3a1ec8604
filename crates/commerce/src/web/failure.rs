use auth_protocol::problem::{FieldError, Problem};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::RETRY_AFTER;
use resource_guard::{ProblemAnswer, Refusal};

/// Why an endpoint does not answer what was asked. The one place where that becomes a status.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("not found")]
    NotFound,
    #[error("the request cannot be read: {0}")]
    Malformed(String),
    #[error("fields of the body are wrong")]
    Fields(Vec<FieldError>),
    #[error("the query cannot be answered: {0}")]
    QueryNotSupported(String),
    #[error("the parameter {name} is wrong: {detail}")]
    WrongParameter { name: &'static str, detail: String },
    #[error("the cursor belongs to no such listing")]
    CursorInvalid,
    #[error("the name is taken")]
    NameTaken,
    #[error("the record was changed meanwhile")]
    VersionConflict,
    #[error("there may be no more than {limit} {what}")]
    LimitReached { what: &'static str, limit: i64 },
    #[error("the body is not JSON by its content type")]
    UnsupportedMediaType,
    #[error("the body is too large")]
    TooLarge,
    #[error(transparent)]
    Storage(#[from] database::Error),
}

impl From<Failure> for ProblemAnswer {
    fn from(failure: Failure) -> Self {
        let problem = match failure {
            Failure::Refused(refusal) => return refusal.into(),
            Failure::NotFound => Problem::new(404, "not_found", "There is no such thing here"),
            Failure::Malformed(detail) => Problem::new(400, "malformed", "The request cannot be read").detail(detail),
            Failure::Fields(errors) => {
                let mut problem = Problem::new(400, "invalid_fields", "Some of what was sent is not valid");
                problem.errors = errors;
                problem
            }
            Failure::QueryNotSupported(detail) => {
                let title = "The query asks for something that is not supported";
                let mut problem = Problem::new(400, "query_not_supported", title).detail(detail.clone());
                problem.errors = vec![field_error("cq", "query_not_supported", detail)];
                problem
            }
            Failure::WrongParameter { name, detail } => {
                let title = "A parameter is not as it should be";
                let mut problem = Problem::new(400, "invalid_parameter", title).detail(detail.clone());
                problem.errors = vec![field_error(name, "invalid_parameter", detail)];
                problem
            }
            Failure::CursorInvalid => {
                let detail = "A cursor continues the listing that gave it, unchanged. Begin again without one.";
                Problem::new(400, "cursor_invalid", "The cursor does not belong to this listing").detail(detail)
            }
            Failure::VersionConflict => Problem::new(412, "version_conflict", "This was changed meanwhile")
                .detail("Read it again, and send your change with its new ETag."),
            Failure::NameTaken => Problem::new(409, "name_taken", "There is a list of that name already"),
            Failure::LimitReached { what, limit } => Problem::new(409, "limit_reached", "There is no room for more")
                .detail(format!("There may be no more than {limit} {what}.")),
            Failure::UnsupportedMediaType => Problem::new(415, "unsupported_media_type", "The body must be JSON")
                .detail("Send it with `Content-Type: application/json`."),
            Failure::TooLarge => Problem::new(413, "body_too_large", "The body is too large"),
            Failure::Storage(error) if error.is_unavailable() => {
                tracing::warn!(%error, "the storage is not available");
                Problem::new(503, "unavailable", "The service is not available at the moment")
                    .detail("Nothing is lost; try again in a few seconds.")
            }
            Failure::Storage(error) => {
                tracing::error!(?error, "a storage operation failed");
                Problem::new(500, "internal", "Something went wrong on our side")
            }
        };
        let mut answer = ProblemAnswer::from(problem);
        if answer.problem.status == 503 {
            answer.headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
        }
        answer
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        ProblemAnswer::from(self).into_response()
    }
}

/// One wrong field of a body.
pub(crate) fn field_error(field: &str, code: &str, message: impl Into<String>) -> FieldError {
    FieldError { field: field.to_owned(), code: code.to_owned(), message: message.into() }
}
