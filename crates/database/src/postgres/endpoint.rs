use std::fmt;
use std::net::IpAddr;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::OpenError;

/// Where one server listens. The host's name is what its certificate must bear.
#[derive(Clone)]
pub(super) struct Endpoint {
    host: Host,
    address: Option<IpAddr>,
    port: u16,
}

/// The hosts that an address names, in its order.
pub(super) fn listed(config: &Config) -> Result<Vec<Endpoint>, OpenError> {
    let (hosts, addresses, ports) = (config.get_hosts(), config.get_hostaddrs(), config.get_ports());
    let count = hosts.len().max(addresses.len());
    let fits = |length: usize| length <= 1 || length == count;
    if count == 0 {
        return Err(OpenError::Address("it names no host".to_owned()));
    }
    if !fits(ports.len()) || !(hosts.is_empty() || addresses.is_empty() || hosts.len() == addresses.len()) {
        return Err(OpenError::Address("hosts, their addresses and their ports are not equally many".to_owned()));
    }
    let endpoint = |index: usize| {
        let address = addresses.get(index).copied();
        let host = hosts.get(index).cloned().or_else(|| Some(Host::Tcp(address?.to_string())))?;
        let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
        Some(Endpoint { host, address, port })
    };
    Ok((0..count).filter_map(endpoint).collect())
}

impl Endpoint {
    /// One for each address of the host.
    pub(super) async fn resolve(&self) -> Result<Vec<Endpoint>, OpenError> {
        let Host::Tcp(name) = &self.host else { return Ok(vec![self.clone()]) };
        if self.address.is_some() {
            return Ok(vec![self.clone()]);
        }
        let found = tokio::net::lookup_host((name.as_str(), self.port)).await;
        let found = found.map_err(|error| OpenError::Unreachable(format!("{self}: {error}")))?;
        Ok(found.map(|found| Endpoint { address: Some(found.ip()), ..self.clone() }).collect())
    }

    /// The same session at this server alone.
    pub(super) fn narrow(&self, config: &Config) -> Config {
        let mut narrowed = Config::new();
        narrowed
            .ssl_mode(config.get_ssl_mode())
            .ssl_negotiation(config.get_ssl_negotiation())
            .channel_binding(config.get_channel_binding())
            .keepalives(config.get_keepalives())
            .keepalives_idle(config.get_keepalives_idle())
            .port(self.port);
        config.get_user().map(|user| narrowed.user(user));
        config.get_password().map(|password| narrowed.password(password));
        config.get_dbname().map(|name| narrowed.dbname(name));
        config.get_options().map(|options| narrowed.options(options));
        config.get_application_name().map(|name| narrowed.application_name(name));
        config.get_connect_timeout().map(|timeout| narrowed.connect_timeout(*timeout));
        config.get_tcp_user_timeout().map(|timeout| narrowed.tcp_user_timeout(*timeout));
        config.get_keepalives_interval().map(|interval| narrowed.keepalives_interval(interval));
        config.get_keepalives_retries().map(|retries| narrowed.keepalives_retries(retries));
        match &self.host {
            Host::Tcp(name) => narrowed.host(name),
            Host::Unix(directory) => narrowed.host_path(directory).ssl_mode(SslMode::Disable),
        };
        self.address.map(|address| narrowed.hostaddr(address));
        narrowed
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Tcp(name) => write!(formatter, "{name}:{}", self.port),
            Host::Unix(directory) => write!(formatter, "{}", directory.display()),
        }
    }
}
