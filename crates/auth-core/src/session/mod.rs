//! Sessions: one browser signed in at one authorization server.

mod authentication;
mod times;

pub use authentication::{ACR_PASSWORD, ACR_VALUES, SignInMethod, acr};
pub use times::{SessionState, SessionTimes};

use auth_protocol::id::{SessionId, UserId};

use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    /// When the password was last proven (`auth_time`).
    pub authenticated_at: Timestamp,
    /// What it was opened with (`amr`).
    pub methods: Vec<SignInMethod>,
    pub times: SessionTimes,
}
