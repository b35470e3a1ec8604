use auth_protocol::problem::{CONTENT_TYPE, Problem};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, StatusCode, header};

const REQUEST_ID: &str = "x-request-id";
const LONGEST_REQUEST_ID: usize = 128;

/// Problem details as an answer. [`crate::GuardLayer`] and [`with_request_id`] add the request's id on the way out, so
/// that handlers need not carry it.
#[derive(Debug, Clone)]
pub struct ProblemAnswer {
    pub problem: Problem,
    pub headers: HeaderMap,
}

impl From<Problem> for ProblemAnswer {
    fn from(problem: Problem) -> Self {
        Self { problem, headers: HeaderMap::new() }
    }
}

impl IntoResponse for ProblemAnswer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (status, self.headers, body).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(self.problem);
        response
    }
}

/// The answer, with the request's id when it is a [`ProblemAnswer`] that has none yet.
pub fn with_request_id(answer: impl IntoResponse, id: Option<&str>) -> Response {
    let response = answer.into_response();
    match (id, response.extensions().get::<Problem>()) {
        (Some(id), Some(problem)) if problem.request_id.is_none() => {
            let mut problem = problem.clone();
            problem.request_id = Some(id.to_owned());
            let mut headers = response.headers().clone();
            headers.remove(CONTENT_LENGTH);
            ProblemAnswer { problem, headers }.into_response()
        }
        _ => response,
    }
}

/// The id that `X-Request-Id` names, if it is one that is safe to repeat in an answer and a log.
pub fn request_id(request: &HeaderMap) -> Option<&str> {
    let id = request.get(REQUEST_ID)?.to_str().ok()?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    (!id.is_empty() && id.len() <= LONGEST_REQUEST_ID && id.bytes().all(is_plain)).then_some(id)
}
