//! Keys of a server: made at first start, replaced in time, kept encrypted under the master key (rule 12).

mod master_key;
mod master_keys;
mod new_key;
mod rewrap;
mod rotation;
mod server_keys;

pub(crate) use master_key::Sealer;
pub use master_key::{MasterKey, SealError};
pub use master_keys::{KeyRing, MasterKeys, UnreadableKeys};
pub use new_key::make_first;
pub use rewrap::rewrap;
pub use rotation::{retire, rotate, rotate_due};
pub use server_keys::{KeyError, KeySource, ServerKeys, check_keys};
