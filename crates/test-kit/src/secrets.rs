//! No secret reaches a log. Whatever a [`Browser`](crate::browser::Browser) sends or gets that is secret is noted here, and
//! when a program ends all that it logged is searched for it: as it is, percent-encoded, and in base64 wherever it may begin.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use http::{HeaderMap, HeaderName, header};
use serde_json::Value;
use url::form_urlencoded;

/// Parameters, form fields and members of answers that are nobody else's business.
const NAMES: [&str; 15] = [
    "_csrf",
    "access_token",
    "answer",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "id_token",
    "id_token_hint",
    "nonce",
    "password",
    "posted",
    "refresh_token",
    "request",
    "state",
];
/// Shorter ones are no secrets, and may be found by chance.
const SHORTEST: usize = 8;
/// The end of a token is its own, its head is that of many; and so much of a secret is not there by chance.
const TOLD_BY: usize = 40;

static NOTED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn noted() -> MutexGuard<'static, BTreeSet<String>> {
    NOTED.lock().unwrap_or_else(PoisonError::into_inner)
}

pub fn note(secret: &str) {
    if secret.len() >= SHORTEST {
        noted().insert(secret.to_owned());
    }
}

/// A query or a form.
pub fn note_pairs(encoded: &str) {
    let pairs = form_urlencoded::parse(encoded.as_bytes());
    pairs.filter(|(name, _)| NAMES.contains(&name.as_ref())).for_each(|(_, value)| note(&value));
}

pub fn note_address(address: &str) {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    note_pairs(query.split('#').next().unwrap_or_default());
}

/// `Authorization`, `Cookie` and `Set-Cookie`.
pub fn note_headers(headers: &HeaderMap) {
    let all = |name: HeaderName| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    for authorization in all(header::AUTHORIZATION) {
        note(authorization.split_once(' ').map_or(authorization, |(_, credentials)| credentials));
    }
    let sent = all(header::COOKIE).flat_map(|cookies| cookies.split(';'));
    let set = all(header::SET_COOKIE).filter_map(|cookie| cookie.split(';').next());
    sent.chain(set).filter_map(|cookie| cookie.split_once('=')).for_each(|(_, value)| note(value.trim()));
}

/// A form, JSON, or a page with hidden fields.
pub fn note_body(body: &str) {
    if let Ok(Value::Object(members)) = serde_json::from_str(body) {
        let secret = members.iter().filter(|(name, _)| NAMES.contains(&name.as_str()));
        secret.filter_map(|(_, value)| value.as_str()).for_each(note);
    } else if body.starts_with('<') {
        body.split("<input").skip(1).filter_map(hidden).for_each(note);
    } else {
        note_pairs(body);
    }
}

fn hidden(field: &str) -> Option<&str> {
    let of = |attribute: &str| field.split_once(&format!("{attribute}=\""))?.1.split('"').next();
    of("name").filter(|name| NAMES.contains(name)).and_then(|_| of("value"))
}

/// # Panics
/// When a line holds something that was noted.
pub fn assert_absent(log: &[String]) {
    if log.is_empty() {
        return;
    }
    let search = search();
    let told: Vec<&String> = log.iter().filter(|line| search.is_match(line.as_str())).collect();
    assert!(told.is_empty(), "secrets are logged: {told:#?}");
}

fn search() -> AhoCorasick {
    let forms: BTreeSet<String> = noted().iter().flat_map(|secret| forms(secret)).collect();
    AhoCorasick::new(forms).unwrap_or_else(|error| panic!("no search for secrets: {error}"))
}

fn forms(secret: &str) -> Vec<String> {
    let from = secret.ceil_char_boundary(secret.len().saturating_sub(TOLD_BY));
    let secret = &secret[from..];
    let encoded: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut forms = vec![secret.to_owned(), encoded.replace('+', "%20"), encoded];
    for before in 0..3 {
        let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
        // The characters that hold bits of this secret alone.
        let within = (before * 8).div_ceil(6)..bytes.len() * 8 / 6;
        forms.push(STANDARD_NO_PAD.encode(&bytes)[within.clone()].to_owned());
        forms.push(URL_SAFE_NO_PAD.encode(&bytes)[within].to_owned());
    }
    forms
}
