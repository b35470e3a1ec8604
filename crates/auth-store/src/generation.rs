//! The generation: a number that every administrative write raises in its own transaction, and that running servers
//! poll, so that they drop what they cached.

use database::{Announcements, Database, Error, Transaction, params, statements};

statements! {
    READ = "SELECT value FROM generation WHERE name = 'auth'";
    RAISE = "INSERT INTO generation (name, value) VALUES ('auth', 1) \
             ON CONFLICT (name) DO UPDATE SET value = generation.value + 1";
    MAKE = "INSERT INTO generation (name, value) VALUES ('auth', 0) ON CONFLICT DO NOTHING";
    LOCK = "UPDATE generation SET value = value WHERE name = 'auth'";
}

const TOPIC: &str = "generation";

/// Of a raised number, where and when they get through: whoever listens polls as well.
pub fn announcements(database: &Database) -> Announcements {
    database.listen(TOPIC)
}

pub async fn read(database: &Database) -> Result<i64, Error> {
    let row = database.read_optional(&READ, params![]).await?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Makes administrative writes go one after the other: whoever comes next waits here until the caller is done.
pub(crate) async fn lock(transaction: &mut Transaction) -> Result<(), Error> {
    transaction.execute(&MAKE, params![]).await?;
    transaction.execute(&LOCK, params![]).await.map(|_| ())
}

/// As it stands within the caller's administrative write: after [`raise`], no other write has the same.
pub(crate) async fn current(transaction: &mut Transaction) -> Result<i64, Error> {
    transaction.one(&READ, params![]).await?.get(0)
}

/// Has every node read everything anew, though nothing was written.
pub async fn announce(database: &Database) -> Result<(), Error> {
    database.write(|transaction| Box::pin(raise(transaction))).await
}

/// Within the caller's administrative write.
pub async fn raise(transaction: &mut Transaction) -> Result<(), Error> {
    transaction.execute(&RAISE, params![]).await?;
    transaction.announce(TOPIC).await
}
