//! What is there, as the declaration that would make it: for `linden export`. What customers made themselves (their own
//! lists, what they changed of their record) is no part of it, and neither are the customers' records: users bring them.

use auth_protocol::id::{
    AccountId, ApplicationId, CustomerContextId, CustomerId, ItemListId, ItemListItemId, TenantId,
};
use database::{Cause, Database, Error, Row, params, statements};

use crate::apply::{
    AccountEntry, AccountStatus, ApplicationEntry, CustomerContextEntry, Declaration, ItemEntry, ItemListEntry,
    MemberEntry, TenantEntry,
};
use crate::row::json;
use crate::tenant::IdentifierType;
use crate::tenant::store::application as read_application;

statements! {
    TENANTS = "SELECT tenant_id, name FROM tenant ORDER BY name";
    CONTEXTS = "SELECT customer_context_id, name FROM customer_context WHERE tenant_id = $1 ORDER BY name";
    APPLICATIONS = "SELECT application_id, tenant_id, name, token, identifier_type, identifier_value, customer_context_id,
            issuer, client_id, gateway_client_id, origins, deactivated, default_locale, allowed_locales, storefront
        FROM application WHERE tenant_id = $1 ORDER BY name";
    DOMAINS = "SELECT domain FROM application_domain WHERE tenant_id = $1 AND application_id = $2 ORDER BY domain";
    HOSTS = "SELECT a.tenant_id, a.application_id, a.identifier_type, a.identifier_value, d.domain
        FROM application_domain d
        JOIN application a ON a.tenant_id = d.tenant_id AND a.application_id = d.application_id
        ORDER BY a.tenant_id, a.application_id, d.domain";
    ACCOUNTS = "SELECT account_id, parent_account_id, name, account_number, status FROM account
        WHERE tenant_id = $1 ORDER BY name, account_id";
    MEMBERS = "SELECT customer_id, account_id, roles FROM account_member WHERE tenant_id = $1
        ORDER BY account_id, customer_id";
    LISTS = "SELECT item_list_id, application_id, name FROM item_list WHERE tenant_id = $1 AND visibility = 'PUBLIC'
        ORDER BY name, item_list_id";
    ITEMS = "SELECT item_id, product_id, name, quantity FROM item_list_item WHERE tenant_id = $1 AND item_list_id = $2
        ORDER BY product_id";
}

pub async fn declaration(database: &Database) -> Result<Declaration, Error> {
    let mut declaration = Declaration::default();
    for found in database.read_rows(&TENANTS, params![]).await? {
        let tenant = TenantEntry { id: TenantId::from_bytes(found.get(0)?), name: found.get(1)? };
        of_tenant(database, tenant.id, &mut declaration).await?;
        declaration.tenants.push(tenant);
    }
    Ok(declaration)
}

/// A host that a tenant's application is reached at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationHost {
    pub tenant_id: TenantId,
    pub application_id: ApplicationId,
    /// `host` or `host:port`, in lower case, with the prefix where there is one.
    pub host: String,
}

/// Those of all tenants' applications, also of deactivated ones.
pub async fn hosts(database: &Database) -> Result<Vec<ApplicationHost>, Error> {
    let read = |found: &Row| {
        let domain: String = found.get(4)?;
        let prefix: Option<String> = match found.get::<String>(2)? == IdentifierType::DomainPrefix.name() {
            true => Some(found.get(3)?),
            false => None,
        };
        Ok(ApplicationHost {
            tenant_id: TenantId::from_bytes(found.get(0)?),
            application_id: ApplicationId::from_bytes(found.get(1)?),
            host: prefix.map_or_else(|| domain.clone(), |prefix| format!("{prefix}.{domain}")),
        })
    };
    database.read_rows(&HOSTS, params![]).await?.iter().map(read).collect()
}

async fn of_tenant(database: &Database, tenant_id: TenantId, declaration: &mut Declaration) -> Result<(), Error> {
    let key = params![tenant_id.bytes()];
    for found in database.read_rows(&CONTEXTS, key).await? {
        let id = CustomerContextId::from_bytes(found.get(0)?);
        declaration.customer_contexts.push(CustomerContextEntry { id, tenant_id, name: found.get(1)? });
    }
    for found in database.read_rows(&APPLICATIONS, key).await? {
        declaration.applications.push(application(database, &found).await?);
    }
    for found in database.read_rows(&ACCOUNTS, key).await? {
        declaration.accounts.push(account(&found, tenant_id)?);
    }
    for found in database.read_rows(&MEMBERS, key).await? {
        declaration.members.push(MemberEntry {
            tenant_id,
            customer_id: CustomerId::from_bytes(found.get(0)?),
            account_id: AccountId::from_bytes(found.get(1)?),
            roles: json(&found, 2)?,
        });
    }
    for found in database.read_rows(&LISTS, key).await? {
        declaration.item_lists.push(item_list(database, &found, tenant_id).await?);
    }
    Ok(())
}

async fn application(database: &Database, found: &Row) -> Result<ApplicationEntry, Error> {
    let read = read_application(found)?;
    let domains = database.read_rows(&DOMAINS, params![read.tenant_id.bytes(), read.id.bytes()]).await?;
    Ok(ApplicationEntry {
        id: read.id,
        tenant_id: read.tenant_id,
        name: read.name,
        token: read.token,
        identifier_type: read.identifier_type,
        identifier_value: read.identifier_value,
        customer_context_id: read.customer_context_id,
        issuer: read.issuer,
        client_id: read.client_id,
        gateway_client_id: read.gateway_client_id,
        domains: domains.iter().map(|domain| domain.get(0)).collect::<Result<_, _>>()?,
        origins: read.origins,
        deactivated: read.deactivated,
        default_locale: read.default_locale,
        allowed_locales: read.allowed_locales,
        storefront: read.storefront,
    })
}

fn account(found: &Row, tenant_id: TenantId) -> Result<AccountEntry, Error> {
    Ok(AccountEntry {
        id: AccountId::from_bytes(found.get(0)?),
        tenant_id,
        parent_account_id: found.get::<Option<[u8; 16]>>(1)?.map(AccountId::from_bytes),
        name: found.get(2)?,
        account_number: found.get(3)?,
        status: match found.get::<String>(4)?.as_str() {
            "ACTIVE" => AccountStatus::Active,
            "INACTIVE" => AccountStatus::Inactive,
            other => {
                let detail = format!("another account status: {other}");
                return Err(Error::Decode(Box::new(Cause { statement: "account", detail })));
            }
        },
    })
}

async fn item_list(database: &Database, found: &Row, tenant_id: TenantId) -> Result<ItemListEntry, Error> {
    let id = ItemListId::from_bytes(found.get(0)?);
    let items = database.read_rows(&ITEMS, params![tenant_id.bytes(), id.bytes()]).await?;
    let items = items.iter().map(|item| {
        Ok(ItemEntry {
            id: ItemListItemId::from_bytes(item.get(0)?),
            product_id: item.get(1)?,
            name: item.get(2)?,
            quantity: item.get(3)?,
        })
    });
    Ok(ItemListEntry {
        id,
        tenant_id,
        customer_id: None,
        application_id: found.get::<Option<[u8; 16]>>(1)?.map(ApplicationId::from_bytes),
        name: found.get(2)?,
        items: items.collect::<Result<_, Error>>()?,
    })
}
