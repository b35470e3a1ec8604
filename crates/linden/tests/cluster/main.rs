//! Many nodes serve as one, and what machines do to programs: each fault a test, under load, on both engines where it
//! applies.
//!
//! 1. People sign in, redeem codes, make lists and look at the shop all the while ([`load`]).
//! 2. A fault is injected again and again, each time after another while: a plan drawn from a seed ([`plan`]).
//! 3. All that was acknowledged is asked for again ([`ledger`]): it is there, and no code is good twice. While a fault
//!    lasts an answer may be "try again later" or missing; it may not be another.
//!
//! `LINDEN_FAULT_SEED` repeats a plan that was printed.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by failing")]

mod clock;
mod database;
mod freeze;
mod full_disk;
mod generation;
mod keys;
mod kill;
mod ledger;
mod load;
mod lost_answer;
mod many_machines;
mod plan;
mod restart;
mod sign_in;

use std::path::Path;

use test_kit::installation::Installation;

fn linden() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_linden"))
}

/// SQLite: everything in one process.
fn one_machine(data: &Path) -> Installation {
    Installation::on_one_machine(linden(), data, &[]).unwrap()
}

fn is_long() -> bool {
    std::env::var_os("LINDEN_TEST_LONG").is_some()
}
