//! What both engines accept and yet do differently, or what one of the databases we want to run on lacks. No engine tells
//! these; [`Database::prepare_all`](crate::Database::prepare_all) does, and so every store's test.

#[cfg(test)]
mod tests;

use crate::{Error, Statement};

/// A word and why it may not stand in a statement.
const FORBIDDEN_WORDS: &[(&str, &str)] = &[
    ("LIKE", "letters of both cases match in SQLite"),
    ("GLOB", "PostgreSQL has none"),
    ("ILIKE", "SQLite has none"),
    ("LOWER", "SQLite knows ASCII letters only; canonical forms are made in Rust"),
    ("UPPER", "SQLite knows ASCII letters only; canonical forms are made in Rust"),
    ("NOW", "times come from outside"),
    ("CURRENT_TIMESTAMP", "times come from outside"),
    ("CURRENT_DATE", "times come from outside"),
    ("RANDOM", "randomness comes from outside"),
    ("SHARE", "poolers and distributed databases have no such locks; update the owner's row instead"),
];
/// Parts of words and signs likewise.
const FORBIDDEN_PARTS: &[(&str, &str)] = &[
    ("FOR UPDATE", "SQLite and distributed databases have no such locks; update the owner's row instead"),
    ("PG_ADVISORY", "SQLite, poolers and distributed databases have no such locks; update the owner's row instead"),
    ("->", "JSON operators differ; JSON is read in Rust"),
    ("::", "SQLite has no such cast; write CAST(… AS …)"),
];
const CASTS: [&str; 2] = ["BIGINT", "TEXT"];

/// The first thing in the statement that the two engines don't agree on.
pub(crate) fn check(statement: &Statement) -> Result<(), Error> {
    match objection(statement.text()) {
        None => Ok(()),
        Some(objection) => Err(Error::statement(statement.name(), objection)),
    }
}

fn objection(text: &str) -> Option<String> {
    let text = without_literals(text).to_ascii_uppercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let told = |(what, why): &(&str, &str)| format!("{what}: {why}");
    let word = FORBIDDEN_WORDS.iter().find(|(word, _)| words.contains(word)).map(told);
    let one_space = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let part = FORBIDDEN_PARTS.iter().find(|(part, _)| one_space.contains(part)).map(told);
    word.or(part).or_else(|| wrong_cast(&one_space))
}

/// Literals are data: `'like'` is no operator.
fn without_literals(text: &str) -> String {
    text.split('\'').step_by(2).collect::<Vec<_>>().join("''")
}

fn wrong_cast(text: &str) -> Option<String> {
    text.match_indices("CAST(").find_map(|(place, opening)| {
        let cast = &text[place + opening.len()..];
        let target = cast[..closing(cast)].trim_end().rsplit(' ').next()?;
        (!CASTS.contains(&target)).then(|| format!("CAST to {target}: casts only to BIGINT and TEXT"))
    })
}

/// Where the bracket that was open before `text` closes.
fn closing(text: &str) -> usize {
    let mut depth = 1;
    for (place, sign) in text.char_indices() {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return place;
        }
    }
    text.len()
}
