use crate::{Error, FromValue, Value};

/// One row of an answer, detached from its connection.
#[derive(Clone, Debug)]
pub struct Row {
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Row {
        Row { values }
    }

    /// The column at `index`, counted from 0. A missing column or another kind of value is [`Error::Decode`].
    pub fn get<T: FromValue>(&self, index: usize) -> Result<T, Error> {
        let value = self
            .values
            .get(index)
            .ok_or_else(|| Error::decode(format!("no column {index} of {}", self.values.len())))?;
        T::from_value(value)
            .ok_or_else(|| Error::decode(format!("column {index} holds {}, expected {}", value.kind(), T::EXPECTED)))
    }

    /// How many columns the row has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
