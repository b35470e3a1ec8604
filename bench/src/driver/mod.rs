//! The load generator: virtual users in a closed loop, each on a connection of its own that it keeps.
//!
//! It must cost less than the servers that it drives: requests that do not change are bytes made once, answers are read
//! no further than they must be.

mod answer;
mod connection;
mod load;
mod sign_in;

pub use connection::{Connection, Target};
pub use load::{Crowd, Visit};
