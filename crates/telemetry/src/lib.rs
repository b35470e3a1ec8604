//! What ties the lines that a process logs to the request they are about. It knows no HTTP and no database, so that
//! everything may depend on it.

pub mod request;
