use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// What applying would do.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Difference {
    pub created: Vec<Created>,
    pub changed: Vec<Change>,
    /// Entries that are as declared.
    pub unchanged: usize,
}

/// An entry that is not there.
#[derive(Debug, PartialEq, Serialize)]
pub struct Created {
    pub table: &'static str,
    pub name: String,
}

#[derive(Debug, PartialEq, Serialize)]
pub struct Change {
    pub table: &'static str,
    pub name: String,
    pub fields: Vec<Field>,
}

/// By its path in the table. Secrets have no values here.
#[derive(Debug, PartialEq, Serialize)]
pub struct Field {
    pub field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.created.is_empty() && self.changed.is_empty()
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for created in &self.created {
            writeln!(f, "{} {} would be created", created.table, created.name)?;
        }
        for change in &self.changed {
            writeln!(f, "{} {} would change", change.table, change.name)?;
            change.fields.iter().try_for_each(|field| writeln!(f, "  {field}"))?;
        }
        let (created, changed) = (self.created.len(), self.changed.len());
        write!(f, "{created} to create, {changed} to change, {} unchanged; nothing was written", self.unchanged)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let told = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), Value::to_string);
        match (&self.before, &self.after) {
            (None, None) => write!(f, "{}: another", self.field),
            (before, after) => write!(f, "{}: {} -> {}", self.field, told(before), told(after)),
        }
    }
}
