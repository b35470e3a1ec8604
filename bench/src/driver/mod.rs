//! The load generator: virtual users in a closed loop, each on a connection of its own that it keeps; where times count
//! and not rates, one who waits for nobody (`one_by_one`), or requests at a steady rate (`paced`).
//!
//! It must cost less than the servers that it drives: requests that do not change are bytes made once, answers are read
//! no further than they must be.

mod answer;
mod connection;
mod load;
mod one_by_one;
mod paced;
mod sign_in;

pub use connection::{Connection, Target};
pub use load::{Crowd, Visit};
pub use one_by_one::{LookUps, SignIns};
pub use paced::Paced;
pub use sign_in::Credentials;
