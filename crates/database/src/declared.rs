//! Rows that a configuration declares: each is compared with what is there, and written when it differs.

use crate::{Error, FromValue, Row, Statement, Transaction, Value};

/// What became of a declared row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Created,
    Changed,
    Unchanged,
}

impl Outcome {
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Changed => "changed",
            Outcome::Unchanged => "unchanged",
        }
    }

    /// An entry of several rows: changed when any of them was.
    pub fn or_changed(self, changed: bool) -> Outcome {
        if changed && self == Outcome::Unchanged { Outcome::Changed } else { self }
    }
}

/// The statements of a table. Parameters are the key, then the content, then what else a new or changed row needs.
pub struct DeclaredTable {
    /// Answers the content.
    pub read: &'static Statement,
    pub insert: &'static Statement,
    pub update: &'static Statement,
}

impl DeclaredTable {
    pub async fn write(
        &self,
        transaction: &mut Transaction,
        key: &[Value],
        content: &[Value],
        rest: &[Value],
    ) -> Result<Outcome, Error> {
        let values = [key, content, rest].concat();
        match transaction.optional(self.read, key).await? {
            None => transaction.execute(self.insert, &values).await.map(|_| Outcome::Created),
            Some(row) if holds(&row, content)? => Ok(Outcome::Unchanged),
            Some(_) => transaction.execute(self.update, &values).await.map(|_| Outcome::Changed),
        }
    }
}

/// Whether a row's first columns hold this content.
pub fn holds(row: &Row, content: &[Value]) -> Result<bool, Error> {
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
