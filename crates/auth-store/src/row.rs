//! Columns of the domain's types.

use auth_core::time::Timestamp;
use database::{Cause, Error, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) fn time(row: &Row, column: usize) -> Result<Timestamp, Error> {
    row.get(column).map(Timestamp)
}

pub(crate) fn optional_time(row: &Row, column: usize) -> Result<Option<Timestamp>, Error> {
    Ok(row.get::<Option<i64>>(column)?.map(Timestamp))
}

/// A column of JSON text that this crate wrote.
pub(crate) fn json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, Error> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|error| unreadable(column, &error.to_string()))
}

pub(crate) fn optional_json<T: DeserializeOwned>(row: &Row, column: usize) -> Result<Option<T>, Error> {
    if row.get::<Option<String>>(column)?.is_some() { json(row, column).map(Some) } else { Ok(None) }
}

/// What [`json`] reads.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| unreadable(0, &error.to_string()))
}

pub(crate) fn unreadable(column: usize, why: &str) -> Error {
    Error::Decode(Box::new(Cause { statement: "auth-store", detail: format!("column {column}: {why}") }))
}
