//! What customers may change of their own record, and what it may hold.

#[cfg(test)]
mod tests;

use auth_protocol::problem::FieldError;
use serde::Deserialize;
use serde_json::Value;
use url::Host;

use crate::text::{WrongText, readable};
use crate::web::body::present;
use crate::web::failure::{Failure, field_error};

/// A merge patch of a customer (RFC 7396). The members are values of any kind, so that all that is wrong is told at once;
/// those that others decide are known by name, to say so.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct ProfilePatch {
    #[serde(deserialize_with = "present")]
    full_name: Option<Value>,
    #[serde(deserialize_with = "present")]
    phone: Option<Value>,
    #[serde(deserialize_with = "present")]
    contact_email: Option<Value>,
    #[serde(deserialize_with = "present")]
    email: Option<Value>,
    #[serde(deserialize_with = "present")]
    id: Option<Value>,
    #[serde(deserialize_with = "present")]
    customer_context_id: Option<Value>,
    #[serde(deserialize_with = "present")]
    created_at: Option<Value>,
    #[serde(deserialize_with = "present")]
    updated_at: Option<Value>,
    #[serde(deserialize_with = "present")]
    version: Option<Value>,
}

/// What is `None` stays; `Some(None)` empties the field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ProfileChange {
    pub(crate) full_name: Option<String>,
    pub(crate) phone: Option<Option<String>>,
    pub(crate) contact_email: Option<Option<String>>,
}

/// What is wrong with a value; the text follows the field's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum WrongProfile {
    #[error(transparent)]
    Text(#[from] WrongText),
    #[error("is a text")]
    NoText,
    #[error("is needed and cannot be emptied")]
    Needed,
    #[error("is a phone number: 5 to 15 digits, with a + before them and blanks, - . / ( ) between them if you like")]
    Phone,
    #[error("is an e-mail address, such as anna@shop.example")]
    Email,
    #[error("belongs to the sign-in and is not changed here; contactEmail is where the shop writes to")]
    OfTheSignIn,
    #[error("is not for customers to change")]
    NotChangeable,
}

impl WrongProfile {
    fn code(self) -> &'static str {
        match self {
            WrongProfile::Text(wrong) => wrong.code(),
            WrongProfile::NoText => "invalid",
            WrongProfile::Needed => "required",
            WrongProfile::Phone => "phone",
            WrongProfile::Email => "email",
            WrongProfile::OfTheSignIn | WrongProfile::NotChangeable => "not_changeable",
        }
    }
}

impl ProfilePatch {
    pub(crate) fn read(self) -> Result<ProfileChange, Failure> {
        let mut errors = Vec::new();
        let mut refuse = |field: &str, wrong: WrongProfile| errors.push(error(field, wrong));
        let mut change = ProfileChange::default();
        match self.full_name.map(|value| text_of(&value)?.ok_or(WrongProfile::Needed).and_then(full_name)) {
            Some(Err(wrong)) => refuse("fullName", wrong),
            name => change.full_name = name.and_then(Result::ok),
        }
        match self.phone.map(|value| text_of(&value)?.map(phone).transpose()) {
            Some(Err(wrong)) => refuse("phone", wrong),
            phone => change.phone = phone.and_then(Result::ok),
        }
        match self.contact_email.map(|value| text_of(&value)?.map(email).transpose()) {
            Some(Err(wrong)) => refuse("contactEmail", wrong),
            email => change.contact_email = email.and_then(Result::ok),
        }
        if self.email.is_some() {
            refuse("email", WrongProfile::OfTheSignIn);
        }
        for (field, value) in [
            ("id", self.id),
            ("customerContextId", self.customer_context_id),
            ("createdAt", self.created_at),
            ("updatedAt", self.updated_at),
            ("version", self.version),
        ] {
            if value.is_some() {
                refuse(field, WrongProfile::NotChangeable);
            }
        }
        if errors.is_empty() { Ok(change) } else { Err(Failure::Fields(errors)) }
    }
}

fn error(field: &str, wrong: WrongProfile) -> FieldError {
    field_error(field, wrong.code(), format!("The {field} {wrong}."))
}

fn text_of(value: &Value) -> Result<Option<&str>, WrongProfile> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(WrongProfile::NoText),
    }
}

fn full_name(text: &str) -> Result<String, WrongProfile> {
    Ok(readable(text, 100)?)
}

fn phone(text: &str) -> Result<String, WrongProfile> {
    let text = readable(text, 32)?;
    let number = text.strip_prefix('+').unwrap_or(&text);
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit() || b" -./()".contains(&byte));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if is_plain && (5..=15).contains(&digits) { Ok(text) } else { Err(WrongProfile::Phone) }
}

/// The shape alone; only a letter that arrives tells whether there is such an address.
fn email(text: &str) -> Result<String, WrongProfile> {
    let text = readable(text, 254)?;
    let (local, domain) = text.rsplit_once('@').ok_or(WrongProfile::Email)?;
    let is_local =
        (1..=64).contains(&local.len()) && !local.contains(|c: char| c.is_whitespace() || "@,;<>\"()".contains(c));
    let has_labels = domain.contains('.') && domain.split('.').all(|label| !label.is_empty());
    let is_domain = has_labels && matches!(Host::parse(domain), Ok(Host::Domain(_)));
    if is_local && is_domain { Ok(text) } else { Err(WrongProfile::Email) }
}
