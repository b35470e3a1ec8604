//! Keys of a server: made at first start, kept encrypted under the master key (rule 12).

mod master_key;
mod server_keys;

pub(crate) use master_key::Sealer;
pub use master_key::{MasterKey, SealError};
pub use server_keys::{KeyError, KeySource, ServerKeys, check_keys, make_first};
