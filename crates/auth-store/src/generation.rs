//! The generation: a number that every administrative write raises in its own transaction, and that running servers
//! poll, so that they drop what they cached.

use database::{Database, Error, Transaction, params, statements};

statements! {
    READ = "SELECT value FROM generation WHERE name = 'auth'";
    RAISE = "INSERT INTO generation (name, value) VALUES ('auth', 1) \
             ON CONFLICT (name) DO UPDATE SET value = generation.value + 1";
}

pub async fn read(database: &Database) -> Result<i64, Error> {
    let row = database.read_optional(&READ, params![]).await?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Within the caller's administrative write.
pub async fn raise(transaction: &mut Transaction) -> Result<(), Error> {
    transaction.execute(&RAISE, params![]).await.map(|_| ())
}
