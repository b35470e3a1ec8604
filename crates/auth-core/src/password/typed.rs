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

/// A password as somebody typed it, in the forms that it is compared in. `Debug` shows nothing.
#[derive(Clone)]
pub struct TypedPassword {
    canonical: Option<String>,
    /// `None` when it is no other than the canonical form, or no password at all.
    entered: Option<String>,
}

impl TypedPassword {
    pub fn read(typed: &str) -> Self {
        let canonical = canonical_password(typed).ok();
        let is_other = canonical.as_deref() != Some(typed);
        let is_one = !typed.is_empty() && typed.len() <= LONGEST;
        Self { canonical, entered: (is_other && is_one).then(|| typed.to_owned()) }
    }

    /// The form that new hashes are made of; an ill-formed password has none.
    pub fn canonical(&self) -> Option<&str> {
        self.canonical.as_deref()
    }

    /// As it came, when that is another form. Only hashes from elsewhere are compared with it: their passwords were
    /// hashed without being prepared.
    pub fn entered(&self) -> Option<&str> {
        self.entered.as_deref()
    }
}

impl std::fmt::Debug for TypedPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedPassword(…)")
    }
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

    #[test]
    fn both_forms_of_a_password() {
        let plain = TypedPassword::read("meadow");
        assert_eq!((plain.canonical(), plain.entered()), (Some("meadow"), None));
        let decomposed = TypedPassword::read("wo\u{308}rd");
        assert_eq!((decomposed.canonical(), decomposed.entered()), (Some("w\u{f6}rd"), Some("wo\u{308}rd")));
        let unfit = TypedPassword::read("a\u{7}b");
        assert_eq!((unfit.canonical(), unfit.entered()), (None, Some("a\u{7}b")));
        for none in [String::new(), "ö".repeat(513)] {
            let typed = TypedPassword::read(&none);
            assert_eq!((typed.canonical(), typed.entered()), (None, None), "{none}");
        }
    }
}
