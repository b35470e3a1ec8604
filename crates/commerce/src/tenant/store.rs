//! Applications in the database.

use auth_protocol::id::{ApplicationId, CustomerContextId, TenantId};
use database::{Cause, Database, Error, Row, Snapshot, Statement, Value, params, statements};
use resource_guard::{Nobody, Permit, Read};

use crate::row::json;
use crate::tenant::host::HostName;
use crate::tenant::policy::Applications;
use crate::tenant::{Application, Candidate, IdentifierType};

statements! {
    /// Whatever the tenant, for operators; requests go by the next two, which can run on different machines.
    pub(crate) BY_DOMAINS = "SELECT p.application_id, p.tenant_id, p.name, p.token, p.identifier_type, p.identifier_value,
            p.customer_context_id, p.issuer, p.client_id, p.gateway_client_id, p.origins, p.deactivated, p.default_locale,
            p.allowed_locales, p.storefront, d.domain
        FROM domain d
        JOIN application_domain a ON a.tenant_id = d.tenant_id AND a.domain = d.domain
        JOIN application p ON p.tenant_id = a.tenant_id AND p.application_id = a.application_id
        WHERE d.domain IN ($1, $2, $3, $4) ORDER BY p.application_id, d.domain";
    OWNERS_OF_DOMAINS = "SELECT DISTINCT tenant_id FROM domain WHERE domain IN ($1, $2, $3, $4)";
    OF_TENANT_BY_DOMAINS = "SELECT p.application_id, p.tenant_id, p.name, p.token, p.identifier_type, p.identifier_value,
            p.customer_context_id, p.issuer, p.client_id, p.gateway_client_id, p.origins, p.deactivated, p.default_locale,
            p.allowed_locales, p.storefront, a.domain
        FROM application_domain a
        JOIN application p ON p.tenant_id = a.tenant_id AND p.application_id = a.application_id
        WHERE a.tenant_id = $1 AND a.domain IN ($2, $3, $4, $5)";
    BY_ID = "SELECT application_id, tenant_id, name, token, identifier_type, identifier_value, customer_context_id, issuer,
            client_id, gateway_client_id, origins, deactivated, default_locale, allowed_locales, storefront
        FROM application WHERE tenant_id = $1 AND application_id = $2";
    BY_TOKEN = "SELECT application_id, tenant_id, name, token, identifier_type, identifier_value, customer_context_id, issuer,
            client_id, gateway_client_id, origins, deactivated, default_locale, allowed_locales, storefront
        FROM application WHERE tenant_id = $1 AND token = $2";
    DOMAINS_OF = "SELECT domain FROM application_domain WHERE tenant_id = $1 AND application_id = $2 ORDER BY domain";
}

#[derive(Clone)]
pub(crate) struct ApplicationStore {
    database: Database,
}

impl ApplicationStore {
    pub(crate) fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }

    pub(crate) async fn by_id(
        &self,
        permit: &Permit<Read, Applications, Nobody>,
        id: ApplicationId,
    ) -> Result<Option<Application>, Error> {
        self.one(&BY_ID, params![permit.tenant_id().bytes(), id.bytes()].to_vec()).await
    }

    pub(crate) async fn by_token(
        &self,
        permit: &Permit<Read, Applications, Nobody>,
        token: &str,
    ) -> Result<Option<Application>, Error> {
        self.one(&BY_TOKEN, params![permit.tenant_id().bytes(), token].to_vec()).await
    }

    /// The tenant's own applications that a request to this host can be for.
    pub(crate) async fn by_host(
        &self,
        permit: &Permit<Read, Applications, Nobody>,
        host: &HostName,
    ) -> Result<Vec<Candidate>, Error> {
        let mut candidates = self.by_host_of_any_tenant(host).await?;
        candidates.retain(|candidate| candidate.application.tenant_id == permit.tenant_id());
        Ok(candidates)
    }

    /// For the gateway, which learns the tenant by this; it has no token yet, and so there is no permit.
    pub(crate) async fn by_host_of_any_tenant(&self, host: &HostName) -> Result<Vec<Candidate>, Error> {
        let [with_port, name] = host.exact();
        let [parent_with_port, parent] = host.prefixed().map_or_else(|| host.exact(), |(_, parents)| parents);
        self.database
            .read(move |snapshot| {
                let domains = params![&with_port, &name, &parent_with_port, &parent].to_vec();
                Box::pin(async move {
                    let mut candidates = Vec::new();
                    for owner in snapshot.rows(&OWNERS_OF_DOMAINS, &domains).await? {
                        let tenant: [u8; 16] = owner.get(0)?;
                        let values = [params![tenant].to_vec(), domains.clone()].concat();
                        for row in snapshot.rows(&OF_TENANT_BY_DOMAINS, &values).await? {
                            let application = with_domains(snapshot, application(&row)?).await?;
                            candidates.push(Candidate { domain: row.get(15)?, application });
                        }
                    }
                    candidates.sort_by(|one, other| {
                        (one.application.id, &one.domain).cmp(&(other.application.id, &other.domain))
                    });
                    Ok(candidates)
                })
            })
            .await
    }

    async fn one(&self, which: &'static Statement, values: Vec<Value>) -> Result<Option<Application>, Error> {
        self.database
            .read(move |snapshot| {
                let values = values.clone();
                Box::pin(async move {
                    match snapshot.optional(which, &values).await? {
                        Some(row) => with_domains(snapshot, application(&row)?).await.map(Some),
                        None => Ok(None),
                    }
                })
            })
            .await
    }
}

async fn with_domains(snapshot: &mut Snapshot, mut application: Application) -> Result<Application, Error> {
    let values = params![application.tenant_id.bytes(), application.id.bytes()];
    let rows = snapshot.rows(&DOMAINS_OF, values).await?;
    application.domains = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    Ok(application)
}

/// An application without its domains.
pub(crate) fn application(row: &Row) -> Result<Application, Error> {
    let kind: String = row.get(4)?;
    let identifier_type = IdentifierType::from_name(&kind).ok_or_else(|| {
        Error::Decode(Box::new(Cause { statement: "application", detail: "another identifier type".to_owned() }))
    })?;
    Ok(Application {
        id: ApplicationId::from_bytes(row.get(0)?),
        tenant_id: TenantId::from_bytes(row.get(1)?),
        name: row.get(2)?,
        token: row.get(3)?,
        identifier_type,
        identifier_value: row.get(5)?,
        customer_context_id: CustomerContextId::from_bytes(row.get(6)?),
        issuer: row.get(7)?,
        client_id: row.get(8)?,
        gateway_client_id: row.get(9)?,
        domains: Vec::new(),
        origins: json(row, 10)?,
        deactivated: row.get(11)?,
        default_locale: row.get(12)?,
        allowed_locales: json(row, 13)?,
        storefront: json(row, 14)?,
    })
}
