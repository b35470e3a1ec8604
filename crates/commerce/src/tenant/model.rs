use auth_protocol::id::{ApplicationId, CustomerContextId, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How an application is found among the requests that reach its domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentifierType {
    /// The domain is this application's alone, or its default one.
    Domain,
    /// The first label of the host: `my-application` of `my-application.my-company.com`.
    DomainPrefix,
    /// The query parameter `application`.
    Parameter,
    /// The first segment of the path.
    ContextPath,
}

impl IdentifierType {
    pub const fn name(self) -> &'static str {
        match self {
            IdentifierType::Domain => "DOMAIN",
            IdentifierType::DomainPrefix => "DOMAIN_PREFIX",
            IdentifierType::Parameter => "PARAMETER",
            IdentifierType::ContextPath => "CONTEXT_PATH",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Domain, Self::DomainPrefix, Self::Parameter, Self::ContextPath]
            .into_iter()
            .find(|known| known.name() == name)
    }
}

/// An application with all that the gateway needs to serve it. JSON names are camelCase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    pub id: ApplicationId,
    pub tenant_id: TenantId,
    pub name: String,
    /// What `X-Application-Token` names it by; public.
    pub token: String,
    pub identifier_type: IdentifierType,
    pub identifier_value: String,
    pub customer_context_id: CustomerContextId,
    /// The authorization server whose users shop here.
    pub issuer: String,
    /// The storefront's public client there.
    pub client_id: String,
    /// The confidential client that the gateway gets guests' tokens with.
    pub gateway_client_id: String,
    /// `host` or `host:port`, in lower case.
    pub domains: Vec<String>,
    /// Origins of storefronts elsewhere that may call the services (CORS), e.g. `https://shop.example`.
    pub origins: Vec<String>,
    pub deactivated: bool,
    pub default_locale: String,
    pub allowed_locales: Vec<String>,
    /// What the storefront reads from `/config.json`; a JSON object that this service does not look into.
    pub storefront: Value,
}

/// What callers with a token see of an application.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PublicApplication {
    id: ApplicationId,
    tenant_id: TenantId,
    name: String,
    token: String,
    identifier_type: IdentifierType,
    identifier_value: String,
    customer_context_id: CustomerContextId,
    deactivated: bool,
    default_locale: String,
    allowed_locales: Vec<String>,
}

impl From<Application> for PublicApplication {
    fn from(application: Application) -> Self {
        Self {
            id: application.id,
            tenant_id: application.tenant_id,
            name: application.name,
            token: application.token,
            identifier_type: application.identifier_type,
            identifier_value: application.identifier_value,
            customer_context_id: application.customer_context_id,
            deactivated: application.deactivated,
            default_locale: application.default_locale,
            allowed_locales: application.allowed_locales,
        }
    }
}
