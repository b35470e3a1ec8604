//! What the gateway adds to a call of a service, beside a bare proxy. Upstream and load generator share a core.

use std::ffi::OsStr;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::Run;
use super::speed::ratio;
use crate::driver::Visit;
use crate::hop::{PATH, Shopper};
use crate::measure::{Server, Subject};
use crate::report::{Limit, Row};
use crate::shop;

pub struct Hop {
    pub id: &'static str,
    name: &'static str,
    bears: Bears,
    must: Limit,
    aim: Limit,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bears {
    /// No token: the gateway adds the guest's.
    Nothing,
    SameToken,
    /// Another at each call, which the floor verifies too.
    NewToken,
}

pub const HOPS: [Hop; 3] = [
    Hop {
        id: "P19",
        name: "gateway, a guest's call",
        bears: Bears::Nothing,
        must: Limit::at_least(0.80),
        aim: Limit::at_least(0.90),
    },
    Hop {
        id: "P20",
        name: "gateway, a token seen before",
        bears: Bears::SameToken,
        must: Limit::at_least(0.75),
        aim: Limit::at_least(0.85),
    },
    Hop {
        id: "P21",
        name: "gateway, every token new",
        bears: Bears::NewToken,
        must: Limit::at_least(0.80),
        aim: Limit::at_least(0.90),
    },
];

/// Enough to keep the servers' core busy.
const CONNECTIONS: usize = 16;

pub async fn measure(hop: &Hop, run: &Run<'_>) -> Result<Row> {
    let this = std::env::current_exe()?;
    let key_set = run.directory.join(format!("{}.json", hop.id));
    let shopper = Arc::new(Shopper::arrive(&key_set)?);
    let (servers, generator) = (run.cores.servers.to_string(), run.cores.generator.to_string());
    let upstream_arguments = ["upstream".as_ref(), "--key-set".as_ref(), key_set.as_os_str()];
    let upstream = Server::start(&generator, &this, &upstream_arguments).await?;
    let address = upstream.target(None)?.address;
    let to_upstream = ["--upstream".as_ref(), OsStr::new(&address)];
    let verify: &[&OsStr] = match hop.bears {
        Bears::NewToken => &["--verify".as_ref(), key_set.as_os_str()],
        Bears::Nothing | Bears::SameToken => &[],
    };
    let proxy = Server::start(&servers, &this, &[&["proxy".as_ref()], &to_upstream[..], verify].concat()).await?;
    let gateway = Server::start(&servers, &this, &[&["gateway".as_ref()], &to_upstream[..]].concat()).await?;

    let mut subjects = Vec::new();
    for server in [&proxy, &gateway] {
        let target = server.target(Some(shop::HOST))?;
        let visit = match hop.bears {
            Bears::Nothing => Visit::Repeated(target.get(PATH, "")),
            Bears::SameToken => {
                Visit::Repeated(target.get(PATH, &authorization(&shopper.token().context("no token could be signed")?)))
            }
            Bears::NewToken => {
                let (shopper, target) = (Arc::clone(&shopper), target.clone());
                Visit::Fresh(Arc::new(move || Some(target.get(PATH, &authorization(&shopper.token()?)))))
            }
        };
        subjects.push(Subject::new(server, Some(shop::HOST), CONNECTIONS, &visit).await?);
    }
    let measured = ratio(&mut subjects, run.rounds).await?;
    for server in [upstream, proxy, gateway] {
        server.stop().await?;
    }
    let against = if hop.bears == Bears::NewToken { "proxy that verifies" } else { "bare proxy" };
    Ok(Row::limited(hop.id, hop.name, against, measured, hop.must, hop.aim))
}

fn authorization(token: &str) -> String {
    format!("authorization: Bearer {token}\r\n")
}
