use gateway::upstream::InvalidUpstream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use super::{LimitsSection, TlsSection};
use crate::config::values::{Address, Addresses, FilePath, Listen, Networks, Scheme};
use crate::reading::Spanned;

/// `linden gateway`: the shops' origin.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatewaySection {
    /// Addresses to listen on.
    pub listen: Spanned<Listen>,
    /// Address of /healthz, /readyz and /metrics, never one of `listen`; nobody answers them when left out.
    pub management: Option<Spanned<Address>>,
    /// How browsers reach it: "https", by TLS here or by that of a proxy in front; "http" for trials on one machine.
    #[serde(default)]
    pub public_scheme: Spanned<Scheme>,
    /// Proxies in front, whose X-Forwarded-For is believed; they may come by plain http.
    #[serde(default)]
    pub trusted_proxies: Networks,
    /// File with the key that secrets of gateway clients are made of: what `linden keys gateway-secret` printed.
    pub client_secret_key_file: Spanned<FilePath>,
    /// TLS on `listen`; plain http when left out.
    pub tls: Option<Spanned<TlsSection>>,
    /// Where the other parts are.
    pub upstreams: Spanned<Upstreams>,
    #[serde(default)]
    pub limits: LimitsSection,
}

/// Where the other parts are, each a list of addresses that are asked in turn: `http://10.0.0.1:8080`, or `https://…` where
/// the part itself speaks TLS.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Upstreams {
    /// Authorization servers.
    pub auth: Addresses,
    /// Tenant resolvers: `resolver` of [services].
    pub tenant_resolver: Addresses,
    /// PEM file with the authorities that may vouch for parts that speak TLS; the public ones when left out.
    pub certificate_authority: Option<Spanned<FilePath>>,
    /// Services by their names in /api/NAME; ours lie below their own: `http://10.0.0.3:8081/cart`.
    pub services: BTreeMap<String, Addresses>,
}

impl Upstreams {
    pub fn upstreams(&self) -> Result<gateway::Upstreams, InvalidUpstream> {
        let service = |(name, at): (&String, &Addresses)| Ok((name.clone(), at.upstream()?));
        Ok(gateway::Upstreams {
            auth: self.auth.upstream()?,
            tenant_resolver: self.tenant_resolver.upstream()?,
            services: self.services.iter().map(service).collect::<Result<_, _>>()?,
        })
    }
}
