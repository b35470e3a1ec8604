//! The authorization endpoint's rules: what a request must be, and what it is answered.

mod decision;
mod proof_key;
mod request;

#[cfg(test)]
mod tests;

pub use decision::{Decision, decide};
pub use proof_key::{CodeChallenge, InvalidProof, check_verifier};
pub use request::{AuthorizationRequest, Parameters, Prompt, Rejection, validate};
