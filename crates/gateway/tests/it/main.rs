//! The gateway between a browser and upstreams that write down what reaches them.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod applications;
mod bad_input;
mod cross_origins;
mod files;
mod forwarding;
mod guests;
mod metrics;
mod network;
mod origin;
mod routing;
mod staleness;
mod streams;
mod upstreams;
