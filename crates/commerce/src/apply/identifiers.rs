//! What an application can be found by: values that a host, a path or a query can hold in one spelling only.

use crate::tenant::IdentifierType;

/// Longer ones the gateway takes for no application's.
const LONGEST: usize = 128;
/// First segments of paths that the gateway and the storefront's files have for themselves.
const RESERVED: [&str; 3] = ["api", "assets", "console"];

/// Why no request could name it.
pub(super) fn unfit(kind: IdentifierType, value: &str, issuer: &str) -> Option<String> {
    if value.len() > LONGEST {
        return Some(format!("is longer than {LONGEST} bytes"));
    }
    match kind {
        IdentifierType::DomainPrefix if !is_label(value) => {
            Some("is not the first label of a host name: small letters, digits and inner hyphens".to_owned())
        }
        IdentifierType::ContextPath if !is_segment(value) => {
            Some("is not one segment of a path: letters, digits, hyphens and underscores".to_owned())
        }
        IdentifierType::ContextPath if RESERVED.contains(&value) || first_segment(issuer) == Some(value) => {
            Some(format!("is /{value}, which leads elsewhere already"))
        }
        _ => None,
    }
}

fn is_label(value: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&value.len()) && value.bytes().all(inner) && !value.starts_with('-') && !value.ends_with('-')
}

/// Nothing that could be spelled with percent signs, too, or be taken for a file.
fn is_segment(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn first_segment(issuer: &str) -> Option<&str> {
    issuer.split("://").nth(1)?.split('/').nth(1)
}

pub(super) fn is_too_long_for_a_header(token: &str) -> bool {
    token.len() > LONGEST || !token.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentifierType::{ContextPath, Domain, DomainPrefix, Parameter};

    #[test]
    fn what_no_request_can_name_in_one_spelling_is_refused() {
        let issuer = "https://shop.example/auth";
        for (kind, value) in [
            (DomainPrefix, "North"),
            (DomainPrefix, "deep.north"),
            (DomainPrefix, "-north"),
            (ContextPath, "garden/tools"),
            (ContextPath, "gärten"),
            (ContextPath, ".well-known"),
            (ContextPath, "index.html"),
            (ContextPath, "api"),
            (ContextPath, "auth"),
        ] {
            assert!(unfit(kind, value, issuer).is_some(), "{value}");
        }
        let long = "x".repeat(129);
        assert!(unfit(Parameter, &long, issuer).is_some());
        for (kind, value) in
            [(Domain, "shop.example"), (DomainPrefix, "north-2"), (Parameter, "Büro & mehr"), (ContextPath, "Garden_2")]
        {
            assert_eq!(unfit(kind, value, issuer), None, "{value}");
        }
    }
}
