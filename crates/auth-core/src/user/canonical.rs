//! Canonical names: how two spellings of a name are found to be one.

use precis_profiles::UsernameCaseMapped;
use precis_profiles::precis_core::profile::PrecisFastInvocation;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    #[error("is empty or longer than 254 characters")]
    Length,
    #[error("contains characters that a name cannot have (RFC 8265)")]
    Characters,
    #[error("is no e-mail address")]
    Email,
}

const LONGEST: usize = 254;

/// PRECIS UsernameCaseMapped (RFC 8265 §3.3): width, case and composition no longer tell names apart.
pub fn canonical_username(username: &str) -> Result<String, InvalidIdentifier> {
    let username = username.trim();
    if username.is_empty() || username.len() > LONGEST {
        return Err(InvalidIdentifier::Length);
    }
    UsernameCaseMapped::enforce(username).map(|name| name.into_owned()).map_err(|_| InvalidIdentifier::Characters)
}

/// The domain by IDNA, the local part case-folded by the rule for user names.
pub fn canonical_email(email: &str) -> Result<String, InvalidIdentifier> {
    let email = email.trim();
    if email.is_empty() || email.len() > LONGEST {
        return Err(InvalidIdentifier::Length);
    }
    let (local, domain) = email.rsplit_once('@').ok_or(InvalidIdentifier::Email)?;
    let domain = idna::domain_to_ascii_strict(domain).map_err(|_| InvalidIdentifier::Email)?;
    if domain.is_empty() || local.contains('@') {
        return Err(InvalidIdentifier::Email);
    }
    Ok(format!("{}@{domain}", canonical_username(local)?))
}

/// What someone typed into the sign-in form: a user name, or an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// What failures are counted by.
    pub canonical: String,
    pub is_email: bool,
}

impl Identifier {
    pub fn read(typed: &str) -> Result<Self, InvalidIdentifier> {
        match canonical_email(typed) {
            Ok(canonical) => Ok(Self { canonical, is_email: true }),
            Err(_) => Ok(Self { canonical: canonical_username(typed)?, is_email: false }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one() {
        assert_eq!(canonical_username("Anna"), canonical_username("ａｎｎａ"));
        assert_eq!(canonical_username("Zoë"), canonical_username("ZOE\u{308}"));
        assert_eq!(canonical_email("Anna@Bücher.example").unwrap(), "anna@xn--bcher-kva.example");
        assert!(Identifier::read(" ANNA@shop.example ").unwrap().is_email);
        assert_eq!(Identifier::read("Ben").unwrap().canonical, "ben");
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(canonical_username(""), Err(InvalidIdentifier::Length));
        assert_eq!(canonical_username(&"a".repeat(300)), Err(InvalidIdentifier::Length));
        for name in ["a b", "a\u{7}b", "a\0", "\u{202e}anna"] {
            assert_eq!(canonical_username(name), Err(InvalidIdentifier::Characters), "{name:?}");
        }
        for email in ["anna", "anna@", "@shop.example", "a@b@c.example", "anna@ex ample"] {
            assert!(canonical_email(email).is_err(), "{email}");
        }
    }
}
