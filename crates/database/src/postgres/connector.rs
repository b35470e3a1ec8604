//! A new connection, and whether its server will do:
//!
//! 1. Hosts are tried in order, all addresses of each, the one that served last first. Each gets the same short time, so a
//!    frozen host does not hide the next one.
//! 2. TLS by the address's `sslmode` (see [`PostgresOptions`]).
//! 3. The server is asked, at every new connection: it is recent enough, takes writes (a standby does not), and does not
//!    acknowledge what it may lose. Otherwise the next host is tried.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::{Either, select};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::endpoint::{self, Endpoint};
use super::refusal;
use super::tls::Tls;
use crate::{OpenError, PostgresOptions};

pub(super) type Messages = tokio_postgres::Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>;

pub(super) struct Connector {
    config: Config,
    hosts: Vec<Endpoint>,
    tls: Tls,
    timeout: Duration,
    /// Index of the host that served last.
    preferred: AtomicUsize,
}

/// A session, and what carries its messages: until that is polled, nothing is answered.
pub(super) struct Dialled {
    pub(super) client: Client,
    pub(super) messages: Messages,
    /// For cancelling, which takes a connection of its own.
    pub(super) tls: MakeRustlsConnect,
}

impl Connector {
    pub(super) fn new(options: &PostgresOptions) -> Result<Connector, OpenError> {
        let config = options.config()?;
        let hosts = endpoint::listed(&config)?;
        let tls = options.tls()?;
        tls.connect()?;
        Ok(Connector { config, hosts, tls, timeout: options.connection_timeout, preferred: AtomicUsize::new(0) })
    }

    /// How long [`Connector::dial`] may take at all hosts together.
    pub(super) fn longest(&self) -> Duration {
        self.timeout * u32::try_from(self.hosts.len() + 1).unwrap_or(u32::MAX)
    }

    /// A session outside the pool, at a server that takes writes.
    pub(super) async fn dial(&self) -> Result<Dialled, OpenError> {
        let tls = self.tls.connect()?;
        let preferred = self.preferred.load(Ordering::Relaxed);
        let mut refusals = Vec::new();
        for index in (0..self.hosts.len()).map(|step| (preferred + step) % self.hosts.len()) {
            match self.dial_host(&self.hosts[index], &tls).await {
                Ok(dialled) => {
                    self.preferred.store(index, Ordering::Relaxed);
                    return Ok(dialled);
                }
                Err(refusal) => refusals.push(refusal),
            }
        }
        Err(refusal::of_all(refusals))
    }

    async fn dial_host(&self, host: &Endpoint, tls: &MakeRustlsConnect) -> Result<Dialled, OpenError> {
        let late = || OpenError::Unreachable(format!("{host}: no answer within {:?}", self.timeout));
        let resolved = tokio::time::timeout(self.timeout, host.resolve()).await;
        let mut refusals = Vec::new();
        for address in resolved.unwrap_or_else(|_late| Err(late()))? {
            let attempt = dial_address(&address, &self.config, tls);
            match tokio::time::timeout(self.timeout, attempt).await.unwrap_or_else(|_late| Err(late())) {
                Ok(dialled) => return Ok(dialled),
                Err(refusal) => refusals.push(refusal),
            }
        }
        Err(refusal::of_one_host(refusals))
    }
}

async fn dial_address(server: &Endpoint, config: &Config, tls: &MakeRustlsConnect) -> Result<Dialled, OpenError> {
    let refused = |error: &tokio_postgres::Error| refusal::of_connecting(server, error);
    let (client, mut messages) = server.narrow(config).connect(tls.clone()).await.map_err(|error| refused(&error))?;
    let answer = {
        let asked = std::pin::pin!(client.simple_query(refusal::QUESTION));
        match select(asked, &mut messages).await {
            Either::Left((answer, _)) => answer,
            Either::Right((Err(error), _)) => Err(error),
            Either::Right((Ok(()), asked)) => asked.await,
        }
    };
    refusal::of_server(server, &answer.map_err(|error| refused(&error))?)?;
    Ok(Dialled { client, messages, tls: tls.clone() })
}
