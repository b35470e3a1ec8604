use jiff::Timestamp;
use serde::{Serialize, Serializer};

/// A page of a list, or all of it.
#[derive(Serialize)]
pub(crate) struct List<T> {
    pub(crate) content: Vec<T>,
    /// To be sent as `cursor` for what follows; null at the end.
    pub(crate) cursor: Option<String>,
}

impl<T> List<T> {
    pub(crate) fn complete(content: Vec<T>) -> Self {
        Self { content, cursor: None }
    }
}

/// Tables keep microseconds, bodies say RFC 3339.
pub(crate) fn rfc3339<S: Serializer>(micros: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    let time = Timestamp::from_microsecond(*micros).map_err(serde::ser::Error::custom)?;
    serializer.collect_str(&format_args!("{time:.6}"))
}
