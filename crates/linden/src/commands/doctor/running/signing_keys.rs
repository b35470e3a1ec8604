//! How old each server's signing keys are, and when the next ones come.

use auth_core::server::Server;
use auth_core::signing_key::{Due, Key, RotationPolicy, Standing, due, standings};
use auth_core::time::{Span, Timestamp};
use auth_store::{Database, Error, signing_key};

use crate::commands::doctor::finding::Finding;

const CHECK: &str = "signing keys";
/// Nodes rotate within minutes of the time; what is late for a day comes from nobody.
const LATE: Span = Span::minutes(24 * 60);

pub async fn finding(auth: &Database, servers: &[Server], now: Timestamp) -> Finding {
    match examined(auth, servers, now).await {
        Ok(finding) => finding,
        Err(error) => Finding::wrong(CHECK, format!("cannot be read: {error}"), "look at what is said of the database"),
    }
}

async fn examined(auth: &Database, servers: &[Server], now: Timestamp) -> Result<Finding, Error> {
    let mut told = Vec::new();
    for server in servers {
        let keys = signing_key::list(auth, server.id).await?;
        let policy = RotationPolicy::of(&server.settings);
        if let Some(algorithm) = overdue(&keys, &policy, now) {
            let found = format!("of {} {algorithm} should have been followed by another one by now", server.name);
            let advice = "linden auth does it by itself: look at its log; linden keys rotate does it now";
            return Ok(Finding::wrong(CHECK, found, advice));
        }
        told.extend(of_server(&server.name, &keys, &policy, now));
    }
    Ok(Finding::fine(CHECK, if told.is_empty() { "none is made yet".to_owned() } else { told.join("; ") }))
}

/// What was due a day ago, and still is.
fn overdue(keys: &[Key], policy: &RotationPolicy, now: Timestamp) -> Option<&'static str> {
    due(keys, policy, now - LATE).into_iter().find_map(|late| match late {
        Due::Make { algorithm, .. } => Some(algorithm.name()),
        Due::Erase { .. } => None,
    })
}

/// `customers: ES256 signs for 12 days, the next in 78 days`
fn of_server(name: &str, keys: &[Key], policy: &RotationPolicy, now: Timestamp) -> Option<String> {
    let signing = keys.iter().zip(standings(keys, policy, now)).filter(|(_, standing)| *standing == Standing::Signing);
    let told: Vec<String> = signing.map(|(key, _)| of_key(key, policy, now)).collect();
    (!told.is_empty()).then(|| format!("{name}: {}", told.join(", ")))
}

fn of_key(key: &Key, policy: &RotationPolicy, now: Timestamp) -> String {
    let days = |span: Span| span.0 / Span::minutes(24 * 60).0;
    let age = days(now.since(key.activates_at));
    let next = match policy.rotate_after {
        Some(after) => format!("the next in {} days", days((key.activates_at + after).since(now))),
        None => "until linden keys rotate".to_owned(),
    };
    format!("{} signs for {age} days, {next}", key.algorithm.name())
}
