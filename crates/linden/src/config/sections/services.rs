use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatabaseSection, LimitsSection, TlsSection};
use crate::config::values::{Address, Addresses, FilePath, Listen, Networks};
use crate::reading::Spanned;

/// `linden services`: tenant, customer and cart, each below its name: `/cart/item-lists`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicesSection {
    /// Addresses to listen on.
    pub listen: Spanned<Listen>,
    /// Address of /healthz, /readyz and /metrics, never one of `listen`; nobody answers them when left out.
    pub management: Option<Spanned<Address>>,
    /// Address of the tenant resolver, which demands no token: it answers to `gateways` and to this machine alone. Nobody
    /// resolves here when left out.
    pub resolver: Option<Spanned<Address>>,
    /// Our gateways; they may come by plain http.
    #[serde(default)]
    pub gateways: Networks,
    /// Authorization servers, asked for their keys; their public addresses are asked when left out.
    pub auth: Option<Spanned<Addresses>>,
    /// PEM file with the authorities that may vouch for authorization servers; the public ones when left out.
    pub certificate_authority: Option<Spanned<FilePath>>,
    /// TLS on `listen` and on `resolver`; plain http when left out.
    pub tls: Option<Spanned<TlsSection>>,
    /// Where tenants, applications, customers, accounts and lists are.
    pub database: Spanned<DatabaseSection>,
    #[serde(default)]
    pub limits: LimitsSection,
}
