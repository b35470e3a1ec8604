//! What a valid request is answered, given the browser's session.
//!
//! 1. What nobody can answer here is refused: pages that there are not, ways of authentication that there are not.
//! 2. No session that is alive, or another user's than the request is for: sign in, or `login_required` when nobody may be
//!    asked.
//! 3. `prompt=login` and `max_age` are met when the password was proven not before the request was made, or, for
//!    `max_age`, not longer ago than it says. `max_age=0` is `prompt=login`.
//! 4. Otherwise a code.

use auth_protocol::oauth_error::ErrorCode;

use super::{AuthorizationRequest, Prompt, Rejection};
use crate::session::{Session, SessionState};
use crate::time::{Span, Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    IssueCode,
    /// Show the sign-in form; `again` when somebody is signed in already.
    SignIn {
        again: bool,
    },
    Refuse(Rejection),
}

/// `issued_at` is when the request first arrived here, which may be some minutes before `now`.
pub fn decide(
    request: &AuthorizationRequest,
    session: Option<&Session>,
    issued_at: Timestamp,
    now: Timestamp,
) -> Decision {
    if let Some(rejection) = impossible(request) {
        return Decision::Refuse(rejection);
    }
    let alive = session.filter(|session| session.times.state(now) == SessionState::Alive);
    let fresh_enough = alive.filter(|session| request.is_for(session.user_id)).is_some_and(|session| {
        // A request that came just now was not met before it came, even when a clock set back says so.
        let proven_since_request = issued_at < now && (issued_at..=now).contains(&session.authenticated_at);
        let proven_recently = match (request.prompt, request.max_age) {
            (Some(Prompt::Login), _) => false,
            (_, Some(seconds)) => seconds > 0 && now.since(session.authenticated_at) <= Span::seconds(seconds.into()),
            (_, None) => true,
        };
        proven_since_request || proven_recently
    });
    if fresh_enough {
        Decision::IssueCode
    } else if request.prompt == Some(Prompt::None) {
        Decision::Refuse(login_required())
    } else {
        Decision::SignIn { again: alive.is_some() }
    }
}

/// Step 1.
fn impossible(request: &AuthorizationRequest) -> Option<Rejection> {
    let (error, description) = match request.prompt {
        _ if request.unmet_authentication => {
            (ErrorCode::UnmetAuthenticationRequirements, "no sign-in here has an acr that is asked for")
        }
        Some(Prompt::Consent) => (ErrorCode::ConsentRequired, "consent pages are not offered"),
        Some(Prompt::SelectAccount) => (ErrorCode::AccountSelectionRequired, "account selection is not offered"),
        Some(Prompt::None | Prompt::Login) | None => return None,
    };
    Some(Rejection::new(error, description))
}

/// Also where somebody signed in whom the request is not for (OpenID Connect Core §3.1.2.2).
pub fn login_required() -> Rejection {
    let description = "the user is not signed in, not recently enough, or not the one that was asked for";
    Rejection::new(ErrorCode::LoginRequired, description)
}
