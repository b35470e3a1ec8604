//! The `cq` parameter: of RSQL, the one comparison `name==VALUE`, where VALUE may stand in quotes. Everything else is
//! refused by name rather than half understood.

#[cfg(test)]
mod tests;

use crate::cart::ListName;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotSupported(String);

fn not_supported<T>(what: impl Into<String>) -> Result<T, NotSupported> {
    Err(NotSupported(what.into()))
}

/// The name that is looked for.
pub(crate) fn parse(query: &str) -> Result<ListName, NotSupported> {
    let query = query.trim();
    if query.starts_with('(') {
        return not_supported("Parentheses are not supported; only name==VALUE is.");
    }
    let selector_end = query.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '_').unwrap_or(query.len());
    let (selector, rest) = query.split_at(selector_end);
    if selector.is_empty() {
        return not_supported("A comparison begins with the name of a field; only name==VALUE is supported.");
    }
    if selector != "name" {
        return not_supported(format!("The field {selector} cannot be compared; only name can."));
    }
    let Some(value) = rest.strip_prefix("==") else {
        return not_supported(format!("{} is not supported; only name==VALUE is.", operator(rest)));
    };
    let (value, rest) = value_of(value)?;
    match rest.trim_start().chars().next() {
        None => {}
        Some(';' | ',') => return not_supported("Comparisons cannot be combined by ; or , yet."),
        Some(')') => return not_supported("Parentheses are not supported; only name==VALUE is."),
        Some(_) => {
            return not_supported("A value with spaces or reserved characters must stand in quotes: name=='my list'.");
        }
    }
    ListName::parse(&value).or_else(|wrong| not_supported(format!("The name of a list {wrong}.")))
}

/// What stands where `==` should, for the message.
fn operator(rest: &str) -> String {
    let named = |text: &str| format!("The operator {text}");
    if rest.starts_with("!=") {
        return named("!=");
    }
    match rest.strip_prefix('=').and_then(|rest| rest.split_once('=')) {
        Some((word, _)) if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()) => {
            named(&format!("={word}="))
        }
        _ if rest.starts_with(['<', '>']) => named(&rest[..1]),
        _ => "What follows the field".to_owned(),
    }
}

/// The value and what follows it.
fn value_of(text: &str) -> Result<(String, &str), NotSupported> {
    match text.chars().next() {
        Some(quote @ ('\'' | '"')) => quoted(&text[1..], quote),
        _ => {
            let is_reserved = |c: char| c.is_whitespace() || "\"'();,=!~<>".contains(c);
            let (value, rest) = text.split_at(text.find(is_reserved).unwrap_or(text.len()));
            if value.contains('*') {
                return not_supported("Wildcards are not supported; a star of the name itself must stand in quotes.");
            }
            Ok((value.to_owned(), rest))
        }
    }
}

fn quoted(text: &str, quote: char) -> Result<(String, &str), NotSupported> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return Ok((value, &text[at + character.len_utf8()..]));
        }
        match character {
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            _ => value.push(character),
        }
    }
    not_supported("The quote around the value is not closed.")
}
