//! SQLite with group commit, or PostgreSQL, behind one small interface. It knows no tables of the stores: they bring their
//! statements; its own are `schema_version` and `lease`.
//!
//! The model, in one screen:
//!
//! * **One call is one transaction.** [`Database::write`] lends a job a [`Transaction`]; when the job answers `Ok` the
//!   transaction is committed and durable before the caller hears of it, otherwise nothing of it remains.
//!   [`Database::read`] lends a [`Snapshot`]. Nobody begins or commits by hand.
//! * **A job is an `Fn` that may run three times** (PostgreSQL answers 40001 or 40P01 when writers meet), so ids, times and
//!   randomness come from outside, and what it needs is cloned into its future.
//! * **A job awaits nothing but its transaction.** On SQLite the future is polled once, on the writer's thread; one that
//!   pends is [`Error::Suspended`]. Every test on SQLite thereby proves that no network call hides in a transaction.
//! * **The first failing statement ends the job.** A unique violation is never caught: write `ON CONFLICT DO NOTHING`
//!   and read again.
//! * **One SQL text serves both engines.** Statements are constants in [`statements!`]; [`Database::prepare_all`] has each
//!   engine check them. Parameters are `$1`, `$2`, …; values have five kinds, see [`Value`].
//! * **Everything is bounded.** A full queue, a time-out, a full disk and a lost connection all answer
//!   [`Error::Unavailable`], which callers turn into 503 ([`Error::is_unavailable`]).
//!
//! How SQLite makes one flush of the disk serve everyone who waits is told at the head of `sqlite/writer.rs`; how
//! PostgreSQL's connections are lent and given up, in `postgres/connection.rs`; schema changes, in `migration.rs`; how
//! background work runs on one node at a time, in `lease.rs`.
//!
//! ```
//! use database::{Database, Migration, Migrations, SqliteOptions, params, statements};
//!
//! statements! {
//!     pub ISSUE_CODE = "INSERT INTO code (id, client) VALUES ($1, $2)";
//!     pub REDEEM_CODE = "UPDATE code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING client";
//! }
//!
//! const MIGRATIONS: Migrations = Migrations {
//!     name: "example",
//!     sqlite: &[Migration {
//!         version: 1,
//!         name: "codes",
//!         sql: "CREATE TABLE code (id BLOB NOT NULL PRIMARY KEY, client TEXT NOT NULL, used_at INTEGER) STRICT",
//!     }],
//!     postgres: &[Migration {
//!         version: 1,
//!         name: "codes",
//!         sql: r#"CREATE TABLE code (id BYTEA NOT NULL PRIMARY KEY, client TEXT COLLATE "C" NOT NULL, used_at BIGINT)"#,
//!     }],
//! };
//!
//! /// The client whose code it was, or `None` when it is unknown or used: of many who try at once, one wins.
//! async fn redeem_code(database: &Database, id: [u8; 16], now: i64) -> Result<Option<String>, database::Error> {
//!     database
//!         .write(move |transaction| {
//!             Box::pin(async move {
//!                 let row = transaction.optional(&REDEEM_CODE, params![id, now]).await?;
//!                 row.map(|row| row.get(0)).transpose()
//!             })
//!         })
//!         .await
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("example.db")))?;
//! database.migrate(&MIGRATIONS).await?;
//! database.execute(&ISSUE_CODE, params![[7; 16], "storefront"]).await?;
//! assert_eq!(redeem_code(&database, [7; 16], 1_000_000).await?.as_deref(), Some("storefront"));
//! assert_eq!(redeem_code(&database, [7; 16], 2_000_000).await?, None);
//! # database.close().await;
//! # Ok(())
//! # }
//! ```

mod announcements;
mod database;
mod declared;
mod dialect;
mod error;
mod lease;
mod measuring;
mod migration;
mod postgres;
mod row;
mod session;
mod sqlite;
mod statement;
mod transaction;
mod value;

pub use announcements::Announcements;
pub use database::Database;
pub use declared::{DeclaredTable, Outcome, holds};
pub use error::{Cause, Error, OpenError, Reason};
pub use futures::future::BoxFuture;
pub use lease::{Fence, Lease, STATEMENTS as LEASE_STATEMENTS, SteadyClock};
pub use migration::{MigrateError, Migration, Migrations};
pub use postgres::PostgresOptions;
pub use row::Row;
pub use sqlite::SqliteOptions;
pub use statement::{Prepared, Statement};
pub use transaction::{Snapshot, Transaction};
pub use value::{FromValue, Value};
