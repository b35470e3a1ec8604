//! Who calls, and may they? For any axum service: verified access tokens (RFC 9068), and policies of permission *and*
//! ownership.
//!
//! A request to a guarded service goes through these steps:
//!
//! 1. `Authorization` is read: exactly one header, scheme `Bearer` (RFC 6750 §2.1).
//! 2. The token is looked up among those verified lately; a new one has its issuer found among the configured ones and its
//!    signature, type, audience, times and tenant checked ([`Guard::verify`]).
//! 3. `X-Context-Request`, when there, must agree with the token; what counts is always the token.
//! 4. The handler gets a [`Caller`] and asks its [`Policy`] for a [`Permit`].
//! 5. Storage demands that permit as an argument: an unchecked call does not compile.
//!
//! One line says who may call an endpoint:
//!
//! ```
//! use std::sync::Arc;
//!
//! use auth_protocol::id::CustomerId;
//! use axum::extract::Path;
//! use axum::routing::get;
//! use axum::{Json, Router};
//! use resource_guard::{Caller, Customer, FetchError, Guard, GuardOptions, Permit, Policy, Read, Refusal, Resource};
//!
//! #[derive(Clone, Copy)]
//! struct Payment;
//! impl Resource for Payment {
//!     const ROOT: &'static str = "PAYMENT";
//! }
//!
//! // This line: `READ_PAYMENT` (or `ALL_PAYMENT`), and only the customer whose payments they are.
//! const READ_PAYMENTS: Policy<Read, Payment, Customer> = Policy::operation(Read).root(Payment).owned_by(Customer);
//!
//! async fn payments(caller: Caller, Path(customer): Path<CustomerId>) -> Result<Json<Vec<String>>, Refusal> {
//!     let permit = READ_PAYMENTS.check(&caller, customer)?;
//!     Ok(Json(stored_payments(&permit)))
//! }
//!
//! /// Whom it reads for comes out of the permit, and only a policy makes permits.
//! fn stored_payments(permit: &Permit<Read, Payment, Customer>) -> Vec<String> {
//!     vec![format!("a payment of {} at {}", permit.owner(), permit.tenant_id())]
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! # let fetch = |_url: String| async { Err::<bytes::Bytes, _>(FetchError::new("no network here")) };
//! let guard = Guard::new(GuardOptions { issuers: vec![], fetch: Arc::new(fetch), clock: Arc::new(|| 1_764_000_000) });
//! let router: Router = Router::new()
//!     .route("/customers/{id}/payments", get(payments))
//!     .route_layer(guard.layer())
//!     .with_state(guard.clone());
//! # use tower::ServiceExt;
//! # let request = http::Request::get("/customers/01K0000000000000000000000A/payments");
//! # let answer = router.oneshot(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
//! # assert_eq!(answer.status(), 401);
//! # assert_eq!(answer.headers()["www-authenticate"], "Bearer");
//! # }
//! ```
//!
//! What a node caches is bounded in size and age; it can lose it at any time.

mod answer;
mod bearer;
mod caller;
mod context_request;
#[cfg(fuzzing)]
pub mod fuzzing;
mod guard;
mod key_set;
mod layer;
mod permit;
mod policy;
mod refusal;
mod token_cache;
mod verification;

pub use answer::{ProblemAnswer, request_id, with_request_id};
pub use caller::Caller;
pub use context_request::ContextRequest;
pub use guard::{Clock, Guard, GuardOptions, TrustedIssuer};
pub use key_set::{FetchError, KeySetFetch};
pub use layer::{GuardLayer, GuardService};
pub use permit::Permit;
pub use policy::{
    Account, Create, Customer, Delete, Nobody, OperationKind, OwnerKind, Ownership, Policy, Read, Requirement,
    Resource, Update,
};
pub use refusal::Refusal;
pub use verification::TokenError;
