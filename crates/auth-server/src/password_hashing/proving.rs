//! Whether a password is the one that was hashed, with the same work for every user and for none.
//!
//! 1. The canonical form is compared. For a hash from elsewhere the form as entered is compared, too; while there are such
//!    hashes on the server that is done for everybody.
//! 2. Each comparison is padded to the slowest hash of each kind ([`auth_core::password::padding`]).

use argon2::Block;
use auth_core::password::{HashKind, SlowestHashes, TypedPassword, padding};
use auth_store::user::StoredPassword;

use super::{HashingError, argon2id};

/// Of bcrypt's work that is done to no purpose.
const BCRYPT_SALT: [u8; 16] = [0; 16];

pub(super) fn prove(
    password: &TypedPassword,
    stored: Option<&StoredPassword>,
    slowest: SlowestHashes,
    memory: &mut Vec<Block>,
) -> Result<bool, HashingError> {
    let canonical = compare(password.canonical().unwrap_or_default(), stored, slowest, memory)?;
    let canonical = canonical && password.canonical().is_some();
    let entered = match password.entered() {
        Some(entered) if slowest.has_imported() => {
            compare(entered, stored, slowest, memory)? && stored.is_some_and(|stored| stored.is_imported)
        }
        _ => false,
    };
    Ok(canonical || entered)
}

fn compare(
    password: &str,
    stored: Option<&StoredPassword>,
    slowest: SlowestHashes,
    memory: &mut Vec<Block>,
) -> Result<bool, HashingError> {
    // What cannot be read belongs to nobody.
    let stored = stored.and_then(|stored| Some((HashKind::of(&stored.hash.0).ok()?, stored.hash.0.as_str())));
    let padding = padding(stored.map(|(kind, _)| kind), slowest, argon2id::BLOCKS);
    let matches = match stored {
        None => false,
        Some((HashKind::Argon2id { .. }, hash)) => argon2id::verify(password, hash, memory)?,
        Some((HashKind::Bcrypt { .. }, hash)) => bcrypt_matches(password, hash),
    };
    argon2id::pad(password, padding.argon2id_blocks, slowest.argon2id_memory_kib.max(argon2id::MEMORY_KIB), memory)?;
    for cost in padding.bcrypt_costs {
        let padded = bcrypt::hash_with_salt_bytes(password, cost, BCRYPT_SALT);
        std::hint::black_box(padded.is_ok());
    }
    Ok(matches)
}

/// bcrypt sees the first 72 bytes alone, and where it was made in C it ended at a NUL: a password with one matches nothing.
fn bcrypt_matches(password: &str, hash: &str) -> bool {
    let matches = bcrypt::verify(password, hash).unwrap_or(false);
    matches && !password.contains('\0')
}
