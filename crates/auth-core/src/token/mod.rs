//! What goes into tokens: which scopes are granted, what may be done with them, which claims say so.

mod claims;
mod lifetime;
mod scope_narrowing;

#[cfg(test)]
mod tests;

pub use claims::{
    ACCESS_TOKEN_CONTRIBUTORS, Contributor, InvalidContributors, Subject, check_contributors, identity, profile,
};
pub use lifetime::{access_token_lifetime, code_lifetime, id_token_lifetime};
pub use scope_narrowing::{Granted, client_authorities, narrow};
