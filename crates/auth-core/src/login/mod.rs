//! Failed sign-ins: counted by canonical identifier, whether such a user exists or not.

mod lock_out;

pub use lock_out::{FailureRecord, after_failure, answer_delay, is_locked};

use aws_lc_rs::digest::{SHA256, digest};

/// What failures are counted by: a name in canonical form, whether anybody has it or not (rule 7).
pub fn identifier_hash(canonical: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, canonical.as_bytes()).as_ref());
    hash
}
