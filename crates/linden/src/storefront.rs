//! The storefront's files, embedded when it was built before this program.

#[derive(rust_embed::Embed)]
#[folder = "../../apps/storefront/dist"]
#[allow_missing = true]
pub struct Storefront;
