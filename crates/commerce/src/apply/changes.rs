use std::fmt;

use auth_protocol::id::TenantId;
use database::Outcome;

/// What became of each entry, in the order of the declaration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub entries: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub tenant_id: TenantId,
    pub id: String,
    pub kind: Kind,
    /// The entry's name; a member's is `CUSTOMER in ACCOUNT`, by ids.
    pub name: String,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Tenant,
    CustomerContext,
    Application,
    Customer,
    Account,
    Member,
    ItemList,
}

impl Changes {
    /// True when the declaration changed nothing.
    pub fn is_empty(&self) -> bool {
        self.written().next().is_none()
    }

    pub(crate) fn written(&self) -> impl Iterator<Item = &Change> {
        self.entries.iter().filter(|change| change.outcome != Outcome::Unchanged)
    }

    pub(crate) fn add(&mut self, tenant_id: TenantId, kind: Kind, id: impl fmt::Display, name: &str, outcome: Outcome) {
        self.entries.push(Change { tenant_id, id: id.to_string(), kind, name: name.to_owned(), outcome });
    }
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Tenant => "tenant",
            Kind::CustomerContext => "customer context",
            Kind::Application => "application",
            Kind::Customer => "customer",
            Kind::Account => "account",
            Kind::Member => "account member",
            Kind::ItemList => "item list",
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.kind.name(), self.name, self.outcome.name())
    }
}
