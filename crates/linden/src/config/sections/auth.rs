use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatabaseSection, LimitsSection, TlsSection};
use crate::config::values::{Address, FilePath, Listen, Networks, Scheme};
use crate::reading::Spanned;

/// `linden auth`: the authorization server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthSection {
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
    /// Our gateways, who are believed host, address and request id; they may come by plain http.
    #[serde(default)]
    pub gateways: Networks,
    /// Our services, who fetch key sets; they may come by plain http, and are believed nothing.
    #[serde(default)]
    pub services: Networks,
    /// File of 32 random bytes, under which all that is secret in the database is sealed.
    pub master_key_file: Spanned<FilePath>,
    /// Further master keys, which open what is sealed under them: the former or the next one, while it is changed on all
    /// nodes and until `linden keys rewrap` is done.
    #[serde(default)]
    pub other_master_key_files: Vec<Spanned<FilePath>>,
    /// TLS on `listen`; plain http when left out.
    pub tls: Option<Spanned<TlsSection>>,
    /// Where users, clients, sessions and keys are.
    pub database: Spanned<DatabaseSection>,
    #[serde(default)]
    pub limits: LimitsSection,
}
