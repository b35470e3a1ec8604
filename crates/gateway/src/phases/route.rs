//! Where a path leads.

use crate::Application;
use crate::application::issuer_place;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route<'a> {
    /// To the authorization server, path untouched.
    Auth,
    /// To a service, with the rest of the path.
    Service { name: &'a str, rest: &'a str },
    /// The storefront's files.
    Storefront,
    /// Nothing is ever served there.
    Nothing,
}

/// Every path of the origin.
pub const ROUTES: [(&str, &str); 5] = [
    ("/auth/**", "the authorization server, on the issuer's host only"),
    ("/.well-known/{document}/auth/**", "discovery of an issuer with a path (RFC 8414 §3.1)"),
    ("/.well-known/**, /console/**", "nothing"),
    ("/api/{service}/**", "a service"),
    ("/**", "the storefront's files"),
];

const DISCOVERY: [&str; 2] = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

pub fn route<'a>(application: &Application, host: &str, path: &'a str) -> Route<'a> {
    let (issuer_host, issuer_path) = issuer_place(&application.issuer);
    let is_issuers_host = issuer_host.eq_ignore_ascii_case(host);
    // Servers of one host share the first segment: /auth and /auth/s/{name}.
    let auth = issuer_path.split('/').nth(1).map(|first| format!("/{first}")).unwrap_or_default();
    if !auth.is_empty() && is_below(path, &auth) {
        return if is_issuers_host { Route::Auth } else { Route::Nothing };
    }
    if let Some(rest) = DISCOVERY.iter().find_map(|document| path.strip_prefix(document)) {
        let ours = is_issuers_host && !auth.is_empty() && is_below(rest, &auth);
        return if ours { Route::Auth } else { Route::Nothing };
    }
    if is_below(path, "/.well-known") || is_below(path, "/console") {
        return Route::Nothing;
    }
    if let Some(rest) = path.strip_prefix("/api/") {
        let (name, rest) = match rest.find('/') {
            Some(end) => rest.split_at(end),
            None => (rest, "/"),
        };
        return Route::Service { name, rest };
    }
    if path == "/api" { Route::Nothing } else { Route::Storefront }
}
