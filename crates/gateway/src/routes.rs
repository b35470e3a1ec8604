//! Every path of the shop's origin, in the order in which they are tried.

use crate::phases::resolve_application::IssuerPlace;

/// Where a path lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Below the first segment of the issuer's path; the servers of one host share it: `/auth`, `/auth/s/{name}`.
    Issuer,
    /// A well-known document with the issuer's path after it (RFC 8414 §3.1).
    Discovery(&'static str),
    /// The path itself and all below it.
    Below(&'static str),
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The authorization server, on the issuer's host; nobody on others.
    Auth,
    /// The service that the next segment names.
    Service,
    /// The storefront's files.
    Storefront,
    Nobody,
}

pub const ROUTES: [(Place, Target); 7] = [
    (Place::Issuer, Target::Auth),
    (Place::Discovery("/.well-known/openid-configuration"), Target::Auth),
    (Place::Discovery("/.well-known/oauth-authorization-server"), Target::Auth),
    (Place::Below("/.well-known"), Target::Nobody),
    (Place::Below("/console"), Target::Nobody),
    (Place::Below("/api"), Target::Service),
    (Place::Below(""), Target::Storefront),
];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    /// The path goes on as it is.
    Auth,
    /// The rest of the path goes on, without `/api/{name}`.
    Service {
        name: &'a str,
        rest: &'a str,
    },
    Storefront,
    Nobody,
}

/// `issuers` as they lie seen from the host that is asked.
pub(crate) fn route<'a>(issuers: &[IssuerPlace], path: &'a str) -> Route<'a> {
    let found = ROUTES.iter().find_map(|(place, target)| match place {
        Place::Below(prefix) => Some((target, below(path, prefix)?, true)),
        Place::Issuer => Some((target, "", is_on_host(issuers, path)?)),
        Place::Discovery(document) => Some((target, "", is_on_host(issuers, below(path, document)?)?)),
    });
    match found {
        Some((Target::Auth, _, true)) => Route::Auth,
        Some((Target::Service, rest, _)) => service(rest),
        Some((Target::Storefront, ..)) => Route::Storefront,
        _ => Route::Nobody,
    }
}

/// Whether the issuer below which the path lies is on the host that is asked; `None` when it lies below none. An issuer
/// without a path has its host to itself, and nothing on others.
fn is_on_host(issuers: &[IssuerPlace], path: &str) -> Option<bool> {
    let mut around = issuers
        .iter()
        .filter(|issuer| (issuer.is_on_host || !issuer.path.is_empty()) && below(path, &issuer.path).is_some())
        .map(|issuer| issuer.is_on_host)
        .peekable();
    around.peek()?;
    Some(around.any(|on_host| on_host))
}

/// What follows the prefix, when the prefix ends where a segment does.
fn below<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn service(rest: &str) -> Route<'_> {
    let Some(rest) = rest.strip_prefix('/') else { return Route::Nobody };
    let (name, rest) = match rest.find('/') {
        Some(end) => rest.split_at(end),
        None => (rest, "/"),
    };
    Route::Service { name, rest }
}

#[cfg(test)]
mod tests;
