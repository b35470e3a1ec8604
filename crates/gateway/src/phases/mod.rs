pub mod address;
pub mod context;
pub mod forward;
pub mod guest_token;
pub mod resolve_application;
pub mod respond;
pub mod strip;
