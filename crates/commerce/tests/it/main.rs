//! The services from outside, on both engines.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod accounts;
mod applications;
mod apply;
mod audit;
mod authorization;
mod bad_input;
mod engines;
mod item_changes;
mod item_lists;
mod items;
mod personas;
mod profile;
mod races;
mod shop;
mod storage_failure;
mod tenants_apart;
mod trusted_issuers;
