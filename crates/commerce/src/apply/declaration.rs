use auth_protocol::id::{
    AccountId, ApplicationId, CustomerContextId, CustomerId, ItemListId, ItemListItemId, TenantId,
};
use serde_json::Value;

use crate::tenant::IdentifierType;

/// What should be there. Ids are given: by them an entry is found again.
#[derive(Debug, Clone, Default)]
pub struct Declaration {
    pub tenants: Vec<TenantEntry>,
    pub customer_contexts: Vec<CustomerContextEntry>,
    pub applications: Vec<ApplicationEntry>,
    pub customers: Vec<CustomerEntry>,
    pub accounts: Vec<AccountEntry>,
    pub members: Vec<MemberEntry>,
    pub item_lists: Vec<ItemListEntry>,
}

#[derive(Debug, Clone)]
pub struct TenantEntry {
    pub id: TenantId,
    pub name: String,
}

/// A pool of customers, whose id is made of its name: kept so that the name is known.
#[derive(Debug, Clone)]
pub struct CustomerContextEntry {
    pub id: CustomerContextId,
    pub tenant_id: TenantId,
    pub name: String,
}

/// See [`crate::tenant::Application`] for what the fields mean.
#[derive(Debug, Clone)]
pub struct ApplicationEntry {
    pub id: ApplicationId,
    pub tenant_id: TenantId,
    pub name: String,
    pub token: String,
    pub identifier_type: IdentifierType,
    pub identifier_value: String,
    pub customer_context_id: CustomerContextId,
    pub issuer: String,
    pub client_id: String,
    pub gateway_client_id: String,
    /// At least one `host` or `host:port`; with [`IdentifierType::DomainPrefix`] what follows the prefix.
    pub domains: Vec<String>,
    pub origins: Vec<String>,
    pub deactivated: bool,
    pub default_locale: String,
    pub allowed_locales: Vec<String>,
    /// A JSON object.
    pub storefront: Value,
}

#[derive(Debug, Clone)]
pub struct CustomerEntry {
    pub id: CustomerId,
    pub tenant_id: TenantId,
    pub customer_context_id: CustomerContextId,
    pub full_name: String,
    pub email: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    Active,
    Inactive,
}

impl AccountStatus {
    pub const fn name(self) -> &'static str {
        match self {
            AccountStatus::Active => "ACTIVE",
            AccountStatus::Inactive => "INACTIVE",
        }
    }
}

#[derive(Debug, Clone)]
pub struct AccountEntry {
    pub id: AccountId,
    pub tenant_id: TenantId,
    pub parent_account_id: Option<AccountId>,
    pub name: String,
    /// One account's alone, within the tenant.
    pub account_number: String,
    pub status: AccountStatus,
}

#[derive(Debug, Clone)]
pub struct MemberEntry {
    pub tenant_id: TenantId,
    pub account_id: AccountId,
    pub customer_id: CustomerId,
    /// They count only while the customer acts for this account.
    pub roles: Vec<String>,
}

/// A customer's private list, or without a customer a public one, of one application or of all.
#[derive(Debug, Clone)]
pub struct ItemListEntry {
    pub id: ItemListId,
    pub tenant_id: TenantId,
    pub customer_id: Option<CustomerId>,
    pub application_id: Option<ApplicationId>,
    pub name: String,
    pub items: Vec<ItemEntry>,
}

#[derive(Debug, Clone)]
pub struct ItemEntry {
    pub id: ItemListItemId,
    pub product_id: String,
    pub name: String,
    pub quantity: i64,
}
