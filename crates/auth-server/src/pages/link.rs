//! Which addresses a page may offer to follow.

/// `address` if a page may link to it: a path of this origin, `http:`, `https:`, or a private scheme of a native
/// application, which RFC 8252 §7.1 wants to be a reversed domain name and so has a dot. Everything else (`javascript:`,
/// `data:`, `//elsewhere`) gives no link. Registered addresses pass; this is the second fence behind the registration.
pub fn followable(address: Option<&str>) -> Option<&str> {
    address.filter(|address| is_followable(address))
}

fn is_followable(address: &str) -> bool {
    // Browsers drop tabs and line ends inside an address and take a backslash for a slash.
    if address.chars().any(|character| character.is_control() || character.is_whitespace() || character == '\\') {
        return false;
    }
    if address.starts_with('/') {
        return !address.starts_with("//");
    }
    let Some((scheme, rest)) = address.split_once(':') else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" => rest.starts_with("//"),
        scheme => is_private_scheme(scheme),
    }
}

/// RFC 3986 §3.1 with the dot that RFC 8252 §7.1 asks for.
fn is_private_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.contains('.')
        && scheme.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.'))
}
