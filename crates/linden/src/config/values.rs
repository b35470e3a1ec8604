//! Values that cannot be wrong: each refuses, while it is read, what it must not be.

use std::net::SocketAddr;
use std::path::Path;

use auth_protocol::forwarding::{Network, TrustedProxies};
use gateway::upstream::Upstream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::reading::Within;

pub type Count = Within<1, 1_000_000>;
pub type PoolSize = Within<1, 1_000>;
pub type LeaveSeconds = Within<0, 600>;
pub type Seconds = Within<1, 3_600>;

/// Where to listen: `10.0.0.1:8443`, `[::1]:9443`; port 0 takes a free one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct Address(pub SocketAddr);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = |_| format!("{text} is no address with a port, such as 10.0.0.1:8443 or [::1]:8443");
        text.parse().map(Self).map_err(wrong)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.0.to_string()
    }
}

/// A file; a path that is not absolute starts where the configuration lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct FilePath(String);

impl FilePath {
    pub fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl TryFrom<String> for FilePath {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        if text.trim().is_empty() { Err("names no file") } else { Ok(Self(text)) }
    }
}

impl From<FilePath> for String {
    fn from(path: FilePath) -> String {
        path.0
    }
}

/// One address or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Address>", into = "Vec<Address>")]
#[schemars(with = "Vec<Address>", inline)]
pub struct Listen(Vec<Address>);

impl Listen {
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.0.iter().map(|address| address.0).collect()
    }
}

impl TryFrom<Vec<Address>> for Listen {
    type Error = &'static str;

    fn try_from(addresses: Vec<Address>) -> Result<Self, &'static str> {
        if addresses.is_empty() { Err("name at least one address, such as 10.0.0.1:8443") } else { Ok(Self(addresses)) }
    }
}

impl From<Listen> for Vec<Address> {
    fn from(listen: Listen) -> Self {
        listen.0
    }
}

/// Networks in CIDR notation, or single addresses.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(with = "Vec<String>", inline)]
pub struct Networks(Vec<Network>);

impl Networks {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn trusted(&self) -> TrustedProxies {
        TrustedProxies::new(self.0.clone())
    }

    pub fn iter(&self) -> impl Iterator<Item = Network> + '_ {
        self.0.iter().copied()
    }
}

/// Where a part is reached, tried while it is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
#[schemars(with = "Vec<String>", inline)]
pub struct Addresses(Vec<String>);

impl Addresses {
    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    pub fn upstream(&self) -> Result<Upstream, gateway::upstream::InvalidUpstream> {
        Upstream::try_from(self.0.clone())
    }
}

impl TryFrom<Vec<String>> for Addresses {
    type Error = gateway::upstream::InvalidUpstream;

    fn try_from(addresses: Vec<String>) -> Result<Self, Self::Error> {
        Upstream::try_from(addresses.clone())?;
        Ok(Self(addresses))
    }
}

impl From<Addresses> for Vec<String> {
    fn from(addresses: Addresses) -> Self {
        addresses.0
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Scheme {
    #[default]
    Https,
    Http,
}

impl Scheme {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }
}
