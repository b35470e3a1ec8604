use database::{Database, Error, params, statements};

statements! {
    READ_GENERATION = "SELECT value FROM generation WHERE name = 'commerce'";
}

/// Rises with every change by [`crate::apply`]. A node that polls it knows when what it caches is old.
pub async fn generation(database: &Database) -> Result<i64, Error> {
    let row = database.read_optional(&READ_GENERATION, params![]).await?;
    row.map_or(Ok(0), |row| row.get(0))
}
