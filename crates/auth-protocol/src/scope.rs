//! Scope strings (RFC 6749 §3.3): a set, written with single spaces, kept in the order asked for.

use std::fmt;

use serde::{Deserialize, Serialize};

pub const OPENID: &str = "openid";
pub const PROFILE: &str = "profile";
pub const EMAIL: &str = "email";
pub const ADDRESS: &str = "address";
pub const PHONE: &str = "phone";

/// The scopes that OpenID Connect defines; they carry no permissions.
pub const OPENID_CONNECT: [&str; 5] = [OPENID, PROFILE, EMAIL, ADDRESS, PHONE];

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a scope is made of printable ASCII without space, quote and backslash, separated by single spaces")]
pub struct InvalidScope;

/// Scope names without repetition, in the order in which they were named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeSet(Vec<String>);

impl ScopeSet {
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        let mut names: Vec<String> = Vec::new();
        for name in text.split(' ').filter(|name| !name.is_empty()) {
            if !name.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
                return Err(InvalidScope);
            }
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        Ok(Self(names))
    }

    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those names that `keep` lets pass, order untouched.
    pub fn retain(&self, mut keep: impl FnMut(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|name| keep(name)).cloned().collect())
    }
}

impl<S: Into<String>> FromIterator<S> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        let mut set = Self::default();
        for name in names.into_iter().map(Into::into) {
            if !set.contains(&name) {
                set.0.push(name);
            }
        }
        set
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl TryFrom<String> for ScopeSet {
    type Error = InvalidScope;
    fn try_from(text: String) -> Result<Self, InvalidScope> {
        Self::parse(&text)
    }
}

impl From<ScopeSet> for String {
    fn from(set: ScopeSet) -> String {
        set.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_in_the_order_asked_for() {
        let set = ScopeSet::parse("USER  CUSTOMER USER openid").unwrap();
        assert_eq!(set.to_string(), "USER CUSTOMER openid");
        assert!(set.contains("openid") && !set.contains("user"));
    }

    #[test]
    fn control_characters_and_quotes_are_refused() {
        for text in ["USER\n", "A\"B", "A\\B", "ü", "A\0"] {
            assert_eq!(ScopeSet::parse(text), Err(InvalidScope), "{text:?}");
        }
    }
}
