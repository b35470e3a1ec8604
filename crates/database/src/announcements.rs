use std::sync::Arc;

use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What others announce about a topic ([`crate::Transaction::announce`]). None may come for as long as one likes, on SQLite
/// none ever does: they spare waiting for the next poll, and do not replace it.
pub struct Announcements {
    pub(crate) heard: Arc<Notify>,
    pub(crate) listening: Option<JoinHandle<()>>,
}

impl Announcements {
    /// Something was announced since the last call. Several announcements may be one.
    pub async fn next(&mut self) {
        self.heard.notified().await;
    }
}

impl Drop for Announcements {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}
