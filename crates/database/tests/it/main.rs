//! One text for both engines wherever they must behave alike; what only one has is in `sqlite_*` and `postgres_*`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what is wrong by failing")]

mod announcements;
mod bad_databases;
mod engines;
mod jobs;
mod leases;
mod migration_crash;
mod migrations;
mod postgres_faults;
mod postgres_limits;
mod postgres_lost_answer;
mod postgres_tls;
mod races;
mod schema;
mod sqlite_batch;
mod sqlite_crash;
mod sqlite_full_disk;
mod sqlite_inspection;
mod sqlite_readers;
mod statements;
mod values;
