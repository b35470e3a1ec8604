//! Answers that go to the client's redirect URI, as addresses. Each carries `state`, as it came, and `iss` (RFC 9207).

use auth_core::authorization::{AuthorizationRequest, Rejection};
use auth_core::client::RedirectUri;

use crate::directory::ServerEntry;

pub fn callback_with_code(server: &ServerEntry, request: &AuthorizationRequest, code: &str) -> String {
    callback(server, &request.redirect_uri, request.state.as_deref(), &[("code", code)])
}

pub fn callback_with_error(
    server: &ServerEntry,
    redirect_uri: &RedirectUri,
    state: Option<&str>,
    rejection: &Rejection,
) -> String {
    let error = [("error", rejection.error.name()), ("error_description", rejection.description.as_str())];
    callback(server, redirect_uri, state, &error)
}

fn callback(server: &ServerEntry, uri: &RedirectUri, state: Option<&str>, answer: &[(&str, &str)]) -> String {
    let mut parameters = answer.to_vec();
    parameters.extend(state.map(|state| ("state", state)));
    parameters.push(("iss", &server.server.issuer));
    uri.with_query(&parameters)
}
