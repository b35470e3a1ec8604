//! Answers that go to the client's redirect URI: as its query, or posted by a page of ours. Each carries `state`, as it
//! came, and `iss` (RFC 9207).

use auth_core::authorization::{AuthorizationRequest, Rejection, ResponseMode, ReturnAddress};
use auth_core::client::RedirectUri;
use auth_protocol::refused::Refused;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::directory::ServerEntry;
use crate::pages::FormPostPage;
use crate::web::answer;
use crate::web::request::Call;

/// An answer on its way, which travels sealed from the sign-in form to the authorization endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ClientAnswer {
    redirect_uri: RedirectUri,
    response_mode: ResponseMode,
    parameters: Vec<(String, String)>,
}

impl ClientAnswer {
    pub fn code(server: &ServerEntry, request: &AuthorizationRequest, code: &str) -> Self {
        Self::new(server, request.return_address(), &[("code", code)])
    }

    pub fn error(server: &ServerEntry, return_to: ReturnAddress, rejection: &Rejection) -> Self {
        let error = [("error", rejection.error.name()), ("error_description", rejection.description.as_str())];
        Self::new(server, return_to, &error)
    }

    /// Back to a page of the client, with nothing to tell it.
    pub fn nothing(redirect_uri: RedirectUri) -> Self {
        Self { redirect_uri, response_mode: ResponseMode::Query, parameters: Vec::new() }
    }

    fn new(server: &ServerEntry, return_to: ReturnAddress, answer: &[(&str, &str)]) -> Self {
        let named = answer.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let state = return_to.state.map(|state| ("state".to_owned(), state));
        let issuer = ("iss".to_owned(), server.server.issuer.clone());
        Self {
            redirect_uri: return_to.redirect_uri,
            response_mode: return_to.response_mode,
            parameters: named.chain(state).chain([issuer]).collect(),
        }
    }

    pub fn response(&self, call: &Call) -> Response {
        let parameter = |name: &str| self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value);
        match parameter("error") {
            None => self.sent(call),
            Some(code) => {
                let refused = Refused::new(code, parameter("error_description").unwrap_or(code));
                answer::because(self.sent(call), refused)
            }
        }
    }

    fn sent(&self, call: &Call) -> Response {
        let parameters: Vec<(&str, &str)> =
            self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if self.response_mode == ResponseMode::Query {
            return answer::see_other(&self.redirect_uri.with_query(&parameters));
        }
        let html = FormPostPage {
            locale: call.locale,
            shop_name: &call.server.server.friendly_name,
            action: &self.redirect_uri.with_query(&[]),
            fields: &parameters,
            assets: &call.assets(),
        }
        .render();
        answer::page_with_script(StatusCode::OK, call.locale, html, &self.redirect_uri.form_action())
    }
}
