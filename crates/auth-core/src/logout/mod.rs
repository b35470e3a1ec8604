//! Sign-out (OpenID Connect RP-Initiated Logout 1.0): who asks for it, whose session ends, and whether the user is asked.
//!
//! 1. `client_id` and the audience of a valid hint name the client; when both do, they must name the same one (§2).
//! 2. A hint with a right signature names its session (`sid`); an expired hint will do.
//! 3. A cookie, when present, must be of that session; a hint of another one proves nothing about this browser.
//! 4. With a valid hint the session ends without a question; without one the user is asked, so that a link somewhere
//!    cannot sign anybody out.

use auth_protocol::id::SessionId;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("client_id is not the client of id_token_hint")]
pub struct OtherClient;

/// Step 1.
pub fn asking_client<'a>(
    named: Option<&'a str>,
    audience_of_hint: Option<&'a str>,
) -> Result<Option<&'a str>, OtherClient> {
    match (named, audience_of_hint) {
        (Some(named), Some(audience)) if named != audience => Err(OtherClient),
        (named, audience) => Ok(named.or(audience)),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutDecision {
    End(SessionId),
    Ask,
    /// Neither a hint nor a session: there is nothing to end.
    AlreadyOut,
}

/// Steps 2 to 4.
pub fn decide(hinted: Option<SessionId>, in_cookie: Option<SessionId>) -> LogoutDecision {
    match (hinted, in_cookie) {
        (Some(hinted), None) => LogoutDecision::End(hinted),
        (Some(hinted), Some(present)) if hinted == present => LogoutDecision::End(hinted),
        (_, Some(_)) => LogoutDecision::Ask,
        (None, None) => LogoutDecision::AlreadyOut,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hint_of_this_browsers_session_spares_the_question() {
        let (mine, other) = (SessionId::from_bytes([1; 16]), SessionId::from_bytes([2; 16]));
        assert_eq!(decide(Some(mine), Some(mine)), LogoutDecision::End(mine));
        assert_eq!(decide(Some(mine), None), LogoutDecision::End(mine));
        assert_eq!(decide(Some(other), Some(mine)), LogoutDecision::Ask);
        assert_eq!(decide(None, Some(mine)), LogoutDecision::Ask);
        assert_eq!(decide(None, None), LogoutDecision::AlreadyOut);
    }

    #[test]
    fn the_client_is_who_the_request_or_its_hint_says_and_never_two() {
        assert_eq!(asking_client(Some("shop"), Some("shop")), Ok(Some("shop")));
        assert_eq!(asking_client(Some("shop"), None), Ok(Some("shop")));
        assert_eq!(asking_client(None, Some("shop")), Ok(Some("shop")));
        assert_eq!(asking_client(None, None), Ok(None));
        assert_eq!(asking_client(Some("shop"), Some("trade")), Err(OtherClient));
    }
}
