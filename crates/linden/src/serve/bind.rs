use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Context, Result, anyhow};
use tokio::net::TcpListener;

pub struct Bound {
    pub listeners: Vec<TcpListener>,
    pub port: u16,
}

/// Listens on all addresses with one port: with port 0 the first address finds a free one for all.
pub async fn bind(addresses: &[SocketAddr]) -> Result<Bound> {
    let mut listeners = Vec::new();
    let mut port = None;
    for (number, address) in addresses.iter().enumerate() {
        let address = SocketAddr::new(address.ip(), port.unwrap_or(address.port()));
        match TcpListener::bind(address).await {
            Ok(listener) => {
                port = Some(listener.local_addr()?.port());
                listeners.push(listener);
            }
            // A machine without IPv6 has no ::1 to listen on.
            Err(error) if number > 0 && error.kind() == ErrorKind::AddrNotAvailable => {}
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(anyhow!(
                    "{address} is in use by another program: stop that one, or choose another address with --listen \
                     (port 0 takes a free one)"
                ));
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                return Err(anyhow!("{address} may not be listened on by this user: choose a port above 1023"));
            }
            Err(error) => return Err(error).with_context(|| format!("cannot listen on {address}")),
        }
    }
    Ok(Bound { listeners, port: port.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_loopback_addresses_get_one_port() {
        let bound = bind(&["127.0.0.1:0".parse().unwrap(), "[::1]:0".parse().unwrap()]).await.unwrap();
        for listener in &bound.listeners {
            assert_eq!(listener.local_addr().unwrap().port(), bound.port);
        }
        let taken = SocketAddr::new("127.0.0.1".parse().unwrap(), bound.port);
        let refused = bind(&[taken]).await.err().unwrap().to_string();
        assert!(refused.contains("in use by another program"), "{refused}");
    }
}
