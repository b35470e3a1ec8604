//! The rules of the authorization server, a module a feature: pure and synchronous. No HTTP, no database, no clock, no
//! randomness of its own; what time it is and what is stored comes in as values, what to do goes out as values.

pub mod authorization;
pub mod client;
pub mod login;
pub mod logout;
pub mod password;
pub mod role;
pub mod server;
pub mod session;
pub mod signing_key;
pub mod time;
pub mod token;
pub mod user;
pub mod user_operation;
