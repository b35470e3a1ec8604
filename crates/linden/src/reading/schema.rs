//! The JSON Schema of a file, for editors: made of the types that it is read into, so that it cannot tell anything else.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// JSON, with a line break at the end.
pub fn schema<T: JsonSchema>() -> String {
    format!("{:#}\n", schema_value::<T>())
}

pub fn schema_value<T: JsonSchema>() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    schema
}

/// TOML has no null: what may be absent is left out.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            if let Some(Value::Array(types)) = members.get_mut("type") {
                types.retain(|one| one != "null");
                if let [one] = &types[..] {
                    let one = one.clone();
                    members.insert("type".to_owned(), one);
                }
            }
            if let Some(Value::Array(values)) = members.get_mut("enum") {
                values.retain(|value| !value.is_null());
            }
            if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
                choices.retain(|choice| choice.get("type").is_none_or(|one| one != "null"));
                if let [Value::Object(one)] = &choices[..] {
                    let one = one.clone();
                    members.remove("anyOf");
                    one.into_iter().for_each(|(name, value)| {
                        members.entry(name).or_insert(value);
                    });
                }
            }
            members.values_mut().for_each(without_null);
        }
        Value::Array(values) => values.iter_mut().for_each(without_null),
        _ => {}
    }
}
