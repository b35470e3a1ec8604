//! Every path of the shop's origin, in the order in which they are tried.

use crate::Application;
use crate::application::issuer_place;

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

pub(crate) fn route<'a>(application: &Application, host: &str, path: &'a str) -> Route<'a> {
    let (issuer_host, issuer_path) = issuer_place(&application.issuer);
    let is_issuers_host = issuer_host.eq_ignore_ascii_case(host);
    let end = issuer_path[1.min(issuer_path.len())..].find('/').map_or(issuer_path.len(), |end| end + 1);
    let auth = &issuer_path[..end];
    // An issuer without a path has its host to itself, and nothing on others.
    let has_place = is_issuers_host || !auth.is_empty();
    let found = ROUTES.iter().find_map(|(place, target)| {
        let rest = match place {
            Place::Issuer => below(path, auth).filter(|_| has_place),
            Place::Discovery(document) => {
                below(path, document).and_then(|rest| below(rest, auth)).filter(|_| has_place)
            }
            Place::Below(prefix) => below(path, prefix),
        };
        rest.map(|rest| (target, rest))
    });
    match found {
        Some((Target::Auth, _)) if is_issuers_host => Route::Auth,
        Some((Target::Service, rest)) => service(rest),
        Some((Target::Storefront, _)) => Route::Storefront,
        _ => Route::Nobody,
    }
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
