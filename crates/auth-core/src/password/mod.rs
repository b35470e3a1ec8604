//! Passwords: the form in which they are hashed and compared.

use precis_profiles::OpaqueString;
use precis_profiles::precis_core::profile::PrecisFastInvocation;

/// Longer input is refused before any work is done on it.
const LONGEST: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    #[error("is empty or longer than 1024 bytes")]
    Length,
    #[error("contains control characters (RFC 8265 §4.2)")]
    Characters,
}

/// PRECIS OpaqueString (RFC 8265 §4.2), so that one password typed on two keyboards matches; case stays.
pub fn canonical_password(typed: &str) -> Result<String, InvalidPassword> {
    if typed.is_empty() || typed.len() > LONGEST {
        return Err(InvalidPassword::Length);
    }
    OpaqueString::enforce(typed).map(|password| password.into_owned()).map_err(|_| InvalidPassword::Characters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_keyboards_one_password() {
        assert_eq!(canonical_password("pass\u{a0}wörd"), canonical_password("pass wo\u{308}rd"));
        assert_ne!(canonical_password("Secret"), canonical_password("secret"));
    }

    #[test]
    fn bounds_and_control_characters() {
        assert_eq!(canonical_password(""), Err(InvalidPassword::Length));
        assert_eq!(canonical_password(&"x".repeat(1025)), Err(InvalidPassword::Length));
        assert_eq!(canonical_password("a\0b"), Err(InvalidPassword::Characters));
    }
}
