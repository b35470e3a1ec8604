//! Sign-out (OpenID Connect RP-Initiated Logout 1.0): whose session ends, and whether the user is asked.
//!
//! 1. A hint with a right signature names its session (`sid`); an expired hint will do.
//! 2. A cookie, when present, must be of that session; a hint of another one proves nothing about this browser.
//! 3. With a valid hint the session ends without a question; without one the user is asked, so that a link somewhere
//!    cannot sign anybody out.

use auth_protocol::id::SessionId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutDecision {
    End(SessionId),
    Ask,
    /// Neither a hint nor a session: there is nothing to end.
    AlreadyOut,
}

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
}
