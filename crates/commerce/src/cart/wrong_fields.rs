use auth_protocol::problem::FieldError;

use crate::cart::item_list::WrongValue;
use crate::web::failure::{Failure, field_error};

/// An answer names no more, so that it stays short.
const MOST_TOLD: usize = 20;

/// What is wrong with the fields of a body; all of it is told at once.
#[derive(Default)]
pub(super) struct WrongFields {
    found: Vec<FieldError>,
    /// Where in the body the fields stand that are read now, such as `put[3].`.
    place: String,
}

impl WrongFields {
    /// From here on, fields stand at this place.
    pub(super) fn at(&mut self, place: String) -> &mut Self {
        self.place = place;
        self
    }

    pub(super) fn unless<T>(&mut self, field: &str, value: Result<T, WrongValue>) -> Option<T> {
        value.map_err(|wrong| self.add(field, wrong)).ok()
    }

    fn add(&mut self, field: &str, wrong: WrongValue) {
        if self.found.len() < MOST_TOLD {
            let path = format!("{}{field}", self.place);
            self.found.push(field_error(&path, wrong.code(), format!("The {field} {wrong}.")));
        }
    }

    pub(super) fn none(self) -> Result<(), Failure> {
        if self.found.is_empty() { Ok(()) } else { Err(self.into()) }
    }
}

impl From<WrongFields> for Failure {
    fn from(wrong: WrongFields) -> Self {
        Failure::Fields(wrong.found)
    }
}
