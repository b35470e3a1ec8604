//! Identifiers: ULIDs, 16 bytes in tables, 26 characters outside, a type each so that no two kinds can be mixed up.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Crockford's base 32, as the ULID specification has it.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The text is not 26 characters of Crockford's base 32, or stands for more than 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ULID: 26 characters 0-9 A-Z without I, L, O, U are needed")]
pub struct InvalidId;

/// True for text that has a ULID's shape. Client ids must not (RFC 9700 §4.15: a client is never mistaken for a user).
pub fn looks_like_ulid(text: &str) -> bool {
    parse(text).is_ok()
}

/// 48 bits of milliseconds, then 80 random bits.
fn compose(unix_millis: u64, random: [u8; 10]) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&unix_millis.to_be_bytes()[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes
}

/// Five bits a character, and three in the first.
fn write(bytes: [u8; 16]) -> [u8; 26] {
    let mut value = u128::from_be_bytes(bytes);
    let mut text = [0; 26];
    for character in text.iter_mut().rev() {
        *character = ALPHABET[(value & 31) as usize];
        value >>= 5;
    }
    text
}

/// In UTF-8 whatever happens: the alphabet is ASCII.
fn as_text(written: &[u8; 26]) -> &str {
    std::str::from_utf8(written).unwrap_or_default()
}

/// What each byte stands for, in either case.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < ALPHABET.len() {
        let character = ALPHABET[digit];
        digits[character as usize] = digit as u8;
        digits[character.to_ascii_lowercase() as usize] = digit as u8;
        digit += 1;
    }
    digits
};
const NO_DIGIT: u8 = u8::MAX;

fn parse(text: &str) -> Result<[u8; 16], InvalidId> {
    let text = text.as_bytes();
    if text.len() != 26 || text[0] > b'7' {
        return Err(InvalidId);
    }
    let mut value: u128 = 0;
    for character in text {
        match DIGITS[usize::from(*character)] {
            NO_DIGIT => return Err(InvalidId),
            digit => value = (value << 5) | u128::from(digit),
        }
    }
    Ok(value.to_be_bytes())
}

/// Reads an id from text wherever a format keeps it, without a copy.
struct IdText;

impl serde::de::Visitor<'_> for IdText {
    type Value = [u8; 16];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ULID")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<[u8; 16], E> {
        parse(text).map_err(E::custom)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            pub fn new(unix_millis: u64, random: [u8; 10]) -> Self {
                Self(compose(unix_millis, random))
            }

            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            pub const fn bytes(self) -> [u8; 16] {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(as_text(&write(self.0)))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(as_text(&write(self.0)))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(IdText).map(Self)
            }
        }
    )*};
}

ids! {
    /// A merchant.
    TenantId;
    /// One storefront of a tenant.
    ApplicationId;
    /// The pool of customers that applications of a tenant share.
    CustomerContextId;
    /// An authorization server: one issuer, one pool of users.
    ServerId;
    /// Someone who can sign in at one authorization server.
    UserId;
    /// The customer service's record of a shopper.
    CustomerId;
    /// A B2B company.
    AccountId;
    /// One browser signed in at one authorization server (`sid`).
    SessionId;
    /// What one authorization gave to one client (`gid`): the root of its codes and tokens.
    GrantId;
    /// One token (`jti`).
    TokenId;
    /// One entry of the audit trail.
    AuditEventId;
    /// A named list of products.
    ItemListId;
    /// One product on an item list.
    ItemListItemId;
    /// One HTTP request, in logs and error answers.
    RequestId;
}

impl AuditEventId {
    /// Of an administrative write, without randomness: no other write has its generation, no other event of it the number.
    pub fn of_write(unix_millis: u64, generation: i64, number: u32) -> Self {
        let mut place = [0; 10];
        place[..6].copy_from_slice(&generation.to_be_bytes()[2..]);
        place[6..].copy_from_slice(&number.to_be_bytes());
        Self::new(unix_millis, place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn text_and_bytes_are_the_same_id(bytes: [u8; 16]) {
            let id = UserId::from_bytes(bytes);
            let text = id.to_string();
            prop_assert_eq!(text.len(), 26);
            prop_assert_eq!(text.parse::<UserId>().unwrap(), id);
            prop_assert_eq!(text.to_lowercase().parse::<UserId>().unwrap(), id);
        }

        #[test]
        fn later_ids_sort_later(first in 0u64..1 << 47, gap in 1u64..1 << 40, a: [u8; 10], b: [u8; 10]) {
            prop_assert!(UserId::new(first, a).to_string() < UserId::new(first + gap, b).to_string());
        }
    }

    #[test]
    fn what_is_no_ulid_is_refused() {
        for text in ["", "01", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ", "0123456789ABCDEFGHJKMNPQRI", "storefront"] {
            assert_eq!(text.parse::<UserId>(), Err(InvalidId), "{text}");
            assert!(!looks_like_ulid(text));
        }
        assert!(looks_like_ulid("01ZZZZZZZZZZZZZZZZZZZZZZZZ"));
    }
}
