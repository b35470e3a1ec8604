use auth_protocol::id::ServerId;
use database::Outcome;

/// What became of each entry, in the order in which they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub entries: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub server_id: ServerId,
    pub kind: Kind,
    pub name: String,
    pub outcome: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    AuthorizationServer,
    Scope,
    Role,
    Client,
    User,
    Membership,
}

impl Changes {
    /// True when the declaration changed nothing.
    pub fn is_empty(&self) -> bool {
        self.written().next().is_none()
    }

    pub(crate) fn written(&self) -> impl Iterator<Item = &Change> {
        self.entries.iter().filter(|change| change.outcome != Outcome::Unchanged)
    }

    pub(crate) fn add(&mut self, server_id: ServerId, kind: Kind, name: &str, outcome: Outcome) {
        self.entries.push(Change { server_id, kind, name: name.to_owned(), outcome });
    }
}

impl Kind {
    pub const fn name(self) -> &'static str {
        match self {
            Kind::AuthorizationServer => "authorization server",
            Kind::Scope => "scope",
            Kind::Role => "role",
            Kind::Client => "client",
            Kind::User => "user",
            Kind::Membership => "membership",
        }
    }
}
