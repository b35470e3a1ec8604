use std::collections::HashMap;
use std::fmt::Display;

use auth_core::server::Server;
use auth_protocol::claims::UserType;
use auth_protocol::id::{AccountId, ApplicationId, CustomerContextId, CustomerId, ServerId, TenantId};
use auth_store::apply::{Declaration as AuthDeclaration, UserEntry};
use commerce::apply::Declaration as ShopDeclaration;

use super::ExportError;
use crate::apply::identity;
use crate::apply::plan::DEFAULT_CONTEXT;
use crate::apply::spanned::Spanned;
use crate::apply::values::Name;

/// What ids stand for.
pub(super) struct Names<'a> {
    servers: HashMap<ServerId, &'a Server>,
    tenants: HashMap<TenantId, &'a str>,
    applications: HashMap<ApplicationId, &'a str>,
    accounts: HashMap<AccountId, &'a str>,
    contexts: HashMap<CustomerContextId, &'a str>,
    customers: HashMap<CustomerId, &'a UserEntry>,
}

impl<'a> Names<'a> {
    pub(super) fn new(auth: &'a AuthDeclaration, shop: &'a ShopDeclaration) -> Self {
        let unnamed =
            shop.tenants.iter().map(|tenant| (identity::customer_context(tenant.id, DEFAULT_CONTEXT), DEFAULT_CONTEXT));
        let named = shop.customer_contexts.iter().map(|context| (context.id, context.name.as_str()));
        Self {
            servers: auth.servers.iter().map(|server| (server.id, server)).collect(),
            tenants: shop.tenants.iter().map(|tenant| (tenant.id, tenant.name.as_str())).collect(),
            applications: shop.applications.iter().map(|entry| (entry.id, entry.name.as_str())).collect(),
            accounts: shop.accounts.iter().map(|entry| (entry.id, entry.name.as_str())).collect(),
            contexts: unnamed.chain(named).collect(),
            customers: auth.users.iter().filter_map(|user| Some((user.new_customer_id?, user))).collect(),
        }
    }

    pub(super) fn server(&self, id: ServerId) -> &'a str {
        self.servers.get(&id).map_or("", |server| &server.name)
    }

    /// The tenant's server with this issuer.
    pub(super) fn server_of_issuer(&self, tenant: TenantId, issuer: &str) -> Option<&'a str> {
        let mut servers = self.servers.values();
        servers.find(|server| server.tenant_id == tenant && server.issuer == issuer).map(|server| server.name.as_str())
    }

    /// The tenant's first server of customers, by name.
    pub(super) fn server_of_customers(&self, tenant: TenantId) -> Option<&'a str> {
        let of_customers = |server: &&&Server| server.tenant_id == tenant && server.user_type == UserType::Customer;
        self.servers.values().filter(of_customers).map(|server| server.name.as_str()).min()
    }

    pub(super) fn tenant(&self, id: TenantId) -> Option<&'a str> {
        self.tenants.get(&id).copied()
    }

    pub(super) fn application(&self, id: ApplicationId) -> Option<&'a str> {
        self.applications.get(&id).copied()
    }

    pub(super) fn account(&self, id: AccountId) -> Option<&'a str> {
        self.accounts.get(&id).copied()
    }

    pub(super) fn customer(&self, id: CustomerId) -> Option<&'a UserEntry> {
        self.customers.get(&id).copied()
    }

    pub(super) fn context(&self, entry: &str, id: CustomerContextId) -> Result<Name, ExportError> {
        let name = self.contexts.get(&id).ok_or_else(|| ExportError::UnnamedContext { entry: entry.to_owned() })?;
        value(entry, "customer_context", name)
    }
}

/// A value that a file may hold.
pub(super) fn value<T: TryFrom<String, Error: Display>>(
    entry: &str,
    what: &'static str,
    text: &str,
) -> Result<T, ExportError> {
    T::try_from(text.to_owned()).map_err(|reason| ExportError::Unfit {
        entry: entry.to_owned(),
        what,
        reason: reason.to_string(),
    })
}

pub(super) fn text<T: TryFrom<String, Error: Display>>(
    entry: &str,
    what: &'static str,
    text: &str,
) -> Result<Spanned<T>, ExportError> {
    value::<T>(entry, what, text).map(Spanned::from)
}

pub(super) fn texts<T: TryFrom<String, Error: Display>, U: From<T>>(
    entry: &str,
    what: &'static str,
    texts: &[String],
) -> Result<Vec<U>, ExportError> {
    texts.iter().map(|text| value::<T>(entry, what, text).map(U::from)).collect()
}

pub(super) fn optional<T: TryFrom<String, Error: Display>, U: From<T>>(
    entry: &str,
    what: &'static str,
    text: Option<&str>,
) -> Result<Option<U>, ExportError> {
    text.map(|text| value::<T>(entry, what, text).map(U::from)).transpose()
}
