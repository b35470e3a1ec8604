//! Claims come from an ordered list of contributors: pure, each with its own names, so that no two say different things.

use std::collections::HashSet;

use auth_protocol::claims::{IdentityClaims, ProfileClaims, UserType};
use auth_protocol::scope::{EMAIL, PHONE, PROFILE, ScopeSet};

use crate::user::{Membership, User};

/// Names that belong to the protocol; no contributor may write them.
const RESERVED: [&str; 16] = [
    "iss",
    "aud",
    "exp",
    "iat",
    "nbf",
    "jti",
    "sub",
    "client_id",
    "scope",
    "authorities",
    "sid",
    "gid",
    "max",
    "act",
    "tenant_id",
    "application_id",
];

/// Names that ID tokens and user info have, those whose kind is fixed, and those that others grant rights by (RFC 9068
/// §2.2.3, RFC 7800, RFC 8693): no attribute may stand for them.
const RESERVED_FROM_ATTRIBUTES: [&str; 25] = [
    "acr",
    "address",
    "amr",
    "at_hash",
    "auth_time",
    "azp",
    "c_hash",
    "_claim_names",
    "_claim_sources",
    "cnf",
    "email",
    "email_verified",
    "entitlements",
    "events",
    "groups",
    "may_act",
    "name",
    "nonce",
    "phone_number",
    "phone_number_verified",
    "preferred_username",
    "roles",
    "s_hash",
    "sub_id",
    "updated_at",
];

/// Whether a claim is the protocol's or one of those that this server writes itself.
pub fn is_reserved(claim: &str) -> bool {
    RESERVED.contains(&claim)
        || RESERVED_FROM_ATTRIBUTES.contains(&claim)
        || ACCESS_TOKEN_CONTRIBUTORS.iter().any(|contributor| contributor.claims.contains(&claim))
}

/// Whom a token is about.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub user: &'a User,
    /// The selected account, its membership checked by the caller.
    pub account: Option<&'a Membership>,
}

/// One source of claims: the names it writes, and how.
pub struct Contributor {
    pub name: &'static str,
    pub claims: &'static [&'static str],
    pub contribute: fn(&Subject<'_>, &mut IdentityClaims),
}

/// In the order in which they run.
pub const ACCESS_TOKEN_CONTRIBUTORS: &[Contributor] = &[
    Contributor {
        name: "user",
        claims: &["user_id", "username", "full_name", "email_address", "user_type"],
        contribute: |subject, claims| {
            claims.user_id = Some(subject.user.id);
            claims.username = Some(subject.user.username.clone());
            claims.full_name = subject.user.full_name.clone();
            claims.email_address = subject.user.email.clone();
            claims.user_type = Some(subject.user.user_type);
        },
    },
    Contributor {
        name: "admin",
        claims: &["tenant_access", "application_access"],
        contribute: |subject, claims| {
            if subject.user.user_type == UserType::Admin {
                claims.tenant_access = Some(true);
            }
        },
    },
    Contributor {
        name: "customer",
        claims: &["customer_id", "customer_context_ids"],
        contribute: |subject, claims| {
            claims.customer_id = subject.user.customer_id;
            claims.customer_context_ids = subject.user.customer_context_id.map(|id| vec![id]);
        },
    },
    Contributor {
        name: "account",
        claims: &["acct_id", "parent_accts"],
        contribute: |subject, claims| {
            if let Some(account) = subject.account {
                claims.acct_id = Some(account.account_id);
                claims.parent_accts = Some(account.parent_accounts.clone());
            }
        },
    },
];

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidContributors {
    #[error("the contributor {0} writes the reserved claim {1}")]
    Reserved(&'static str, &'static str),
    #[error("two contributors write the claim {0}")]
    Twice(&'static str),
}

/// Run at start: no reserved name, no name twice.
pub fn check_contributors(contributors: &[Contributor]) -> Result<(), InvalidContributors> {
    let mut seen = HashSet::new();
    for contributor in contributors {
        for claim in contributor.claims {
            if RESERVED.contains(claim) {
                return Err(InvalidContributors::Reserved(contributor.name, claim));
            }
            if !seen.insert(*claim) {
                return Err(InvalidContributors::Twice(claim));
            }
        }
    }
    Ok(())
}

pub fn identity(contributors: &[Contributor], subject: &Subject<'_>) -> IdentityClaims {
    let mut claims = IdentityClaims::default();
    for contributor in contributors {
        (contributor.contribute)(subject, &mut claims);
    }
    claims
}

/// Standard claims, only from the scopes that grant them (OpenID Connect Core §5.4).
pub fn profile(user: &User, scope: &ScopeSet) -> ProfileClaims {
    let mut claims = ProfileClaims::default();
    if scope.contains(PROFILE) {
        claims.name = user.full_name.clone();
        claims.preferred_username = Some(user.username.clone());
    }
    if scope.contains(EMAIL) {
        claims.email = user.email.clone();
    }
    if scope.contains(PHONE) {
        claims.phone_number = user.phone.clone();
    }
    claims
}
