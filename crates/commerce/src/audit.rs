//! The audit trail: who changed what, for whom, from where. Written in the transaction of the change, so that there is
//! neither a change without its event nor an event without its change.

pub(crate) mod retention;

use auth_protocol::id::{AuditEventId, TenantId};
use axum::extract::FromRequestParts;
use axum::response::Response;
use database::{Error, Transaction, params, statements};
use http::request::Parts;
use http::{HeaderMap, HeaderName};
use resource_guard::{Caller, request_id};

use crate::Services;

statements! {
    RECORD = "INSERT INTO audit_event (tenant_id, event_id, kind, actor, subject, object, remote_address, request_id, detail,
        happened_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuditKind {
    ItemListCreated,
    ItemListRenamed,
    ItemListDeleted,
    ItemPut,
    ItemChanged,
    ItemRemoved,
    /// Several at once.
    ItemsChanged,
    CustomerChanged,
    /// By a declarative file.
    Configured,
}

impl AuditKind {
    const fn name(self) -> &'static str {
        match self {
            AuditKind::ItemListCreated => "item_list_created",
            AuditKind::ItemListRenamed => "item_list_renamed",
            AuditKind::ItemListDeleted => "item_list_deleted",
            AuditKind::ItemPut => "item_put",
            AuditKind::ItemChanged => "item_changed",
            AuditKind::ItemRemoved => "item_removed",
            AuditKind::ItemsChanged => "items_changed",
            AuditKind::CustomerChanged => "customer_changed",
            AuditKind::Configured => "configured",
        }
    }
}

/// One row of the trail.
pub(crate) struct Event<'a> {
    pub(crate) id: AuditEventId,
    pub(crate) tenant: TenantId,
    pub(crate) kind: AuditKind,
    pub(crate) actor: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) object: &'a str,
    pub(crate) remote_address: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) detail: &'a str,
    pub(crate) at: i64,
}

pub(crate) async fn record(transaction: &mut Transaction, event: Event<'_>) -> Result<(), Error> {
    let values = params![
        event.tenant.bytes(),
        event.id.bytes(),
        event.kind.name(),
        event.actor,
        event.subject,
        event.object,
        event.remote_address,
        event.request_id,
        event.detail,
        event.at
    ];
    transaction.execute(&RECORD, values).await.map(|_| ())
}

/// A request that may change something: an extractor of every endpoint that writes. One request is one event at most.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// Microseconds since the epoch: the time of the change, too.
    pub(crate) at: i64,
    id: AuditEventId,
    tenant: TenantId,
    /// Who did it: the token's subject, or the representative who acts in the subject's place.
    actor: String,
    /// In whose name.
    subject: String,
    remote_address: String,
    request_id: String,
}

impl Deed {
    fn new(services: &Services, caller: &Caller, headers: &HeaderMap) -> Self {
        let (millis, random) = services.id_parts();
        let claims = caller.claims();
        Self {
            at: services.now(),
            id: AuditEventId::new(millis, random),
            tenant: caller.tenant_id(),
            actor: caller.actor().map_or_else(|| claims.sub.clone(), |actor| actor.csr_user_id.to_string()),
            subject: caller.customer_id().map_or_else(|| claims.sub.clone(), |customer| customer.to_string()),
            remote_address: remote_address(headers),
            request_id: request_id(headers).unwrap_or_default().to_owned(),
        }
    }

    /// `object` is the id of what was changed; `detail` is for people and repeats nothing that they wrote.
    pub(crate) async fn record(
        &self,
        transaction: &mut Transaction,
        kind: AuditKind,
        object: &str,
        detail: &str,
    ) -> Result<(), Error> {
        let event = Event {
            id: self.id,
            tenant: self.tenant,
            kind,
            actor: &self.actor,
            subject: &self.subject,
            object,
            remote_address: &self.remote_address,
            request_id: &self.request_id,
            detail,
            at: self.at,
        };
        record(transaction, event).await
    }
}

impl FromRequestParts<Services> for Deed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, services: &Services) -> Result<Self, Response> {
        let caller = Caller::from_request_parts(parts, services).await?;
        Ok(Self::new(services, &caller, &parts.headers))
    }
}

/// The nearest address of those that the gateway names; what is no address is left out.
fn remote_address(headers: &HeaderMap) -> String {
    let named = headers.get(FORWARDED_FOR).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let nearest = named.rsplit(',').next().unwrap_or_default().trim();
    nearest.parse::<std::net::IpAddr>().map(|address| address.to_string()).unwrap_or_default()
}

#[cfg(test)]
pub(crate) fn statements() -> Vec<&'static database::Statement> {
    [STATEMENTS, retention::STATEMENTS].concat()
}
