//! Issuers, asked by their public addresses, as browsers and services ask: a proxy, a name or a certificate in between may
//! be wrong though every node is well. What they answer must be of this database.

use std::collections::BTreeSet;

use auth_core::server::Server;
use auth_core::time::Timestamp;
use auth_store::{Database, signing_key};
use http::{Response, StatusCode, header};
use serde_json::Value;

use super::clocks;
use super::fetch::Fetch;
use crate::commands::doctor::finding::Finding;

const CHECK: &str = "issuers";

pub async fn findings(auth: &Database, servers: &[Server], fetch: &Fetch, now: Timestamp) -> Vec<Finding> {
    let mut dates = Vec::new();
    for server in servers {
        match examined(auth, server, fetch).await {
            Ok(date) => dates.extend(date.map(|date| (server.issuer.clone(), date))),
            Err(wrong) => return vec![wrong],
        }
    }
    let found = format!("{} answer for themselves, with this database's keys", servers.len());
    let clock = clocks::of_nodes(&dates, now);
    let issuers = match servers.is_empty() {
        true => Finding::wrong(CHECK, "no authorization server is declared", "linden apply FILE --config FILE"),
        false => Finding::fine(CHECK, found),
    };
    vec![issuers, clock]
}

/// The time that the issuer told.
async fn examined(auth: &Database, server: &Server, fetch: &Fetch) -> Result<Option<Timestamp>, Finding> {
    let issuer = &server.issuer;
    let discovery = format!("{issuer}/.well-known/openid-configuration");
    let answer = asked(fetch, &discovery).await?;
    let date = date(&answer);
    let document: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    if document["issuer"] != issuer.as_str() {
        let advice = "look where the host name leads, and whether the proxy keeps the Host header";
        return Err(wrong(format!("{discovery} is of another issuer: {}", document["issuer"]), advice));
    }
    let key_set = asked(fetch, &format!("{issuer}/oauth/jwks")).await?;
    let published = key_ids(key_set.body());
    let kept = signing_key::keys(auth, server.id).await;
    let Ok(kept) = kept else { return Ok(date) };
    let known: BTreeSet<String> = kept.into_iter().map(|key| key.key.key_id).collect();
    if let Some(stranger) = published.difference(&known).next() {
        let advice = "a node on another database answers there: compare the nodes' [auth.database]";
        return Err(wrong(format!("{issuer} publishes the key {stranger}, which this database has not"), advice));
    }
    if published.is_empty() && !known.is_empty() {
        return Err(wrong(format!("{issuer} publishes none of its keys"), "look at the log of linden auth"));
    }
    Ok(date)
}

async fn asked(fetch: &Fetch, url: &str) -> Result<Response<bytes::Bytes>, Finding> {
    let advice = "open it in a browser: name, certificate, proxy and linden auth must be up; --certificate-authority names \
                  a private authority";
    match fetch.get(url).await {
        Ok(answer) if answer.status() == StatusCode::OK => Ok(answer),
        Ok(answer) => Err(wrong(format!("{url} answers {}", answer.status()), advice)),
        Err(why) => Err(wrong(format!("{url} cannot be reached: {why}"), advice)),
    }
}

fn wrong(found: String, advice: &str) -> Finding {
    Finding::wrong(CHECK, found, advice)
}

fn key_ids(key_set: &[u8]) -> BTreeSet<String> {
    let key_set: Value = serde_json::from_slice(key_set).unwrap_or_default();
    let keys = key_set["keys"].as_array().map(Vec::as_slice).unwrap_or_default();
    keys.iter().filter_map(|key| key["kid"].as_str().map(str::to_owned)).collect()
}

fn date(answer: &Response<bytes::Bytes>) -> Option<Timestamp> {
    let date = answer.headers().get(header::DATE)?.to_str().ok()?;
    let date = jiff::fmt::rfc2822::parse(date).ok()?;
    Some(Timestamp::from_seconds(date.timestamp().as_second()))
}
