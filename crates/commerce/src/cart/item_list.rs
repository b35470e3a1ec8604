//! What an item list may hold.

#[cfg(test)]
mod tests;

use auth_protocol::id::{ItemListId, ItemListItemId};
use serde::Serialize;

use crate::text::{WrongText, readable};
use crate::web::answer::rfc3339;

/// Lists of one customer, and public lists of one tenant.
pub const MOST_LISTS: i64 = 100;
pub const MOST_ITEMS: i64 = 500;
/// Items that one request changes.
pub const MOST_CHANGES: usize = 100;

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ItemList {
    pub(crate) id: ItemListId,
    pub(crate) name: String,
    /// `PRIVATE` or `PUBLIC`.
    pub(crate) visibility: String,
    pub(crate) items: Vec<Item>,
    #[serde(serialize_with = "rfc3339")]
    pub(crate) created_at: i64,
    #[serde(serialize_with = "rfc3339")]
    pub(crate) updated_at: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) id: ItemListItemId,
    pub(crate) product_id: String,
    pub(crate) name: String,
    pub(crate) quantity: i64,
}

/// What is wrong with a value; the text follows the field's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongValue {
    #[error("is needed")]
    Missing,
    #[error(transparent)]
    Text(#[from] WrongText),
    #[error("is made of letters, digits and - . _ : without spaces")]
    ProductId,
    #[error("is a whole number from 1 to 999")]
    Quantity,
    #[error("is no id")]
    Id,
    #[error("is there twice")]
    Twice,
}

impl WrongValue {
    pub(crate) fn code(self) -> &'static str {
        match self {
            WrongValue::Missing => "required",
            WrongValue::Text(wrong) => wrong.code(),
            WrongValue::ProductId => "product_id",
            WrongValue::Quantity => "quantity",
            WrongValue::Id => "id",
            WrongValue::Twice => "twice",
        }
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($text:ident) = $parsed:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            pub fn parse($text: &str) -> Result<Self, WrongValue> {
                let parsed: Result<String, WrongValue> = $parsed;
                parsed.map(Self)
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

texts! {
    /// One customer's lists have different names.
    ListName(text) = Ok(readable(text, 100)?);
    /// What the product was called when it was put on the list.
    ProductName(text) = Ok(readable(text, 200)?);
    /// The catalog's id of a product.
    ProductId(text) = product_id(text);
}

fn product_id(text: &str) -> Result<String, WrongValue> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte);
    match text.len() {
        1..=64 if text.bytes().all(is_plain) => Ok(text.to_owned()),
        1..=64 => Err(WrongValue::ProductId),
        _ => Err(WrongText::Length { longest: 64 }.into()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity(i64);

impl Quantity {
    pub const ONE: Quantity = Quantity(1);

    pub fn new(number: i64) -> Result<Self, WrongValue> {
        if (1..=999).contains(&number) { Ok(Self(number)) } else { Err(WrongValue::Quantity) }
    }

    pub fn get(self) -> i64 {
        self.0
    }
}
