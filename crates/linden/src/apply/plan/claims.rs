//! The map from users' attributes to claims: what it must not say, and the values that are too long for it.

use crate::reading::Spanned;
use auth_core::server::{ClaimMapping, Server};
use auth_core::token::{check_claim_mappings, too_long_for};

use super::Lookup;
use crate::apply::declaration::{Declaration, Entry};
use crate::apply::tables::{AuthorizationServer, Claim, User};
use crate::reading::Complaints;

const LONGEST_BYTES: u16 = 128;

pub(super) fn mappings(table: &AuthorizationServer) -> Vec<ClaimMapping> {
    table.claim.iter().map(|claim| mapping(claim.get_ref())).collect()
}

fn mapping(claim: &Claim) -> ClaimMapping {
    ClaimMapping {
        attribute: claim.attribute.clone(),
        claim: claim.claim.as_ref().unwrap_or(&claim.attribute).clone(),
        places: claim.places.clone(),
        scope: claim.scope.as_ref().map(|scope| scope.as_str().to_owned()),
        longest_bytes: claim.longest_bytes.unwrap_or(LONGEST_BYTES),
    }
}

pub(super) fn check(declaration: &Declaration, lookup: &Lookup<'_>, complaints: &mut Complaints) {
    for entry in &declaration.servers {
        for (number, error) in check_claim_mappings(&mappings(&entry.table)) {
            if let Some(claim) = entry.table.claim.get(number) {
                complaints.add(entry.at(claim), format!("claim: {error}"));
            }
        }
        let Some(server) = lookup.server(&entry.table.name) else { continue };
        entry.table.claim.iter().for_each(|claim| check_scope(entry, lookup, server, claim, complaints));
    }
}

fn check_scope(
    entry: &Entry<AuthorizationServer>,
    lookup: &Lookup<'_>,
    server: &Server,
    claim: &Spanned<Claim>,
    complaints: &mut Complaints,
) {
    let Some(scope) = claim.get_ref().scope.as_ref().map(|scope| scope.as_str()) else { return };
    if !lookup.has_scope(server, scope) {
        let message = format!("scope: server {} has no [[scope]] {scope}: declare it, or leave it out", server.name);
        complaints.add(entry.at(claim), message);
    }
}

pub(super) fn check_user(entry: &Entry<User>, server: &Server, complaints: &mut Complaints) {
    let Some(attributes) = &entry.table.attributes else { return };
    for (name, value) in attributes.get_ref().iter() {
        for mapping in too_long_for(&server.settings.claims, name, value) {
            let message = format!(
                "attributes: {name} is {} bytes long, and the claim {} of server {} may be {}",
                value.json_bytes(),
                mapping.claim,
                server.name,
                mapping.longest_bytes
            );
            complaints.add(entry.at(attributes), message);
        }
    }
}
