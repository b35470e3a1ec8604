//! Proxies that are believed: networks whose `X-Forwarded-For` counts.
//!
//! Each proxy adds the address that it was called from at the end, so the list is read from its end: as long as the one who
//! adds is believed, what it added counts. What a caller wrote there itself stands before that, and never counts.

use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A network in CIDR notation, or one address: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNetwork {
    #[error("{0} is no network such as 10.0.0.0/8, and no address")]
    IllFormed(String),
    #[error("{0} has bits beyond its prefix: write the network's first address")]
    BitsBeyondPrefix(String),
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let ill_formed = || InvalidNetwork::IllFormed(text.to_owned());
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| ill_formed())?;
        let prefix = match prefix {
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            Some(_) => None,
            None => Some(width(address)),
        };
        let prefix = prefix.filter(|prefix| *prefix <= width(address)).ok_or_else(ill_formed)?;
        let network = Self { address, prefix };
        if network.head(address) != bits(address) {
            return Err(InvalidNetwork::BitsBeyondPrefix(text.to_owned()));
        }
        Ok(network)
    }
}

impl Network {
    /// IPv4 addresses in IPv6's clothes (`::ffff:192.0.2.7`) are the IPv4 addresses that they are.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && self.head(address) == bits(self.address)
    }

    fn head(&self, address: IpAddr) -> u128 {
        let tail = width(address) - self.prefix;
        bits(address).checked_shr(tail).and_then(|head| head.checked_shl(tail)).unwrap_or(0)
    }
}

fn width(address: IpAddr) -> u32 {
    if address.is_ipv4() { 32 } else { 128 }
}

fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

impl TryFrom<String> for Network {
    type Error = InvalidNetwork;

    fn try_from(text: String) -> Result<Self, InvalidNetwork> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(Network { address, prefix }: Network) -> Self {
        format!("{address}/{prefix}")
    }
}

/// Networks of proxies whose word is taken. None by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    pub fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    pub fn trusts(&self, peer: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(peer))
    }

    /// Who really asks, when this peer sent these `X-Forwarded-For` values: the last address that a believed proxy names
    /// and that is not one itself. Where the list breaks off or cannot be read, the last one that was good.
    pub fn client<'a>(&self, peer: IpAddr, forwarded_for: impl DoubleEndedIterator<Item = &'a str>) -> IpAddr {
        let mut client = peer.to_canonical();
        for named in forwarded_for.rev().flat_map(|value| value.rsplit(',')) {
            let (true, Some(address)) = (self.trusts(client), address(named)) else { break };
            client = address;
        }
        client
    }
}

/// Where our own gateway calls from: it takes off what callers claim, so that host, address and request id are what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FromGateway {
    #[default]
    Nowhere,
    /// The one process that all parts run in; nobody else can reach the part.
    ThisProcess,
    Networks(TrustedProxies),
}

impl FromGateway {
    /// Whether what this peer passes on is the gateway's word. `None` when no connection is known.
    pub fn believes(&self, peer: Option<IpAddr>) -> bool {
        match self {
            Self::Nowhere => false,
            Self::ThisProcess => true,
            Self::Networks(networks) => peer.is_some_and(|peer| networks.trusts(peer)),
        }
    }
}

/// As `Display` has it, which takes ten times as long for the common kind; each request's address is written.
pub fn address_text(address: IpAddr) -> String {
    let IpAddr::V4(address) = address else { return address.to_string() };
    let mut text = String::with_capacity(15);
    for (place, octet) in address.octets().into_iter().enumerate() {
        if place > 0 {
            text.push('.');
        }
        for (least, digit) in [(100, octet / 100), (10, octet / 10 % 10), (0, octet % 10)] {
            if octet >= least {
                text.push(char::from(b'0' + digit));
            }
        }
    }
    text
}

/// Some proxies add the port: `192.0.2.7:4711`, `[2001:db8::1]:4711`.
fn address(named: &str) -> Option<IpAddr> {
    let named = named.trim();
    let with_port = || named.parse::<std::net::SocketAddr>().ok().map(|address| address.ip());
    let bare = named.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(named);
    bare.parse::<IpAddr>().ok().or_else(with_port).map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn proxies(networks: &[&str]) -> TrustedProxies {
        TrustedProxies::new(networks.iter().map(|network| network.parse().unwrap()).collect())
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("10.0.0.0/8", "::ffff:10.1.1.1", "::10.1.1.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("0.0.0.0/0", "8.8.8.8", "::1"),
            ("::/0", "2001:db8::1", "127.0.0.1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("::1", "::1", "::2"),
            ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(network.contains(ip(inside)) && !network.contains(ip(outside)), "{network:?}");
        }
        for wrong in ["", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/+8", "10.0.0/8", "localhost", "10.0.0.0/8/8"]
        {
            assert_eq!(wrong.parse::<Network>(), Err(InvalidNetwork::IllFormed(wrong.to_owned())));
        }
        let sloppy = "10.0.0.1/8";
        assert_eq!(sloppy.parse::<Network>(), Err(InvalidNetwork::BitsBeyondPrefix(sloppy.to_owned())));
    }

    #[test]
    fn a_list_counts_from_its_end_as_far_as_those_who_add_are_believed() {
        let ours = proxies(&["10.0.0.0/8", "2001:db8::/32"]);
        for (peer, values, expected) in [
            ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1, 203.0.113.9 ,10.0.0.2"], "203.0.113.9"),
            ("10.0.0.1", &["198.51.100.1", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
            ("::ffff:10.0.0.1", &["[2001:db8::7]:443, 203.0.113.9:4711"], "203.0.113.9"),
            ("2001:db8::1", &["2001:db9::9"], "2001:db9::9"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["", "203.0.113.9"], "203.0.113.9"),
            ("10.0.0.1", &["203.0.113.9, unknown, 10.0.0.2"], "10.0.0.2"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        ] {
            assert_eq!(ours.client(ip(peer), values.iter().copied()), ip(expected), "{peer} {values:?}");
        }
    }

    proptest! {
        #[test]
        fn addresses_are_written_as_everywhere(address: IpAddr) {
            prop_assert_eq!(address_text(address), address.to_string());
        }

        /// Whatever a caller writes before what a believed proxy adds.
        #[test]
        fn nothing_that_the_caller_wrote_counts(spoofed in "[0-9a-f.:, /\\[\\]]{0,60}") {
            let ours = proxies(&["10.0.0.0/8"]);
            let added = format!("{spoofed}, 203.0.113.9");
            prop_assert_eq!(ours.client(ip("10.0.0.1"), [added.as_str()].into_iter()), ip("203.0.113.9"));
            prop_assert_eq!(ours.client(ip("203.0.113.9"), [spoofed.as_str()].into_iter()), ip("203.0.113.9"));
        }
    }
}
