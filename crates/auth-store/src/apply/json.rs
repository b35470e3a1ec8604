use database::Error;
use serde::Serialize;

use crate::row;

/// The text of a JSON column: the same for the same content, so that texts can be compared.
pub(super) fn json(content: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(content).map_err(|error| row::unreadable(0, &error.to_string()))
}
