//! `prompt` (OpenID Connect Core §3.1.2.1): which pages the user must see, or that none may be shown.

use auth_protocol::oauth_error::ErrorCode;
use serde::{Deserialize, Serialize};

use super::Rejection;

/// What asks for the most counts: of `login consent` the consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Prompt {
    None,
    Login,
    SelectAccount,
    Consent,
}

impl Prompt {
    /// `none` stands alone. `create` is answered as a server does that has no such page (Initiating User Registration
    /// 1.0 §4.1).
    pub(super) fn read(text: Option<&str>) -> Result<Option<Self>, Rejection> {
        let mut most = None;
        let mut values = 0;
        for value in text.unwrap_or_default().split(' ').filter(|value| !value.is_empty()) {
            let prompt = match value {
                "none" => Prompt::None,
                "login" => Prompt::Login,
                "select_account" => Prompt::SelectAccount,
                "consent" => Prompt::Consent,
                "create" => return Err(invalid("prompt=create is not offered")),
                _ => return Err(invalid("prompt has a value that is not known")),
            };
            values += 1;
            if values > 1 && (prompt == Prompt::None || most == Some(Prompt::None)) {
                return Err(invalid("prompt=none cannot be combined with anything"));
            }
            most = most.max(Some(prompt));
        }
        Ok(most)
    }
}

fn invalid(description: &str) -> Rejection {
    Rejection::new(ErrorCode::InvalidRequest, description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_for_the_most_counts_and_none_stands_alone() {
        for (text, read) in [
            (None, Some(None)),
            (Some("none"), Some(Some(Prompt::None))),
            (Some("login"), Some(Some(Prompt::Login))),
            (Some("login login"), Some(Some(Prompt::Login))),
            (Some("consent login"), Some(Some(Prompt::Consent))),
            (Some("login select_account"), Some(Some(Prompt::SelectAccount))),
            (Some("none login"), None),
            (Some("login none"), None),
            (Some("none none"), None),
            (Some("create"), None),
            (Some("login create"), None),
            (Some("LOGIN"), None),
            (Some("login,consent"), None),
        ] {
            let answer = Prompt::read(text);
            assert_eq!(answer.clone().ok(), read, "{text:?}");
            assert!(answer.err().is_none_or(|rejection| rejection.error == ErrorCode::InvalidRequest));
        }
    }
}
