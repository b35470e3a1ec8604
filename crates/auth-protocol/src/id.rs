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

fn format(bytes: &[u8; 16], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = u128::from_be_bytes(*bytes);
    let mut text = [0u8; 26];
    for (place, character) in text.iter_mut().enumerate() {
        *character = ALPHABET[((value >> (5 * (25 - place))) & 31) as usize];
    }
    f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
}

fn parse(text: &str) -> Result<[u8; 16], InvalidId> {
    let text = text.as_bytes();
    if text.len() != 26 || text[0] > b'7' {
        return Err(InvalidId);
    }
    let mut value: u128 = 0;
    for character in text {
        let digit = ALPHABET.iter().position(|known| *known == character.to_ascii_uppercase()).ok_or(InvalidId)?;
        value = (value << 5) | digit as u128;
    }
    Ok(value.to_be_bytes())
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
                format(&self.0, f)
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
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
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
