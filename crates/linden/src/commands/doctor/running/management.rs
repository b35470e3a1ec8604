//! What a node tells of itself at its management address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::StatusCode;
use serde_json::Value;

use super::fetch::Fetch;
use crate::commands::doctor::finding::Finding;
use crate::serve::HEALTHY;

/// `command` starts the node.
pub async fn finding(check: &'static str, address: Option<SocketAddr>, command: &str, fetch: &Fetch) -> Finding {
    let Some(address) = address else {
        return Finding::fine(check, "none is configured, so that nobody is told how the node is");
    };
    let at = format!("http://{}", reachable(address));
    match fetch.get(&format!("{at}/healthz")).await {
        Ok(answer) if answer.status() == StatusCode::OK && answer.body() == HEALTHY => {}
        Ok(answer) => return somebody_else(check, &at, answer.status()),
        Err(why) => {
            let advice = format!("{command}; where it runs, its log says more");
            return Finding::wrong(check, format!("nobody answers at {at}: {why}"), advice);
        }
    }
    match fetch.get(&format!("{at}/readyz")).await {
        Ok(answer) if answer.status() == StatusCode::OK => Finding::fine(check, format!("{at} says it is ready")),
        Ok(answer) if answer.status() == StatusCode::SERVICE_UNAVAILABLE => {
            let advice = "its log names the cause, at the line with `not ready`";
            Finding::wrong(check, format!("{at} is not ready: {}", reasons(answer.body())), advice)
        }
        Ok(answer) => somebody_else(check, &at, answer.status()),
        Err(why) => Finding::wrong(check, format!("{at}/readyz does not answer: {why}"), "look at the node's log"),
    }
}

fn somebody_else(check: &'static str, at: &str, status: StatusCode) -> Finding {
    let found = format!("{at} answers {status} and something else than a node of ours");
    Finding::wrong(check, found, "look who listens there, and give the node an address of its own")
}

/// Where all addresses are listened on, this machine's is one.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

fn reasons(report: &[u8]) -> String {
    let report: Value = serde_json::from_slice(report).unwrap_or_default();
    if report["leaving"] == true {
        return "it is about to end".to_owned();
    }
    let checks = report["checks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let failed = checks.iter().filter(|check| check["holds"] == false);
    let failed = failed.map(|check| {
        format!("{} {}", check["check"].as_str().unwrap_or_default(), check["why"].as_str().unwrap_or_default())
    });
    failed.collect::<Vec<_>>().join("; ")
}
