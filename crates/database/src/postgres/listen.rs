//! A session of its own that hears what others announce. It only makes things quicker: whoever listens polls as well, for a
//! connection may break without a word, and poolers in front of a server often pass nothing on.

use std::sync::Arc;
use std::time::Duration;

use futures::future::poll_fn;
use tokio::sync::Notify;
use tokio_postgres::AsyncMessage;

use super::connector::{Connector, Dialled, Messages};
use crate::OpenError;

/// Before the next attempt.
const PAUSE: Duration = Duration::from_secs(1);

/// Listens until it is dropped. Each new session counts as an announcement: something may have been missed.
pub(super) async fn listen(connector: Arc<Connector>, channel: String, heard: Arc<Notify>) {
    loop {
        if let Err(error) = hear(&connector, &channel, &heard).await {
            tracing::info!(%error, channel, "no announcements from PostgreSQL for now");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn hear(connector: &Connector, channel: &str, heard: &Notify) -> Result<(), OpenError> {
    let Dialled { client, messages, .. } = connector.dial().await?;
    let listening = async {
        let listening = client.batch_execute(&format!("LISTEN \"{channel}\"")).await;
        listening.map_err(|error| OpenError::NoServer(error.to_string()))?;
        heard.notify_one();
        std::future::pending().await
    };
    tokio::select! {
        refused = listening => refused,
        () = carry(messages, heard) => Ok(()),
    }
}

/// Until the session ends.
async fn carry(mut messages: Messages, heard: &Notify) {
    while let Some(Ok(message)) = poll_fn(|context| messages.poll_message(context)).await {
        if matches!(message, AsyncMessage::Notification(_)) {
            heard.notify_one();
        }
    }
}
