//! `${origin}` in a text stands for what the command knows; `$${` is how a text says `${` itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use crate::reading::{Complaints, Place};

pub type Variables = BTreeMap<String, String>;

/// In every text below `value`. An unknown variable is a mistake at the text that names it.
pub(super) fn substitute(
    value: &mut Spanned<DeValue<'_>>,
    file: usize,
    variables: &Variables,
    complaints: &mut Complaints,
) {
    let place = Place { file, offset: value.span().start };
    match value.get_mut() {
        DeValue::String(text) if text.contains("${") => match filled(text, variables) {
            Ok(filled) => *text = Cow::Owned(filled),
            Err(message) => complaints.add(place, message),
        },
        DeValue::Array(values) => {
            values.iter_mut().for_each(|value| substitute(value, file, variables, complaints));
        }
        DeValue::Table(table) => {
            table.iter_mut().for_each(|(_, value)| substitute(value, file, variables, complaints));
        }
        _ => {}
    }
}

fn filled(text: &str, variables: &Variables) -> Result<String, String> {
    let (mut filled, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('$') {
            filled.push_str(before);
            filled.push_str("${");
            rest = &from[2..];
            continue;
        }
        let end = from.find('}').ok_or("${ is not closed: write ${name}, or $${ for the characters themselves")?;
        let name = &from[2..end];
        let value = variables.get(name).ok_or_else(|| unknown(name, variables))?;
        filled.push_str(before);
        filled.push_str(value);
        rest = &from[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

fn unknown(name: &str, variables: &Variables) -> String {
    let known: Vec<String> = variables.keys().map(|name| format!("${{{name}}}")).collect();
    match known.is_empty() {
        true => format!("${{{name}}} stands for nothing here: start `linden dev` once, or give --public-origin"),
        false => format!("${{{name}}} is unknown: there is {}", known.join(" and ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_and_dollars_can_be_written() {
        let variables = Variables::from([("origin".to_owned(), "http://localhost:1".to_owned())]);
        for (text, wanted) in [
            ("${origin}/auth", "http://localhost:1/auth"),
            ("a ${origin} b ${origin}", "a http://localhost:1 b http://localhost:1"),
            ("$${origin} costs $5", "${origin} costs $5"),
        ] {
            assert_eq!(filled(text, &variables).as_deref(), Ok(wanted));
        }
        assert_eq!(filled("${port}", &variables).unwrap_err(), "${port} is unknown: there is ${origin}");
        assert!(filled("${origin", &variables).unwrap_err().contains("not closed"));
        assert!(filled("${origin}", &Variables::new()).unwrap_err().contains("--public-origin"));
    }
}
