use std::error::Error as StdError;

use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::{Error, Value};

impl ToSql for Value {
    /// The kind must be the parameter's own: an integer for BIGINT, nothing is converted.
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match (self, kind) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Integer(number), &Type::INT8) => number.to_sql(kind, out),
            (Value::Boolean(answer), &Type::BOOL) => answer.to_sql(kind, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) if text.contains('\0') => Err("NUL in a text".into()),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => text.to_sql(kind, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            (value, kind) => Err(format!("{} where {kind} is wanted", value.kind()).into()),
        }
    }

    fn accepts(_kind: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub(super) fn value_of(row: &tokio_postgres::Row, column: usize) -> Result<Value, Error> {
    let kind = row.columns()[column].type_();
    let read = match kind {
        &Type::INT8 => row.try_get::<_, Option<i64>>(column).map(Value::from),
        // What a bare literal has; tables have BIGINT alone.
        &Type::INT4 => row.try_get::<_, Option<i32>>(column).map(Value::from),
        &Type::BOOL => row.try_get::<_, Option<bool>>(column).map(Value::from),
        &Type::TEXT | &Type::VARCHAR | &Type::NAME => row.try_get::<_, Option<String>>(column).map(Value::from),
        &Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column).map(Value::from),
        other => return Err(Error::decode(format!("column {column} is of type {other}"))),
    };
    read.map_err(|error| Error::decode(error.to_string()))
}
