//! Failed sign-ins: counted by canonical identifier, whether such a user exists or not.

mod lock_out;

pub use lock_out::{FailureRecord, after_failure, answer_delay, is_locked};
