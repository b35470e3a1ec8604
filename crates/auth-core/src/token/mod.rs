//! What goes into tokens: which scopes are granted, what may be done with them, which claims say so.

mod access_token_hash;
mod algorithm;
mod attribute_claims;
mod claims;
mod lifetime;
mod requested_claims;
mod scope_narrowing;

#[cfg(test)]
pub(crate) mod tests;

pub use access_token_hash::access_token_hash;
pub use algorithm::{access_token_algorithm, algorithms, id_token_algorithm};
pub use attribute_claims::{
    AttributeClaims, InvalidClaimMapping, WithAttributes, attribute_claims, check_claim_mappings, told_mappings,
    too_long_for,
};
pub use claims::{
    ACCESS_TOKEN_CONTRIBUTORS, Contributor, InvalidContributors, Subject, check_contributors, identity, is_reserved,
    profile,
};
pub use lifetime::{access_token_lifetime, client_token_lifetime, code_lifetime, id_token_lifetime};
pub use requested_claims::{attribute_claims_with, profile_with};
pub use scope_narrowing::{Granted, client_authorities, narrow, permitted};
