//! The guard from outside: tokens, key sets and HTTP answers.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod http_answers;
mod issuer;
mod keys;
mod tokens;
mod verified_tokens;
