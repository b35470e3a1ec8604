//! How somebody proved who they are, for those who rely on it (OpenID Connect Core §2: `amr`, `acr`).

/// A value of `amr` (RFC 8176 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignInMethod {
    Password,
}

impl SignInMethod {
    pub const fn name(self) -> &'static str {
        match self {
            SignInMethod::Password => "pwd",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [SignInMethod::Password].into_iter().find(|known| known.name() == name)
    }
}

/// The `acr` of a sign-in by one secret that the user knows.
pub const ACR_PASSWORD: &str = "urn:linden:acr:password";

/// What discovery announces as `acr_values_supported`.
pub const ACR_VALUES: [&str; 1] = [ACR_PASSWORD];

/// The class that these methods reach together. What proves nothing has `0` (OpenID Connect Core §2: such a sign-in must
/// not be relied on for anything of value).
pub fn acr(methods: &[SignInMethod]) -> &'static str {
    if methods.contains(&SignInMethod::Password) { ACR_PASSWORD } else { "0" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_classes_are_announced() {
        let password = SignInMethod::Password;
        assert_eq!(SignInMethod::from_name(password.name()), Some(password));
        assert_eq!(SignInMethod::from_name("otp"), None);
        assert!(ACR_VALUES.contains(&acr(&[password])));
        assert_eq!(acr(&[]), "0");
    }
}
