//! Sessions: one browser signed in at one authorization server.

mod times;

pub use times::{SessionState, SessionTimes};

use auth_protocol::id::{SessionId, UserId};

use crate::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    /// When the password was last proven (`auth_time`).
    pub authenticated_at: Timestamp,
    pub times: SessionTimes,
}
