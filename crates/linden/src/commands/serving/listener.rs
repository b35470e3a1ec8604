use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use auth_protocol::forwarding::TrustedProxies;
use auth_server::environment::SystemClock;
use axum::Router;
use tokio::net::TcpListener;

use crate::config::{Configuration, LimitsSection, TlsSection};
use crate::parts::Peers;
use crate::reading::Spanned;
use crate::serve::{self, CertificateFiles, Limits, Served, Serving, Signals, Tls};

/// Bound sockets, and how they are served.
pub struct Listener {
    sockets: Vec<TcpListener>,
    tls: Option<Tls>,
    limits: Limits,
    /// Who may come by plain http.
    peers: TrustedProxies,
}

impl Listener {
    pub async fn bind(
        addresses: &[SocketAddr],
        tls: Option<Tls>,
        limits: &LimitsSection,
        peers: TrustedProxies,
    ) -> Result<Self> {
        Ok(Self { sockets: bind(addresses).await?, tls, limits: limits_of(limits), peers })
    }

    /// Where it is reached: by the first address.
    pub fn origin(&self) -> Result<String> {
        let first = self.sockets.first().context("nothing is listened on")?;
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        Ok(format!("{scheme}://{}", first.local_addr()?))
    }

    /// By plain http those alone are answered who may come so.
    pub fn served(self, router: Router) -> Served {
        let router = match self.tls {
            Some(_) => router,
            None => Peers::only(self.peers).before(router),
        };
        Served { tls: self.tls, limits: self.limits, ..Served::new(self.sockets, router) }
    }
}

/// Each with its own port, unlike the addresses of one name.
async fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>> {
    let mut sockets = Vec::new();
    for address in addresses {
        sockets.extend(serve::bind(&[*address]).await?.listeners);
    }
    Ok(sockets)
}

/// The certificate that a section names; listeners of one part share it.
pub fn tls(configuration: &Configuration, section: Option<&Spanned<TlsSection>>) -> Result<Option<Tls>> {
    let Some(TlsSection { certificate, key }) = section.map(Spanned::get_ref) else { return Ok(None) };
    let files = CertificateFiles { certificate: configuration.path(certificate), key: configuration.path(key) };
    Ok(Some(Tls::load(files, Arc::new(SystemClock))?))
}

/// Tells where everything is, and waits until a signal comes and what is under way has finished.
pub async fn until_signalled(serving: Serving, ready: impl IntoIterator<Item = String>, mut signals: Signals) {
    for line in ready {
        println!("{line}");
    }
    signals.next().await;
    serving.end(signals.next()).await;
}

fn limits_of(section: &LimitsSection) -> Limits {
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
    Limits {
        connections: count(section.connections.0),
        requests: count(section.requests.0),
        head: seconds(section.head_seconds.0),
        idle: seconds(section.idle_seconds.0),
        delay: seconds(section.leave_seconds.0),
        grace: seconds(section.drain_seconds.0),
        ..Limits::default()
    }
}
