//! Redirect URIs as the world sees them: with hosts that exist, and the page for silent sign-in served.

use std::collections::BTreeSet;
use std::time::Duration;

use auth_store::apply::Known;
use http::StatusCode;
use url::{Host, Url};

use super::fetch::Fetch;
use crate::commands::doctor::addresses;
use crate::commands::doctor::finding::{Finding, Verdict};

const CHECK: &str = "redirect URIs";
const PATIENCE: Duration = Duration::from_secs(5);
const SILENT: &str = "/silent-callback.html";

pub async fn finding(known: &Known, fetch: &Fetch) -> Finding {
    let registered = addresses::redirect_uris(known);
    if registered.verdict == Verdict::Wrong {
        return registered;
    }
    let uris: Vec<(&str, Url)> = known.clients.values().flatten().flat_map(web_uris).collect();
    for (host, port) in hosts(&uris) {
        if !resolves(&host, port).await {
            let client = uris.iter().find(|(_, uri)| uri.host_str() == Some(&host)).map_or("", |(client, _)| client);
            let advice = "register the name in the DNS, or take the URI out and linden apply FILE";
            return Finding::wrong(CHECK, format!("{client} leads to {host}, which has no address"), advice);
        }
    }
    for uri in uris.iter().map(|(_, uri)| uri).filter(|uri| uri.path() == SILENT) {
        if let Err(why) = is_served(fetch, uri).await {
            let advice =
                "serve the page there (docs/sdk tells which), else a browser asks people to sign in again and again";
            return Finding::wrong(CHECK, format!("{uri} {why}"), advice);
        }
    }
    Finding::fine(CHECK, format!("{} of web clients, with hosts that are there", uris.len()))
}

/// Those of browsers; native clients' schemes are their devices' own.
fn web_uris(client: &auth_store::apply::KnownClient) -> Vec<(&str, Url)> {
    let uris = client.settings.redirect_uris.iter().filter_map(|uri| Url::parse(uri.as_str()).ok());
    uris.filter(|uri| matches!(uri.scheme(), "http" | "https")).map(|uri| (client.client_id.as_str(), uri)).collect()
}

fn hosts(uris: &[(&str, Url)]) -> BTreeSet<(String, u16)> {
    let named = uris.iter().filter_map(|(_, uri)| match uri.host()? {
        Host::Domain(name) => Some((name.to_owned(), uri.port_or_known_default()?)),
        _ => None,
    });
    named.collect()
}

async fn resolves(host: &str, port: u16) -> bool {
    let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((host, port))).await;
    found.is_ok_and(|found| found.is_ok_and(|mut addresses| addresses.next().is_some()))
}

async fn is_served(fetch: &Fetch, uri: &Url) -> Result<(), String> {
    let answer = fetch.get(uri.as_str()).await.map_err(|why| format!("cannot be reached: {why}"))?;
    match answer.status() {
        StatusCode::OK => Ok(()),
        status => Err(format!("answers {status}")),
    }
}
