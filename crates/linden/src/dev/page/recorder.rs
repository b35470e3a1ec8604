//! The last requests, each with what was decided.
//!
//! 1. Around each part: why it refused a request is noted under the request's id. Parts are called by HTTP, over which no
//!    reason goes, so it is noted on this side of it.
//! 2. Around the shop as a whole: once a request is answered, it is kept with the note that carries its id.
//!
//! Both lists are short, and what is pushed out is gone. Of an address its path is kept, never the query: codes, tokens
//! and names stand there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use auth_protocol::problem::Problem;
use auth_protocol::refused::Refused;
use auth_server::environment::{Clock, SystemClock};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use crate::commands::answer::moment;

const MOST_REQUESTS: usize = 20;
/// Of requests that are not answered yet.
const MOST_NOTES: usize = 256;
const LONGEST_PATH: usize = 200;
const REQUEST_ID: &str = "x-request-id";

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    pub at: String,
    pub method: String,
    pub path: String,
    pub status: u16,
    pub request_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Decision>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// The part that refused it: `gateway`, `auth`, or a service's name.
    pub part: &'static str,
    pub code: String,
    pub reason: String,
}

#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Lists>>);

#[derive(Default)]
struct Lists {
    requests: VecDeque<Recorded>,
    notes: VecDeque<(String, Decision)>,
}

impl Recorder {
    /// Step 1.
    pub fn of_part(&self, part: &'static str, router: Router) -> Router {
        let recorder = self.clone();
        router.layer(from_fn(move |request: Request, next: Next| {
            let recorder = recorder.clone();
            async move {
                let id = text(request.headers(), REQUEST_ID);
                let response = next.run(request).await;
                if let Some((id, decision)) = id.zip(decision(part, &response)) {
                    recorder.note(id, decision);
                }
                response
            }
        }))
    }

    /// Step 2.
    pub fn around(&self, shop: Router) -> Router {
        Router::new().fallback_service(shop).layer(from_fn_with_state(self.clone(), record))
    }

    /// The latest first.
    pub fn requests(&self) -> Vec<Recorded> {
        self.lists().requests.iter().rev().cloned().collect()
    }

    fn note(&self, id: String, decision: Decision) {
        let mut lists = self.lists();
        if lists.notes.len() == MOST_NOTES {
            lists.notes.pop_front();
        }
        lists.notes.push_back((id, decision));
    }

    fn keep(&self, mut recorded: Recorded) {
        let mut lists = self.lists();
        let at = lists.notes.iter().position(|(id, _)| *id == recorded.request_id);
        if let Some((_, decision)) = at.and_then(|at| lists.notes.remove(at)) {
            recorded.refused = Some(decision);
        }
        if lists.requests.len() == MOST_REQUESTS {
            lists.requests.pop_front();
        }
        lists.requests.push_back(recorded);
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn record(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let status = response.status();
    if is_of_interest(&path, status) {
        recorder.keep(Recorded {
            at: moment(SystemClock.now()),
            method,
            path: path.chars().take(LONGEST_PATH).collect(),
            status: status.as_u16(),
            request_id: text(response.headers(), REQUEST_ID).unwrap_or_default(),
            refused: decision("gateway", &response),
        });
    }
    response
}

/// Files of the storefront and of pages would push out everything else.
fn is_of_interest(path: &str, status: StatusCode) -> bool {
    let is_call = path.starts_with("/api/") || path.starts_with("/auth/") && !path.contains("/assets/");
    is_call || status.is_client_error() || status.is_server_error()
}

/// What an answer of this process says of itself, beside what is sent.
fn decision(part: &'static str, response: &Response) -> Option<Decision> {
    let extensions = response.extensions();
    if let Some(Refused { code, reason }) = extensions.get::<Refused>() {
        return Some(Decision { part, code: code.clone(), reason: reason.clone() });
    }
    if let Some(problem) = extensions.get::<Problem>() {
        let reason = problem.detail.as_deref().unwrap_or(&problem.title).to_owned();
        return Some(Decision { part, code: problem.code().to_owned(), reason });
    }
    None
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::response::IntoResponse;
    use tower::ServiceExt;

    use super::*;

    async fn ask(router: &Router, path: &str) {
        let request = Request::get(path).header(REQUEST_ID, "the-id").body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap();
    }

    fn answering(make: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Router {
        Router::new().fallback(move || {
            let mut response = make();
            response.headers_mut().insert(REQUEST_ID, http::HeaderValue::from_static("the-id"));
            async move { response }
        })
    }

    fn refused() -> Response {
        let mut response = StatusCode::BAD_REQUEST.into_response();
        response.extensions_mut().insert(Refused::new("invalid_grant", "the code was redeemed before"));
        response
    }

    #[tokio::test]
    async fn what_a_part_notes_is_kept_with_the_request_of_its_id() {
        let recorder = Recorder::default();
        ask(&recorder.of_part("auth", answering(refused)), "/oauth/token").await;
        // The reason does not come over HTTP: the shop's answer is bare.
        let shop = recorder.around(answering(|| StatusCode::BAD_REQUEST.into_response()));
        ask(&shop, "/auth/oauth/token?code=secret").await;
        let requests = recorder.requests();
        let reason = Decision {
            part: "auth",
            code: "invalid_grant".to_owned(),
            reason: "the code was redeemed before".to_owned(),
        };
        assert_eq!((requests.len(), &requests[0].refused), (1, &Some(reason)));
        assert_eq!(requests[0].path, "/auth/oauth/token", "the query is nobody's business");
        ask(&shop, "/auth/oauth/token").await;
        assert_eq!(recorder.requests()[0].refused, None, "a note is used once");
    }

    #[tokio::test]
    async fn both_lists_are_bounded_and_files_leave_no_trace() {
        let recorder = Recorder::default();
        let shop = recorder.around(answering(|| StatusCode::OK.into_response()));
        for path in ["/", "/assets/index.js", "/auth/assets/style.css"] {
            ask(&shop, path).await;
        }
        assert!(recorder.requests().is_empty());
        for number in 0..50 {
            ask(&shop, &format!("/api/cart/{number}")).await;
        }
        let paths: Vec<String> = recorder.requests().into_iter().map(|request| request.path).collect();
        assert_eq!((paths.len(), paths[0].as_str(), paths[19].as_str()), (20, "/api/cart/49", "/api/cart/30"));
        let part = recorder.of_part("auth", answering(refused));
        for _ in 0..1000 {
            ask(&part, "/").await;
        }
        assert_eq!(recorder.lists().notes.len(), MOST_NOTES);
    }
}
