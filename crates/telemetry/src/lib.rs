//! What a process tells about itself: to which request a line of its log belongs, and what it counts and times. It knows
//! no HTTP and no database, so that everything may depend on it.

pub mod metrics;
pub mod request;
