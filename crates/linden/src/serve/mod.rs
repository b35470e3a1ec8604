//! Listening: an accept loop of our own, because limits belong to it.
//!
//! 1. Sockets are bound before anything else is built, so that the port is known and a taken one is said at once.
//! 2. At most so many connections at a time are served; some more are told 503; beyond that accepting waits.
//! 3. Each connection speaks HTTP/1.1 or, when TLS agreed on it, HTTP/2; a head must arrive within a time and a size.
//! 4. At most so many requests at a time are worked on or wait to be sent; beyond that the answer is 503 at once.
//! 5. A connection on which nothing happens ends, whoever is to blame; a request whose body does not come at a pace fails.
//! 6. At the end readiness falls and answers ask their connections to be closed; after a delay no new connections are
//!    taken, what is under way finishes, and after a grace time the rest is cut. The management listener goes last.

mod bind;
mod connection;
mod ending;
mod limits;
mod load;
mod management;
mod open_files;
mod overload;
mod paced;
mod readiness;
mod run;
mod serving;
mod timed;
mod tls;

#[cfg(test)]
mod tests;

pub use bind::bind;
pub use ending::{Ending, Signals};
pub use limits::Limits;
pub use load::Load;
pub use management::{HEALTHY, management};
pub use readiness::{NotReady, Readiness};
pub use run::{Served, run};
pub use serving::Serving;
pub use tls::{CertificateFiles, SOON, Tls, certificate_end, shown};
