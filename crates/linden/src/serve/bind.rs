use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Context, Result, bail};
use tokio::net::TcpListener;

/// How often a free port that turns out to be taken on another address is given back for the next one.
const TRIES: usize = 16;

pub struct Bound {
    pub listeners: Vec<TcpListener>,
    pub port: u16,
}

/// Listens on all addresses with one port: with port 0 the first address finds a free one for all. Addresses after the
/// first that this machine does not have are left out: without IPv6 there is no ::1.
pub async fn bind(addresses: &[SocketAddr]) -> Result<Bound> {
    let is_free_choice = addresses.first().is_some_and(|address| address.port() == 0);
    for _ in 1..TRIES {
        match bind_once(addresses).await {
            Err(NotBound { address, error, is_first: false })
                if is_free_choice && error.kind() == ErrorKind::AddrInUse =>
            {
                tracing::debug!(%address, "free on one address only");
            }
            bound => return bound.or_else(explain),
        }
    }
    bind_once(addresses).await.or_else(explain)
}

struct NotBound {
    address: SocketAddr,
    error: std::io::Error,
    is_first: bool,
}

async fn bind_once(addresses: &[SocketAddr]) -> Result<Bound, NotBound> {
    let mut listeners: Vec<TcpListener> = Vec::new();
    let mut port = None;
    for address in addresses {
        let is_first = listeners.is_empty();
        let address = SocketAddr::new(address.ip(), port.unwrap_or(address.port()));
        let not_bound = |error| NotBound { address, error, is_first };
        match TcpListener::bind(address).await {
            Ok(listener) => {
                port = Some(listener.local_addr().map_err(not_bound)?.port());
                listeners.push(listener);
            }
            Err(error) if !is_first && error.kind() == ErrorKind::AddrNotAvailable => {}
            Err(error) => return Err(not_bound(error)),
        }
    }
    Ok(Bound { listeners, port: port.unwrap_or_default() })
}

fn explain(NotBound { address, error, .. }: NotBound) -> Result<Bound> {
    match error.kind() {
        ErrorKind::AddrInUse => bail!(
            "{address} is in use by another program: stop that one, or choose another address with --listen, or \
             with `listen` in the configuration (port 0 takes a free one)"
        ),
        ErrorKind::PermissionDenied => {
            bail!("{address} may not be listened on by this user: choose a port above 1023 with --listen")
        }
        _ => Err(error).with_context(|| format!("cannot listen on {address}")),
    }
}
