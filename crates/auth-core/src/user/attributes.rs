//! What a shop keeps of a user beside the fields that every user has: a loyalty tier, an employee number.
//!
//! A name stands for a text, a number, a yes or no, or a list of texts. All of them together stay small, because they are
//! read with the user at every token.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

const MOST: usize = 32;
const NAME_BYTES: usize = 64;
/// Of one value, as JSON.
pub const VALUE_BYTES: usize = 1024;
/// Of all names and values, as JSON.
const ALL_BYTES: usize = 4000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be a text, a number, true or false, or a list of texts")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum AttributeValue {
    Flag(bool),
    Number(serde_json::Number),
    Text(String),
    Texts(Vec<String>),
}

impl AttributeValue {
    /// How long it is in a token or an answer.
    pub fn json_bytes(&self) -> usize {
        serde_json::to_vec(self).map_or(usize::MAX, |json| json.len())
    }

    pub fn to_json(&self) -> serde_json::Value {
        match self {
            AttributeValue::Flag(flag) => (*flag).into(),
            AttributeValue::Number(number) => number.clone().into(),
            AttributeValue::Text(text) => text.as_str().into(),
            AttributeValue::Texts(texts) => texts.as_slice().into(),
        }
    }

    fn texts(&self) -> &[String] {
        match self {
            AttributeValue::Flag(_) | AttributeValue::Number(_) => &[],
            AttributeValue::Text(text) => std::slice::from_ref(text),
            AttributeValue::Texts(texts) => texts,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAttributes {
    #[error("there are more than {MOST} attributes")]
    TooMany,
    #[error("the name {0:?} is not 1 to {NAME_BYTES} letters, digits or - . _")]
    Name(String),
    #[error("{0} is longer than {VALUE_BYTES} bytes")]
    ValueTooLong(String),
    #[error("{0} holds control characters")]
    ControlCharacters(String),
    #[error("together they are longer than {ALL_BYTES} bytes")]
    TooLong,
}

/// By name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, AttributeValue>", into = "BTreeMap<String, AttributeValue>")]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(with = "BTreeMap<String, AttributeValue>", inline)
)]
pub struct Attributes(BTreeMap<String, AttributeValue>);

impl Attributes {
    pub fn get(&self, name: &str) -> Option<&AttributeValue> {
        self.0.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &AttributeValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// A name that an attribute can have.
pub fn is_attribute_name(name: &str) -> bool {
    (1..=NAME_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
}

impl TryFrom<BTreeMap<String, AttributeValue>> for Attributes {
    type Error = InvalidAttributes;
    fn try_from(attributes: BTreeMap<String, AttributeValue>) -> Result<Self, InvalidAttributes> {
        if attributes.len() > MOST {
            return Err(InvalidAttributes::TooMany);
        }
        for (name, value) in &attributes {
            if !is_attribute_name(name) {
                return Err(InvalidAttributes::Name(name.chars().take(NAME_BYTES).collect()));
            }
            if value.texts().iter().any(|text| text.contains(char::is_control)) {
                return Err(InvalidAttributes::ControlCharacters(name.clone()));
            }
            if value.json_bytes() > VALUE_BYTES {
                return Err(InvalidAttributes::ValueTooLong(name.clone()));
            }
        }
        match serde_json::to_vec(&attributes) {
            Ok(json) if json.len() <= ALL_BYTES => Ok(Self(attributes)),
            _ => Err(InvalidAttributes::TooLong),
        }
    }
}

impl From<Attributes> for BTreeMap<String, AttributeValue> {
    fn from(attributes: Attributes) -> Self {
        attributes.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Attributes, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn texts_numbers_flags_and_lists_of_texts_are_kept_as_they_are() {
        let json = r#"{"club":["gold","2026"],"employee":17,"newsletter":true,"rate":0.5,"tier":"gold"}"#;
        let attributes = read(json).unwrap();
        assert_eq!(serde_json::to_string(&attributes).unwrap(), json);
        let values: serde_json::Map<_, _> =
            attributes.iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
        assert_eq!(serde_json::to_string(&values).unwrap(), json);
        assert_eq!(attributes.get("tier"), Some(&AttributeValue::Text("gold".to_owned())));
    }

    #[test]
    fn what_is_no_attribute_is_refused() {
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(VALUE_BYTES));
        let many: Vec<String> = (0..33).map(|number| format!("\"a{number}\":1")).collect();
        let large: Vec<String> = (0..5).map(|number| format!("\"a{number}\":\"{}\"", "x".repeat(900))).collect();
        for (json, why) in [
            (r#"{"a":null}"#, "must be a text"),
            (r#"{"a":{"b":1}}"#, "must be a text"),
            (r#"{"a":[1]}"#, "must be a text"),
            (r#"{"a b":1}"#, "the name \"a b\""),
            (r#"{"":1}"#, "the name \"\""),
            (r#"{"a":"line\nline"}"#, "control characters"),
            (r#"{"a":["ok","\u0000"]}"#, "control characters"),
            (long.as_str(), "longer than 1024"),
            (&format!("{{{}}}", many.join(",")), "more than 32"),
            (&format!("{{{}}}", large.join(",")), "longer than 4000"),
        ] {
            let refused = read(json).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }
}
