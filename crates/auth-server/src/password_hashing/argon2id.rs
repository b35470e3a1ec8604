use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

use super::HashingError;

/// OWASP's figures for Argon2id.
pub(super) const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_LENGTH: usize = 32;
pub(super) const BLOCKS: u32 = MEMORY_KIB * PASSES;
/// Fewer than these are no work.
const LEAST_BLOCKS: u32 = 8;

/// PHC string of a new hash.
pub(super) fn hash(password: &str, salt: &[u8; 16], memory: &mut Vec<Block>) -> Result<String, HashingError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_LENGTH)).map_err(|_| HashingError::Failed)?;
    let mut hash = [0; HASH_LENGTH];
    fill(params, password, salt, &mut hash, memory)?;
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    Ok(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}"))
}

/// `stored` was read by [`auth_core::password::HashKind::of`], so it is well-formed and within bounds.
pub(super) fn verify(password: &str, stored: &str, memory: &mut Vec<Block>) -> Result<bool, HashingError> {
    let parsed = Phc::new(stored).map_err(|_| HashingError::Failed)?;
    let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else { return Err(HashingError::Failed) };
    let params = Params::try_from(&parsed).map_err(|_| HashingError::Failed)?;
    let mut hash = vec![0; expected.as_bytes().len()];
    fill(params, password, salt.as_ref(), &mut hash, memory)?;
    Ok(hash.ct_eq(expected.as_bytes()).into())
}

/// Fills as many blocks to no purpose, `memory_kib` of them at a time.
pub(super) fn pad(password: &str, blocks: u32, memory_kib: u32, memory: &mut Vec<Block>) -> Result<(), HashingError> {
    let mut left = blocks;
    while left >= LEAST_BLOCKS {
        let now = left.min(memory_kib.max(LEAST_BLOCKS));
        let params = Params::new(now, 1, LANES, Some(HASH_LENGTH)).map_err(|_| HashingError::Failed)?;
        fill(params, password, &[0; 16], &mut [0; HASH_LENGTH], memory)?;
        left -= now;
    }
    Ok(())
}

/// The thread's memory grows to what a hash needs, and is kept as the module's head tells.
fn fill(
    params: Params,
    password: &str,
    salt: &[u8],
    hash: &mut [u8],
    memory: &mut Vec<Block>,
) -> Result<(), HashingError> {
    let blocks = params.block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::default());
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, hash, &mut memory[..blocks])
        .map_err(|_| HashingError::Failed)
}
