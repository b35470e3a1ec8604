//! Whose password it is, and the hash from elsewhere that it replaces.

use auth_core::password::TypedPassword;
use auth_core::user::{Identifier, User};
use auth_protocol::id::ServerId;
use auth_store::Error;
use auth_store::user::{PasswordHash, PasswordUpgrade, StoredPassword};

use crate::password_hashing::HashingError;
use crate::state::AppState;

/// A user whose password was right.
pub(super) struct Proven {
    pub user: User,
    /// The hash that it was compared with: the sign-in counts while it is the user's.
    pub proved: PasswordHash,
    pub password_upgrade: Option<PasswordUpgrade>,
}

/// The same work whether the user exists, has a password, is enabled, or none of it.
pub(super) async fn prove<E: From<Error> + From<HashingError>>(
    state: &AppState,
    server: ServerId,
    identifier: Option<&Identifier>,
    password: &str,
) -> Result<Option<Proven>, E> {
    let slowest = auth_store::user::slowest_hashes(&state.database, server).await?;
    let found = match identifier {
        Some(identifier) => auth_store::user::find_for_sign_in(&state.database, server, identifier).await?,
        None => None,
    };
    let (user, stored) = found.map_or((None, None), |(user, stored)| (Some(user), stored));
    let typed = TypedPassword::read(password);
    let matches = state.hashing.prove(typed.clone(), stored.clone(), slowest).await?;
    let Some(user) = user.filter(|user| matches && user.enabled) else { return Ok(None) };
    let Some(stored) = stored else { return Ok(None) };
    let proved = stored.hash.clone();
    let password_upgrade = if stored.is_imported { upgrade(state, &typed, stored).await } else { None };
    Ok(Some(Proven { user, proved, password_upgrade }))
}

/// Whoever signs in is not kept waiting for it: with too much to do, it is for another time.
async fn upgrade(state: &AppState, typed: &TypedPassword, stored: StoredPassword) -> Option<PasswordUpgrade> {
    let canonical = typed.canonical()?.to_owned();
    let to = state.hashing.hash(canonical, state.random.as_ref()).await.ok()?;
    Some(PasswordUpgrade { from: stored.hash, to: PasswordHash(to) })
}
