//! What goes over the wire: identifiers, scopes, permissions, claims, errors, signed tokens and key sets.
//!
//! No I/O, no async, no clock: everything here is a value or a pure function, so that the authorization server, the
//! services and outsiders who verify our tokens share one vocabulary.

pub mod claims;
pub mod forwarding;
pub mod id;
pub mod jwk;
pub mod jws;
pub mod oauth_error;
pub mod permission;
pub mod problem;
pub mod refused;
pub mod scope;
pub mod strict_transport;
