//! From names to what the stores write. Names are looked for in the files first, then in the database.

mod accounts;
mod applications;
mod claims;
mod clients;
mod issuers;
mod lookup;
mod origins;
mod servers;
mod token_size;
mod users;

use std::collections::HashMap;

use auth_protocol::id::{CustomerId, ServerId};
use auth_server::environment::Random;
use auth_store::apply::{Declaration as AuthDeclaration, Known, MembershipEntry};
use commerce::apply::Declaration as CommerceDeclaration;
use commerce::export::ApplicationHost;

use super::declaration::Declaration;
use crate::reading::{Complaints, Mistakes};

pub(super) use clients::Secrets;
pub(super) use lookup::Lookup;
pub(super) use users::DEFAULT_CONTEXT;

/// Customers by server and canonical user name.
pub(super) type Customers = HashMap<(ServerId, String), CustomerId>;

/// What is to be written.
pub(super) struct Plan {
    pub(super) auth: AuthDeclaration,
    /// The ids that customers have, or will have when they are new.
    pub(super) customers: Customers,
    /// Generated secrets, each to be shown once should it become its client's.
    pub(super) generated: HashMap<(ServerId, String), String>,
}

/// What a plan needs from outside.
pub(super) struct Means<'a> {
    pub(super) random: &'a dyn Random,
    pub(super) unix_millis: u64,
    /// Hosts of the shops that the database has.
    pub(super) shops: &'a [ApplicationHost],
    pub(super) derive_secret: &'a (dyn Fn(&str, &str) -> Option<String> + Send + Sync),
}

impl Plan {
    pub(super) fn new(declaration: &Declaration, known: &Known, means: &Means<'_>) -> Result<Self, Mistakes> {
        let mut complaints = Complaints::default();
        let lookup = Lookup::new(declaration, known);
        issuers::check(declaration, &lookup, &mut complaints);
        origins::check(declaration, &lookup, means.shops, &mut complaints);
        let secrets = Secrets::new(means);
        let (clients, generated) = clients::entries(declaration, &lookup, secrets, &mut complaints);
        let (users, customers) = users::entries(declaration, &lookup, means, &mut complaints);
        let auth = AuthDeclaration {
            servers: servers::entries(declaration, &lookup, &mut complaints),
            scopes: servers::scopes(declaration, &lookup, &mut complaints),
            roles: servers::roles(declaration, &lookup, &mut complaints),
            clients,
            users,
        };
        claims::check(declaration, &lookup, &mut complaints);
        applications::check(declaration, &lookup, &auth, &mut complaints);
        accounts::check(declaration, &lookup, &customers, &mut complaints);
        token_size::check(declaration, &lookup, &auth, &mut complaints);
        complaints.finish(&declaration.files)?;
        Ok(Self { auth, customers, generated })
    }
}

/// The commerce services' part, for customers with these ids. Call it for a declaration that made a plan.
pub(super) fn commerce(declaration: &Declaration, lookup: &Lookup<'_>, customers: &Customers) -> CommerceDeclaration {
    CommerceDeclaration {
        tenants: applications::tenants(declaration),
        customer_contexts: applications::customer_contexts(declaration, lookup),
        applications: applications::entries(declaration, lookup),
        customers: users::customers(declaration, lookup, customers),
        accounts: accounts::entries(declaration, lookup),
        members: accounts::members(declaration, lookup, customers),
        item_lists: applications::item_lists(declaration),
    }
}

/// Auth's copy of the members.
pub(super) fn memberships(
    declaration: &Declaration,
    lookup: &Lookup<'_>,
    customers: &Customers,
) -> Vec<MembershipEntry> {
    accounts::memberships(declaration, lookup, customers)
}
