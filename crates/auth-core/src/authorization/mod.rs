//! The authorization endpoint's rules: what a request must be, and what it is answered.

mod decision;
mod prompt;
mod proof_key;
mod request;
mod requested_claims;
mod response_mode;

#[cfg(test)]
mod tests;

pub use decision::{Decision, decide, login_required};
pub use prompt::Prompt;
pub use proof_key::{CodeChallenge, InvalidProof, check_verifier};
pub use request::{AuthorizationRequest, Parameters, Rejection, validate};
pub use requested_claims::RequestedClaims;
pub use response_mode::{ResponseMode, ReturnAddress};
