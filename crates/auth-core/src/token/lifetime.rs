use crate::client::Client;
use crate::server::Server;
use crate::time::Span;

fn seconds(of_client: Option<u32>, of_server: u32) -> Span {
    Span::seconds(of_client.unwrap_or(of_server).into())
}

pub fn code_lifetime(server: &Server, client: &Client) -> Span {
    seconds(client.settings.code_seconds, server.settings.lifetimes.code_seconds)
}

pub fn access_token_lifetime(server: &Server, client: &Client) -> Span {
    seconds(client.settings.access_token_seconds, server.settings.lifetimes.access_token_seconds)
}

pub fn id_token_lifetime(server: &Server, client: &Client) -> Span {
    seconds(client.settings.id_token_seconds, server.settings.lifetimes.id_token_seconds)
}
