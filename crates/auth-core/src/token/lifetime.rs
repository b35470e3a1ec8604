//! How long codes and tokens live: by the client's setting, else the server's, and never beyond the session's hard end.

use crate::client::Client;
use crate::server::Server;
use crate::session::SessionTimes;
use crate::time::{Span, Timestamp};

fn seconds(of_client: Option<u32>, of_server: u32) -> Span {
    Span::seconds(of_client.unwrap_or(of_server).into())
}

fn within(session: &SessionTimes, now: Timestamp, lifetime: Span) -> Span {
    lifetime.min(session.hard_end_at.since(now))
}

pub fn code_lifetime(server: &Server, client: &Client, session: &SessionTimes, now: Timestamp) -> Span {
    within(session, now, seconds(client.settings.code_seconds, server.settings.lifetimes.code_seconds))
}

/// Of a token that a client gets for itself, without any session.
pub fn client_token_lifetime(server: &Server, client: &Client) -> Span {
    seconds(client.settings.access_token_seconds, server.settings.lifetimes.access_token_seconds)
}

pub fn access_token_lifetime(server: &Server, client: &Client, session: &SessionTimes, now: Timestamp) -> Span {
    within(session, now, client_token_lifetime(server, client))
}

pub fn id_token_lifetime(server: &Server, client: &Client, session: &SessionTimes, now: Timestamp) -> Span {
    within(session, now, seconds(client.settings.id_token_seconds, server.settings.lifetimes.id_token_seconds))
}
