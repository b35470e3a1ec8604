//! How an answer reaches the client (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, Form Post Response Mode).

use auth_protocol::oauth_error::ErrorCode;
use serde::{Deserialize, Serialize};

use super::{Parameters, Rejection};
use crate::client::RedirectUri;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    #[default]
    Query,
    /// A page of ours whose form posts the answer.
    FormPost,
}

impl ResponseMode {
    pub const EVERY: [ResponseMode; 2] = [ResponseMode::Query, ResponseMode::FormPost];

    pub const fn name(self) -> &'static str {
        match self {
            ResponseMode::Query => "query",
            ResponseMode::FormPost => "form_post",
        }
    }

    /// No browser posts a form to an application's private scheme.
    fn read(named: Option<&str>, redirect_uri: &RedirectUri) -> Option<Self> {
        let Some(named) = named else { return Some(ResponseMode::default()) };
        let mode = Self::EVERY.into_iter().find(|mode| mode.name() == named);
        mode.filter(|mode| *mode == ResponseMode::Query || !redirect_uri.is_private_use())
    }
}

/// Where the answer to a request goes, good or bad, once the redirect URI is certain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnAddress {
    pub redirect_uri: RedirectUri,
    pub response_mode: ResponseMode,
    /// As it came.
    pub state: Option<String>,
}

impl ReturnAddress {
    /// A mode that is not offered is itself answered by query; [`check_response_mode`] says so.
    pub fn of(redirect_uri: RedirectUri, parameters: &Parameters) -> Self {
        let mode = ResponseMode::read(parameters.get("response_mode"), &redirect_uri);
        let state = parameters.get("state").map(str::to_owned);
        Self { redirect_uri, response_mode: mode.unwrap_or_default(), state }
    }
}

pub(super) fn check_response_mode(parameters: &Parameters, redirect_uri: &RedirectUri) -> Result<(), Rejection> {
    match ResponseMode::read(parameters.get("response_mode"), redirect_uri) {
        Some(_) => Ok(()),
        None => {
            let description = "response_mode must be query, or form_post with a web address as redirect_uri";
            Err(Rejection::new(ErrorCode::InvalidRequest, description))
        }
    }
}
