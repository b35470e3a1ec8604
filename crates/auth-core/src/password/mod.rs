//! Passwords: the form in which they are hashed and compared, and the hashes that are accepted from elsewhere.

mod imported_hash;
mod typed;
mod work;

pub use imported_hash::{HashKind, InvalidPasswordHash};
pub use typed::{InvalidPassword, TypedPassword, canonical_password};
pub use work::{Padding, SlowestHashes, padding};
