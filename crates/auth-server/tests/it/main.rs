//! The authorization server as a browser and a client see it: a [`shop::Shop`] in this process, its clock in the test's
//! hand, and [`browser::Browser`]s that keep cookies and follow redirects by hand. Files are named by feature.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by failing")]

mod account;
mod algorithms;
mod anything;
mod attribute_claims;
mod audit;
mod authorize;
mod bad_input;
mod bad_parameters;
mod browser;
mod call;
mod client_credentials;
mod commits;
mod cookies;
mod cors;
mod coverage;
mod discovery;
mod form_post;
mod generation;
mod id_token_hint;
mod imported_password;
mod jobs;
mod key_rotation;
mod keys;
mod lifetimes;
mod limits;
mod lock_out;
mod login;
mod logout;
mod logout_variants;
mod metrics;
mod native;
mod not_offered;
mod pages;
mod posted;
mod postgres;
mod private_key_jwt;
mod pushed;
mod requested_claims;
mod restart;
mod rewrap;
mod seed;
mod session;
mod shop;
mod staleness;
mod storage_failure;
mod token;
mod token_claims;
mod user_info;
mod user_operation;
