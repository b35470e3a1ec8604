//! Servers by turns, in short rounds.
//!
//! 1. Servers are bound to one core, the generator to another: a server's rate is what one core does.
//! 2. In each round every subject works once, in an order that turns from round to round, so that what the machine does
//!    meanwhile meets all of them.
//! 3. A ratio is taken within a round; the median of the rounds counts.
//! 4. A server's CPU time, divided by what it answered, is read beside it: it holds when rates are noisy.

mod busy;
mod cores;
mod median;
mod percentile;
mod process;
mod rounds;

pub use busy::Busy;
pub use cores::Cores;
pub use median::{Spread, spread};
pub use percentile::percentile;
pub use process::Server;
pub use rounds::{Rounds, Sample, Subject};
