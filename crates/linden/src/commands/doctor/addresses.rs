//! Issuers and redirect URIs are exact addresses: one port or slash off, and nobody signs in.

use auth_core::client::{AuthenticationMethod, Client, ClientSettings, GrantType};
use auth_core::server::Server;
use auth_store::Database;
use auth_store::apply::Known;
use url::Url;

use super::databases::Databases;
use super::finding::Finding;
use super::holder::Holder;

const ISSUER: &str = "issuer";
const REDIRECT_URIS: &str = "redirect URIs";

pub async fn findings(holder: &Holder, databases: &Databases) -> Vec<Finding> {
    let Ok(auth) = &databases.auth.database else { return Vec::new() };
    match known(auth).await {
        Ok(known) => vec![issuers(holder.origin(), &known.servers), redirect_uris(&known)],
        // That the database cannot be read has been said.
        Err(_) => Vec::new(),
    }
}

async fn known(auth: &Database) -> Result<Known, auth_store::Error> {
    auth_store::apply::known(auth, &[]).await
}

/// The shop is served at one origin; an authorization server of it must be there.
fn issuers(origin: Option<&str>, servers: &[Server]) -> Finding {
    let issuers: Vec<&str> = servers.iter().map(|server| server.issuer.as_str()).collect();
    match origin {
        _ if issuers.is_empty() => Finding::wrong(
            ISSUER,
            "no authorization server is declared",
            "linden apply FILE; docs/configuration-file.md tells what it holds",
        ),
        None => Finding::fine(ISSUER, issuers.join(", ")),
        Some(origin) if issuers.iter().any(|issuer| origin_of(issuer).as_deref() == Some(origin)) => {
            Finding::fine(ISSUER, format!("{} at the shop's origin", issuers.join(", ")))
        }
        Some(origin) => Finding::wrong(
            ISSUER,
            format!("none is at {origin}, where the shop is served; they are {}", issuers.join(", ")),
            format!("start with --public-origin of an issuer, or linden apply FILE with issuer = \"{origin}/auth\""),
        ),
    }
}

/// Pages of ours sign in silently by a frame: each origin that they come from needs itself and `silent-callback.html`.
pub fn redirect_uris(known: &Known) -> Finding {
    let clients = known.clients.values().flatten().filter(|client| is_storefront(&client.settings));
    let mut count = 0;
    for client in clients {
        count += 1;
        if let Some(missing) = missing(&client.client_id, &client.settings) {
            return Finding::wrong(
                REDIRECT_URIS,
                format!("{} has no {missing}", client.client_id),
                format!("add \"{missing}\" to redirect_uris of the client {} and linden apply FILE", client.client_id),
            );
        }
    }
    match count {
        0 => Finding::fine(REDIRECT_URIS, "no client is a storefront's"),
        1 => Finding::fine(REDIRECT_URIS, "the storefront's client has its pages and silent-callback.html"),
        several => {
            Finding::fine(REDIRECT_URIS, format!("{several} storefront clients have pages and silent-callback.html"))
        }
    }
}

fn is_storefront(settings: &ClientSettings) -> bool {
    settings.application_id.is_some()
        && settings.authentication_methods.contains(&AuthenticationMethod::None)
        && settings.grant_types.contains(&GrantType::AuthorizationCode)
}

fn missing(client_id: &str, settings: &ClientSettings) -> Option<String> {
    let client =
        Client { client_id: client_id.to_owned(), enabled: true, settings: settings.clone(), secrets: Vec::new() };
    let mut origins: Vec<&str> = client.settings.redirect_uris.iter().map(|uri| uri.origin()).collect();
    origins.sort_unstable();
    origins.dedup();
    let wanted = origins.iter().flat_map(|origin| [format!("{origin}/"), format!("{origin}/silent-callback.html")]);
    wanted.into_iter().find(|wanted| client.redirect_target(wanted).is_none())
}

fn origin_of(address: &str) -> Option<String> {
    Url::parse(address).ok().map(|url| url.origin().ascii_serialization())
}
