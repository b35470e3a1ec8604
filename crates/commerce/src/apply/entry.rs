//! One row as declared: compared with what is there, and written when it differs.

use database::{Error, FromValue, Row, Statement, Transaction, Value, params};

use crate::apply::Outcome;

/// The statements of a table. Parameters are the key, then the content, then the time.
pub(crate) struct Table {
    /// Answers the content.
    pub(crate) read: &'static Statement,
    pub(crate) insert: &'static Statement,
    pub(crate) update: &'static Statement,
}

impl Table {
    pub(crate) async fn write(
        &self,
        transaction: &mut Transaction,
        key: &[Value],
        content: &[Value],
        now: i64,
    ) -> Result<Outcome, Error> {
        let values = [key, content, params![now]].concat();
        match transaction.optional(self.read, key).await? {
            None => transaction.execute(self.insert, &values).await.map(|_| Outcome::Created),
            Some(row) if is_same(&row, content)? => Ok(Outcome::Unchanged),
            Some(_) => transaction.execute(self.update, &values).await.map(|_| Outcome::Changed),
        }
    }
}

fn is_same(row: &Row, content: &[Value]) -> Result<bool, Error> {
    for (column, declared) in content.iter().enumerate() {
        if row.get::<Stored>(column)?.0 != comparable(declared) {
            return Ok(false);
        }
    }
    Ok(row.len() == content.len())
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
