//! Values that cannot be wrong: each refuses, while it is read, what it must not be.

use std::fmt;

use auth_core::client::{is_acceptable_client_id, is_https_or_loopback};
use auth_core::password::{HashKind, InvalidPasswordHash};
use auth_core::time::Timestamp;
use auth_core::user::{InvalidIdentifier, canonical_email, canonical_username};
use auth_protocol::permission::Permission;
use auth_protocol::scope::{OPENID_CONNECT, ScopeSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::reading::Within;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident = $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String")]
        #[schemars(with = "String", inline)]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                let check: fn(&str) -> Result<(), String> = $check;
                check(&text)?;
                Ok(Self(text))
            }
        }
    )*};
}

texts! {
    /// What people read: 1 to 255 characters that show, without spaces around them.
    Name = name;
    ClientId = |text| match is_acceptable_client_id(text) {
        true => Ok(()),
        false => Err("must be 1 to 64 letters, digits or - . _ ~, and not shaped like a ULID".to_owned()),
    };
    /// A security scope of ours; OpenID Connect's are there without being declared.
    ScopeName = |text| match ScopeSet::parse(text) {
        _ if OPENID_CONNECT.contains(&text) => Err(format!("{text} is OpenID Connect's and there already: leave it out")),
        // Tokens name both in one list.
        _ if text.parse::<Permission>().is_ok() => {
            Err(format!("{text} is a permission's name: whoever asks for the scope must not seem to hold it"))
        }
        Ok(set) if set.contains(text) => Ok(()),
        _ => Err("must be printable ASCII without space, quote and backslash".to_owned()),
    };
    Issuer = issuer;
    Domain = domain;
    /// `https://shop.example`.
    Origin = |text| match Url::parse(text) {
        Ok(url) if url.origin().ascii_serialization() == text => Ok(()),
        _ => Err("must be an origin such as https://shop.example, without a slash at the end".to_owned()),
    };
    ProductId = |text| match (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:".contains(&byte))
    {
        true => Ok(()),
        false => Err("must be 1 to 64 letters, digits or - . _ :".to_owned()),
    };
    Phone = |text| match text.strip_prefix('+') {
        Some(digits) if (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(()),
        _ => Err("must be + and 5 to 15 digits, such as +4721234567".to_owned()),
    };
}

fn name(text: &str) -> Result<(), String> {
    if text.trim() != text || text.is_empty() {
        return Err("must not be empty nor have spaces around it".to_owned());
    }
    if text.chars().count() > 255 {
        return Err("must not be longer than 255 characters".to_owned());
    }
    match text.chars().any(char::is_control) {
        true => Err("must not hold control characters".to_owned()),
        false => Ok(()),
    }
}

fn issuer(text: &str) -> Result<(), String> {
    let wrong = || "must be an address such as https://shop.example/auth, without a slash at the end".to_owned();
    let url = Url::parse(text).map_err(|_| wrong())?;
    if !is_https_or_loopback(&url) {
        return Err("must be https; http only on localhost, 127.0.0.1 or [::1]".to_owned());
    }
    let plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    let as_written = url.as_str().trim_end_matches('/') == text;
    if plain && as_written { Ok(()) } else { Err(wrong()) }
}

fn domain(text: &str) -> Result<(), String> {
    let wrong = || "must be a host such as shop.example or localhost:8080, in lower case, and nothing else".to_owned();
    let url = Url::parse(&format!("http://{text}/")).map_err(|_| wrong())?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = format!("{}{port}", url.host_str().unwrap_or_default());
    if host == text { Ok(()) } else { Err(wrong()) }
}

/// A name to sign in with, as written and in the form in which two spellings are found to be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct Username {
    pub typed: String,
    pub canonical: String,
}

impl From<Username> for String {
    fn from(username: Username) -> String {
        username.typed
    }
}

impl TryFrom<String> for Username {
    type Error = InvalidIdentifier;
    fn try_from(typed: String) -> Result<Self, InvalidIdentifier> {
        // Whoever signs in with an address is looked for by its canonical form.
        let canonical = if typed.contains('@') { canonical_email(&typed)? } else { canonical_username(&typed)? };
        Ok(Self { typed, canonical })
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct Email {
    pub typed: String,
    pub canonical: String,
}

impl TryFrom<String> for Email {
    type Error = InvalidIdentifier;
    fn try_from(typed: String) -> Result<Self, InvalidIdentifier> {
        Ok(Self { canonical: canonical_email(&typed)?, typed })
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.typed
    }
}

/// A hash from elsewhere. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct PasswordHash {
    pub hash: String,
    pub kind: HashKind,
}

impl TryFrom<String> for PasswordHash {
    type Error = InvalidPasswordHash;
    fn try_from(hash: String) -> Result<Self, InvalidPasswordHash> {
        Ok(Self { kind: HashKind::of(&hash)?, hash })
    }
}

impl From<PasswordHash> for String {
    fn from(hash: PasswordHash) -> String {
        hash.hash
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// A SHA-256 hash, written as 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct Sha256(pub [u8; 32]);

impl TryFrom<String> for Sha256 {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        let wrong = "must be 64 hexadecimal digits, such as `printf %s SECRET | sha256sum` prints";
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong);
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&text[at..at + 2], 16).map_err(|_| wrong)?;
        }
        Ok(Self(bytes))
    }
}

impl From<Sha256> for String {
    fn from(hash: Sha256) -> String {
        hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A point in time as RFC 3339 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub struct Time(pub Timestamp);

impl TryFrom<String> for Time {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, &'static str> {
        let read = text.parse::<jiff::Timestamp>().map_err(|_| "must be a time such as 2027-01-31T12:00:00Z")?;
        Ok(Self(Timestamp(read.as_microsecond())))
    }
}

impl From<Time> for String {
    fn from(time: Time) -> String {
        jiff::Timestamp::from_microsecond(time.0.0).map_or(String::new(), |time| time.to_string())
    }
}

pub type CodeSeconds = Within<1, 600>;
/// A token cannot be taken back before it ends: a day at most.
pub type TokenSeconds = Within<1, { auth_core::signing_key::LONGEST_TOKEN_SECONDS }>;
/// 30 days at most.
pub type InactivitySeconds = Within<1, 2_592_000>;
/// 90 days at most.
pub type SessionSeconds = Within<1, 7_776_000>;
pub type Failures = Within<0, 1000>;
/// A year at most.
pub type Minutes = Within<0, 525_600>;
/// 10 years at most.
pub type AuditDays = Within<1, 3_650>;
pub type RotationDays = Within<0, 3_650>;
/// Longer than services keep a key set when they cannot fetch another; 30 days at most.
pub type PublishHours = Within<2, 720>;
pub type FormBytes = Within<4_096, 1_048_576>;
pub type SignInMinutes = Within<1, 240>;
pub type Quantity = Within<1, 999>;
