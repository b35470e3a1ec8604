//! Columns of JSON text.

use database::{Cause, Error, Row};
use serde::de::DeserializeOwned;

/// A column that this crate wrote.
pub(crate) fn json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, Error> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| {
        Error::Decode(Box::new(Cause { statement: "commerce", detail: format!("column {column}: {error}") }))
    })
}
