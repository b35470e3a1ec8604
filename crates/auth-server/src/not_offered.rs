//! Pages and endpoints whose half of the server does not exist yet: said in so many words, as a page or a problem.
//! Discovery does not name them.

use auth_protocol::problem::Problem;
use axum::Extension;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::Response;

use crate::pages::{ErrorKind, HostedPage, NotOfferedPage};
use crate::web::answer;
use crate::web::request::Call;

/// `404`, a page that says so.
pub async fn hosted_page(Extension(call): Extension<Call>, uri: Uri) -> Response {
    let what = match uri.path() {
        "/register" => HostedPage::Register,
        "/password/forgot" => HostedPage::PasswordForgot,
        "/password/reset" => HostedPage::PasswordReset,
        "/password/change" => HostedPage::PasswordChange,
        "/email/verify" => HostedPage::EmailVerify,
        "/account/sessions" => HostedPage::AccountSessions,
        "/account/email" => HostedPage::AccountEmail,
        "/account/consents" => HostedPage::AccountConsents,
        "/remember-me-continuation" => HostedPage::RememberMeContinuation,
        _ => return answer::error_page(&call, ErrorKind::NotFound),
    };
    let html = NotOfferedPage {
        locale: call.locale,
        shop_name: Some(&call.server.server.friendly_name),
        what,
        request_id: &call.origin.request_id,
        back_url: Some(&call.server.origin),
        assets: &call.assets(),
    }
    .render();
    answer::page(StatusCode::NOT_FOUND, call.locale, html, None)
}

/// `404 not_offered`.
pub async fn endpoint(Extension(call): Extension<Call>) -> Response {
    let problem = Problem::new(404, "not_offered", "Not offered")
        .detail("this server does not offer this endpoint yet; discovery names what there is");
    answer::problem(&call.origin, problem)
}

pub async fn unknown(Extension(call): Extension<Call>, headers: HeaderMap) -> Response {
    if answer::wants_page(&headers) {
        return answer::error_page(&call, ErrorKind::NotFound);
    }
    answer::problem(&call.origin, Problem::new(404, "not_found", "Nothing here"))
}

pub async fn method(Extension(call): Extension<Call>, method: Method, headers: HeaderMap) -> Response {
    if answer::wants_page(&headers) {
        return answer::error_page(&call, ErrorKind::MethodNotAllowed);
    }
    let problem = Problem::new(405, "method_not_allowed", "This method is not for this address")
        .detail(format!("{method} is not answered here; the Allow header says what is"));
    answer::problem(&call.origin, problem)
}
