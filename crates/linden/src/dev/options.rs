use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Result, bail};
use auth_protocol::forwarding::Network;
use clap::Args;
use url::{Host, Url};

#[derive(Debug, Args)]
pub struct DevOptions {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where databases and keys are kept
    #[arg(long, default_value_os_t = crate::default_data_directory())]
    pub data_dir: PathBuf,
    /// Declarative file to apply beside the demo; may be given several times
    #[arg(long = "with", value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Where browsers find the shop, when it is not http://localhost:PORT; elsewhere than at this machine, there is no demo
    #[arg(long, value_name = "URL")]
    pub public_origin: Option<Url>,
    /// PEM file with the certificate chain
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// PEM file with the private key
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// Network of proxies in front, whose X-Forwarded-For is believed, such as 10.0.0.0/8; may be given several times;
    /// with one, there is no demo
    #[arg(long = "trusted-proxy", value_name = "NETWORK")]
    pub trusted_proxies: Vec<Network>,
    /// Address for /healthz, /readyz and /metrics; without it they are nowhere
    #[arg(long, value_name = "ADDRESS")]
    pub management: Option<SocketAddr>,
}

/// Whether people other than those at this machine can reach it: directly, or through a proxy, which may well run on
/// this machine and be all that listens elsewhere.
pub fn is_public(options: &DevOptions) -> bool {
    why_public(options).is_some()
}

/// What says that others are to reach it.
fn why_public(options: &DevOptions) -> Option<String> {
    let foreign = options.public_origin.as_ref().filter(|origin| !is_this_machine(origin));
    if !options.listen.ip().is_loopback() {
        Some(format!("{} can be reached from elsewhere", options.listen))
    } else if let Some(origin) = foreign {
        Some(format!("--public-origin {} is not this machine", origin.origin().ascii_serialization()))
    } else if !options.trusted_proxies.is_empty() {
        Some("--trusted-proxy says that a proxy passes on what comes from elsewhere".to_owned())
    } else {
        None
    }
}

/// Whether the shop's address leads to this machine alone.
pub fn is_this_machine(origin: &Url) -> bool {
    match origin.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

impl DevOptions {
    /// Passwords in clear and demo passwords are for one's own machine only.
    pub fn check(&self) -> Result<()> {
        let https = self.public_origin.as_ref().is_some_and(|origin| origin.scheme() == "https");
        if let Some(why) = why_public(self)
            && self.tls_certificate.is_none()
            && !https
        {
            bail!(
                "{why}: give --tls-certificate and --tls-key, or --public-origin https://… when a proxy in front speaks TLS"
            );
        }
        if let Some(origin) = &self.public_origin
            && (origin.path() != "/" || origin.query().is_some() || origin.fragment().is_some())
        {
            bail!("--public-origin is scheme, host and port only, such as https://shop.example");
        }
        Ok(())
    }

    /// The shop's origin, once the port is known.
    pub fn origin(&self, port: u16) -> String {
        match &self.public_origin {
            Some(origin) => origin.origin().ascii_serialization(),
            None if self.tls_certificate.is_some() => format!("https://localhost:{port}"),
            None => format!("http://localhost:{port}"),
        }
    }

    /// 127.0.0.1 and ::1 together, as `localhost` may be either.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        let mut addresses = vec![self.listen];
        if self.listen.ip().is_loopback() && self.listen.is_ipv4() {
            addresses.push(SocketAddr::new(std::net::Ipv6Addr::LOCALHOST.into(), self.listen.port()));
        }
        addresses
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dev::files::sources;

    fn options(listen: &str) -> DevOptions {
        DevOptions {
            listen: listen.parse().unwrap(),
            data_dir: "data".into(),
            with: vec![],
            public_origin: None,
            tls_certificate: None,
            tls_key: None,
            trusted_proxies: vec![],
            management: None,
        }
    }

    #[test]
    fn an_address_that_others_reach_needs_tls() {
        assert!(options("127.0.0.1:0").check().is_ok());
        assert!(options("[::1]:0").check().is_ok());
        assert!(options("0.0.0.0:8080").check().is_err());
        let behind =
            |origin: &str| DevOptions { public_origin: Some(origin.parse().unwrap()), ..options("0.0.0.0:8080") };
        assert!(behind("https://shop.example").check().is_ok());
        assert!(behind("http://shop.example").check().is_err());
        assert!(behind("https://shop.example/path").check().is_err());
    }

    #[test]
    fn a_proxy_on_this_machine_makes_it_public() {
        let at =
            |origin: &str| DevOptions { public_origin: Some(origin.parse().unwrap()), ..options("127.0.0.1:8080") };
        for origin in ["http://localhost:3000", "https://LOCALHOST", "http://127.0.0.1:8080", "http://[::1]:8080"] {
            assert!(!is_public(&at(origin)) && at(origin).check().is_ok(), "{origin}");
        }
        for host in ["shop.example", "localhost.example", "192.0.2.1", "[2001:db8::1]"] {
            assert!(is_public(&at(&format!("https://{host}"))), "{host}");
            let refused = at(&format!("http://{host}")).check().unwrap_err().to_string();
            assert!(refused.contains(host) && refused.contains("is not this machine"), "{refused}");
        }
        let proxied =
            || DevOptions { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..options("127.0.0.1:8080") };
        assert!(is_public(&proxied()));
        assert!(proxied().check().unwrap_err().to_string().contains("--trusted-proxy"));
        assert!(!is_public(&options("127.0.0.1:8080")));
    }

    #[test]
    fn what_others_reach_gets_no_demo() {
        let public = DevOptions { public_origin: Some("https://shop.example".parse().unwrap()), ..options("[::1]:1") };
        assert!(sources(&public).unwrap().is_empty());
        assert_eq!(sources(&options("[::1]:1")).unwrap().len(), 1);
    }

    #[test]
    fn the_origin_names_the_port_that_was_found() {
        assert_eq!(options("127.0.0.1:0").origin(4711), "http://localhost:4711");
        let https =
            DevOptions { public_origin: Some("https://shop.example/".parse().unwrap()), ..options("0.0.0.0:80") };
        assert_eq!(https.origin(80), "https://shop.example");
    }
}
