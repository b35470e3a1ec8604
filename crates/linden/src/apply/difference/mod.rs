//! `linden apply --dry-run`: what would be created and changed, field by field, and nothing is written.
//!
//! What is there and what is planned are both put into the tables of a file ([`super::export`]) and compared in the words of
//! the file. Both databases' parts are rehearsed before, so that what they would refuse is refused here, too.

mod compare;
mod told;

use std::collections::HashMap;

use auth_store::apply::{Declaration as AuthDeclaration, DeclaredSecret, NewPassword};
use database::Database;

use super::declaration::Declaration;
use super::export::{self, ExportError, Names};
use super::plan::{Lookup, commerce};
use super::run::{ApplyError, Environment, of_auth, of_commerce, planned};

pub use told::Difference;

#[derive(Debug, thiserror::Error)]
pub enum DryRunError {
    #[error(transparent)]
    Apply(#[from] ApplyError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error("the tables cannot be compared: {0}")]
    Compare(#[from] serde_json::Error),
    #[error(transparent)]
    Storage(#[from] database::Error),
}

pub async fn dry_run(
    declaration: &Declaration,
    auth: &Database,
    shop: &Database,
    environment: &Environment,
) -> Result<Difference, DryRunError> {
    let (known, mut plan) = planned(declaration, auth, shop, environment).await?;
    for user in &mut plan.auth.users {
        // Hashing takes its time, and no hash is shown.
        user.new_password = NewPassword::None;
    }
    let lookup = Lookup::new(declaration, &known);
    let planned_shop = commerce(declaration, &lookup, &plan.customers);
    let now = environment.now;
    commerce::apply::rehearse(shop, &planned_shop, now.0).await.map_err(|error| of_commerce(declaration, error))?;
    auth_store::apply::rehearse(auth, &plan.auth, now).await.map_err(|error| of_auth(declaration, &lookup, error))?;

    let there_auth = auth_store::export::declaration(auth, now).await?;
    let there_shop = commerce::export::declaration(shop).await?;
    let derive = &environment.derive_secret;
    let names = Names::new([(&there_auth, &there_shop)]);
    let (there, _) = export::file(&there_auth, &there_shop, &names, derive)?;
    let kept = as_kept(plan.auth, &there_auth);
    let names = Names::new([(&there_auth, &there_shop), (&kept, &planned_shop)]);
    let (wanted, _) = export::file(&kept, &planned_shop, &names, derive)?;
    Ok(compare::compare(&serde_json::to_value(there)?, &serde_json::to_value(wanted)?))
}

/// What a declaration leaves alone is as it is: a generated secret that there is, attributes that no file names.
fn as_kept(mut planned: AuthDeclaration, there: &AuthDeclaration) -> AuthDeclaration {
    let clients: HashMap<_, _> =
        there.clients.iter().map(|client| ((client.server_id, client.client_id.as_str()), client)).collect();
    for client in &mut planned.clients {
        let known = clients.get(&(client.server_id, client.client_id.as_str()));
        if let (DeclaredSecret::WhenNone(_), Some(known)) = (&client.secret, known)
            && matches!(known.secret, DeclaredSecret::Are(_))
        {
            client.secret = known.secret.clone();
        }
    }
    let users: HashMap<_, _> =
        there.users.iter().map(|user| ((user.server_id, user.username_canonical.as_str()), user)).collect();
    for user in &mut planned.users {
        if let Some(known) = users.get(&(user.server_id, user.username_canonical.as_str())) {
            user.new_customer_id = known.new_customer_id;
            user.new_password = known.new_password.clone();
            if user.attributes.is_none() {
                user.attributes.clone_from(&known.attributes);
            }
        }
    }
    planned
}
