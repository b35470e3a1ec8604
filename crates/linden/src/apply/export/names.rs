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
use crate::apply::values::Name;
use crate::reading::Spanned;

/// What ids stand for.
#[derive(Default)]
pub(in crate::apply) struct Names<'a> {
    servers: HashMap<ServerId, &'a Server>,
    tenants: HashMap<TenantId, &'a str>,
    applications: HashMap<ApplicationId, &'a str>,
    accounts: HashMap<AccountId, &'a str>,
    contexts: HashMap<CustomerContextId, &'a str>,
    customers: HashMap<CustomerId, &'a UserEntry>,
}

impl<'a> Names<'a> {
    /// Later ones count where both know an id.
    pub(in crate::apply) fn new<const COUNT: usize>(
        declarations: [(&'a AuthDeclaration, &'a ShopDeclaration); COUNT],
    ) -> Self {
        let mut names = Self::default();
        for (auth, shop) in declarations {
            names.add(auth, shop);
        }
        names
    }

    fn add(&mut self, auth: &'a AuthDeclaration, shop: &'a ShopDeclaration) {
        self.servers.extend(auth.servers.iter().map(|server| (server.id, server)));
        self.customers.extend(auth.users.iter().filter_map(|user| Some((user.new_customer_id?, user))));
        self.tenants.extend(shop.tenants.iter().map(|tenant| (tenant.id, tenant.name.as_str())));
        self.applications.extend(shop.applications.iter().map(|entry| (entry.id, entry.name.as_str())));
        self.accounts.extend(shop.accounts.iter().map(|entry| (entry.id, entry.name.as_str())));
        let unnamed = |tenant: TenantId| (identity::customer_context(tenant, DEFAULT_CONTEXT), DEFAULT_CONTEXT);
        self.contexts.extend(auth.servers.iter().map(|server| unnamed(server.tenant_id)));
        self.contexts.extend(shop.customer_contexts.iter().map(|context| (context.id, context.name.as_str())));
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
