//! One row as declared: compared with what is there, and written when it differs.

use database::{Error, FromValue, Row, Statement, Transaction, Value};
use serde::Serialize;

use super::Outcome;
use crate::row;

/// The statements of a table. Parameters are the key, then the content, then what else a new or changed row needs.
pub(super) struct Table {
    /// Answers the content.
    pub(super) read: &'static Statement,
    pub(super) insert: &'static Statement,
    pub(super) update: &'static Statement,
}

impl Table {
    pub(super) async fn write(
        &self,
        transaction: &mut Transaction,
        key: &[Value],
        content: &[Value],
        rest: &[Value],
    ) -> Result<Outcome, Error> {
        let values = [key, content, rest].concat();
        match transaction.optional(self.read, key).await? {
            None => transaction.execute(self.insert, &values).await.map(|_| Outcome::Created),
            Some(row) if is_same(&row, content)? => Ok(Outcome::Unchanged),
            Some(_) => transaction.execute(self.update, &values).await.map(|_| Outcome::Changed),
        }
    }
}

/// Whether a row's first columns hold this content.
pub(super) fn is_same(row: &Row, content: &[Value]) -> Result<bool, Error> {
    for (column, declared) in content.iter().enumerate() {
        if row.get::<Stored>(column)?.0 != comparable(declared) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A column of any kind.
struct Stored(Value);

impl FromValue for Stored {
    const EXPECTED: &'static str = "anything";

    fn from_value(value: &Value) -> Option<Self> {
        Some(Self(comparable(value)))
    }
}

/// One engine keeps booleans as numbers.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Boolean(answer) => Value::Integer((*answer).into()),
        other => other.clone(),
    }
}

/// The text of a JSON column: the same for the same content, so that texts can be compared.
pub(super) fn json(content: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(content).map_err(|error| row::unreadable(0, &error.to_string()))
}
