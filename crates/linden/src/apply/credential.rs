//! Passwords and client secrets: written out, taken from the environment, made, or derived.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    Literal(String),
    /// The name of a variable, and its value once it was looked up.
    Environment {
        variable: String,
        value: Option<String>,
    },
    Generated,
    Derived,
}

impl Credential {
    /// The text, where one was given.
    pub fn text(&self) -> Option<&str> {
        match self {
            Credential::Literal(text) => Some(text),
            Credential::Environment { value, .. } => value.as_deref(),
            Credential::Generated | Credential::Derived => None,
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}

impl Serialize for Credential {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Credential::Literal(text) = self {
            return serializer.serialize_str(text);
        }
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Credential::Environment { variable, .. } => map.serialize_entry("env", variable)?,
            Credential::Generated => map.serialize_entry("generate", &true)?,
            Credential::Derived | Credential::Literal(_) => map.serialize_entry("derived", &true)?,
        }
        map.end()
    }
}

impl JsonSchema for Credential {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Credential".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let only = |key: &str, value: Schema| {
            json_schema!({
                "type": "object", "properties": { key: value }, "required": [key], "additionalProperties": false
            })
        };
        json_schema!({ "oneOf": [
            { "type": "string" },
            only("env", json_schema!({ "type": "string" })),
            only("generate", json_schema!({ "const": true })),
            only("derived", json_schema!({ "const": true })),
        ] })
    }
}

impl<'de> Deserialize<'de> for Credential {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reading)
    }
}

struct Reading;

impl<'de> Visitor<'de> for Reading {
    type Value = Credential;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, { env = \"NAME\" }, { generate = true } or { derived = true }")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Credential, E> {
        Ok(Credential::Literal(text.to_owned()))
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Credential, M::Error> {
        let Some(key) = map.next_key::<String>()? else {
            return Err(Error::custom("one of env, generate, derived is needed"));
        };
        let credential = match key.as_str() {
            "env" => Credential::Environment { variable: map.next_value()?, value: None },
            "generate" if map.next_value()? => Credential::Generated,
            "derived" if map.next_value()? => Credential::Derived,
            "generate" | "derived" => return Err(Error::custom(format!("{key} can only be true"))),
            other => return Err(Error::unknown_field(other, &["env", "generate", "derived"])),
        };
        match map.next_key::<String>()? {
            None => Ok(credential),
            Some(_) => Err(Error::custom("one of env, generate, derived, not two of them")),
        }
    }
}
