//! `linden export`: what is there, as a file that `linden apply` reads. Passwords and secrets are hashes in it; a secret that
//! is derived from the master key stays so, since another installation has another key.
//!
//! Applying an export where it came from changes nothing; applying it elsewhere makes what exports as the same file. What
//! was not declared (sessions, keys, what customers made themselves) is no part of it. What files cannot say is told.

mod accounts;
mod applications;
mod clients;
mod names;
mod servers;
mod users;

use auth_core::time::Timestamp;
use auth_store::apply::Declaration as AuthDeclaration;
use commerce::apply::Declaration as ShopDeclaration;
use database::{Database, Error};

use super::file::File;
use super::run::DeriveSecret;
use super::tables::Tenant;
pub(super) use names::Names;

pub struct Export {
    /// TOML.
    pub text: String,
    /// What a file cannot declare, a sentence each.
    pub left_out: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nothing that could be applied again.
    #[error("{entry}: {what} cannot be written into a file: {reason}")]
    Unfit { entry: String, what: &'static str, reason: String },
    #[error(
        "{entry}: the name of its customer context is not known: apply the files that declare it once more, then export"
    )]
    UnnamedContext { entry: String },
    #[error("the file cannot be written: {0}")]
    Toml(#[from] toml::ser::Error),
    #[error(transparent)]
    Storage(#[from] Error),
}

/// `derive_secret` is how this installation derives secrets, for those to be known again.
pub async fn export(
    auth: &Database,
    shop: &Database,
    derive_secret: &DeriveSecret,
    now: Timestamp,
) -> Result<Export, ExportError> {
    let auth = auth_store::export::declaration(auth, now).await?;
    let shop = commerce::export::declaration(shop).await?;
    let names = Names::new([(&auth, &shop)]);
    let (file, left_out) = file(&auth, &shop, &names, derive_secret)?;
    Ok(Export { text: written(&file)?, left_out })
}

/// Declarations as the tables that would declare them, and what those cannot say.
pub(super) fn file(
    auth: &AuthDeclaration,
    shop: &ShopDeclaration,
    names: &Names<'_>,
    derive_secret: &DeriveSecret,
) -> Result<(File, Vec<String>), ExportError> {
    let mut left_out = Vec::new();
    let file = File {
        tenant: shop
            .tenants
            .iter()
            .map(|tenant| Ok(Tenant { name: names::text(&tenant.name, "name", &tenant.name)? }))
            .collect::<Result<_, ExportError>>()?,
        authorization_server: servers::servers(auth, names, &mut left_out)?,
        scope: servers::scopes(auth, names)?,
        role: servers::roles(auth, names)?,
        client: clients::clients(auth, names, derive_secret)?,
        user: users::users(auth, names)?,
        application: applications::applications(shop, names, &mut left_out)?,
        account: accounts::accounts(shop, names, &mut left_out)?,
        item_list: applications::item_lists(shop, names, &mut left_out)?,
    };
    Ok((file, left_out))
}

/// `${` stands for a variable in a file, `$${` for itself.
fn written(file: &File) -> Result<String, ExportError> {
    Ok(toml::to_string(file)?.replace("${", "$${"))
}
