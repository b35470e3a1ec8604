use std::fmt::{Display, Formatter, Result, Write};

use super::{Comparison, Operand, Query};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Query::All(parts) => joined(f, parts, ';'),
            Query::Any(parts) => joined(f, parts, ','),
            Query::Comparison(comparison) => comparison.fmt(f),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Query], separator: char) -> Result {
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            f.write_char(separator)?;
        }
        match part {
            Query::Comparison(comparison) => comparison.fmt(f)?,
            group => write!(f, "({group})")?,
        }
    }
    Ok(())
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let (field, values): (_, Vec<String>) = match &self.operand {
            Operand::Names(names) => ("name", names.iter().map(|name| quoted(name.as_str())).collect()),
            Operand::Ids(ids) => ("id", ids.iter().map(ToString::to_string).collect()),
        };
        write!(f, "{field}{}", self.operator.text())?;
        let values = values.join(",");
        if self.operator.takes_many() { write!(f, "({values})") } else { f.write_str(&values) }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for character in text.chars() {
        if matches!(character, '\'' | '\\') {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted.push('\'');
    quoted
}
