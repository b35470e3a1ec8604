use database::{Database, Error, Transaction, params, statements};

statements! {
    READ_GENERATION = "SELECT value FROM generation WHERE name = 'commerce'";
    MAKE_GENERATION = "INSERT INTO generation (name, value) VALUES ('commerce', 0) ON CONFLICT DO NOTHING";
    LOCK_GENERATION = "UPDATE generation SET value = value WHERE name = 'commerce'";
    RAISE_GENERATION = "UPDATE generation SET value = value + 1 WHERE name = 'commerce'";
}

/// Rises with every change by [`crate::apply`]. A node that polls it knows when what it caches is old.
pub async fn generation(database: &Database) -> Result<i64, Error> {
    let row = database.read_optional(&READ_GENERATION, params![]).await?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Makes administrative writes go one after the other: whoever comes next waits here until the caller is done.
pub(crate) async fn lock(transaction: &mut Transaction) -> Result<(), Error> {
    transaction.execute(&MAKE_GENERATION, params![]).await?;
    transaction.execute(&LOCK_GENERATION, params![]).await.map(|_| ())
}

/// Within the caller's administrative write, after [`lock`]; the new number.
pub(crate) async fn raise(transaction: &mut Transaction) -> Result<i64, Error> {
    transaction.execute(&RAISE_GENERATION, params![]).await?;
    transaction.one(&READ_GENERATION, params![]).await?.get(0)
}
