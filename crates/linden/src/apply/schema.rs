//! The JSON Schema of what `linden apply` reads; `docs/configuration.schema.json` is a copy that a test compares.

use super::file::File;
use crate::reading;

pub fn schema() -> String {
    reading::schema::<File>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_is_up_to_date() {
        let copy = include_str!("../../../../docs/configuration.schema.json");
        let schema = schema();
        assert!(!schema.contains("null"));
        assert!(copy == schema, "run `linden apply --schema > docs/configuration.schema.json`");
    }
}
