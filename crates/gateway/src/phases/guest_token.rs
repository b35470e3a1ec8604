//! Guests call with the token of the application's own gateway client.
//!
//! 1. Fetched by client credentials, never a user's; kept by application (beside what is remembered of it, and for when
//!    that is asked for anew) until shortly before it expires, and given up when the application gets another client or issuer, or when the clock was set back.
//! 2. One fetch at a time, however many ask. A failure answers for a second to all who ask.
//! 3. `Bearer` and `DPoP` authorization, even a bad one, is passed on untouched. Other schemes are no identity here: they
//!    are taken off, and the guest's token is added.

use std::sync::Arc;

use auth_protocol::id::ApplicationId;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use moka::future::Cache;
use serde::Deserialize;
use telemetry::metrics::labels::{self, Lookup};
use telemetry::metrics::{Metrics, UpstreamSeries};

use crate::Application;
use crate::application::{issuer_place, issuer_scheme};
use crate::config::{Clock, SecretOf};
use crate::upstream::{CallLimits, Client, Upstream, measured};

/// Seconds. A token is fetched anew when less of its life is left.
const EARLY: i64 = 30;
const FAILURE_AGE: i64 = 1;
const CLOCK_TOLERANCE: i64 = 60;
const MOST_KEPT: u64 = 10_000;

#[derive(Debug, PartialEq, Eq)]
pub enum Presented<'a> {
    /// A caller's own token; empty where it is no text.
    Own(&'a str),
    /// Nobody's: the guest's token is to be added.
    None,
    /// Two at once.
    Ambiguous,
}

/// Reads the scheme alone; what follows it is for the service to judge.
pub fn presented(headers: &HeaderMap) -> Presented<'_> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    match (all.next(), all.next()) {
        (None, _) => Presented::None,
        (Some(_), Some(_)) => Presented::Ambiguous,
        (Some(value), None) => {
            let value = value.as_bytes().trim_ascii();
            let end = value.iter().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(value.len());
            let (scheme, token) = value.split_at(end);
            // What is no ASCII may be white space to somebody: it is not for us to say that no token follows.
            if scheme.is_empty() && !value.is_ascii() {
                return Presented::Own("");
            }
            match scheme.eq_ignore_ascii_case(b"bearer") || scheme.eq_ignore_ascii_case(b"dpop") {
                true => Presented::Own(std::str::from_utf8(token.trim_ascii()).unwrap_or_default()),
                false => Presented::None,
            }
        }
    }
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("no guest token: {0}")]
pub struct GuestTokenError(String);

/// What came of fetching a token.
#[derive(Debug)]
pub struct Kept {
    outcome: Result<HeaderValue, GuestTokenError>,
    client_id: String,
    issuer: String,
    fetched_at: i64,
    fresh_until: i64,
}

impl Kept {
    fn serves(&self, application: &Application, now: i64) -> bool {
        (self.fetched_at - CLOCK_TOLERANCE..self.fresh_until).contains(&now)
            && self.client_id == application.gateway_client_id
            && self.issuer == application.issuer
    }
}

pub struct GuestTokens {
    client: Client,
    auth: Upstream,
    secret_of: SecretOf,
    clock: Clock,
    kept: Cache<ApplicationId, Arc<Kept>>,
    metrics: Arc<Metrics>,
    series: UpstreamSeries,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: i64,
}

impl GuestTokens {
    pub fn new(client: Client, auth: Upstream, secret_of: SecretOf, clock: Clock, metrics: Arc<Metrics>) -> Self {
        let series = metrics.upstreams.of("auth");
        Self { client, auth, secret_of, clock, kept: Cache::new(MOST_KEPT), metrics, series }
    }

    /// The `Authorization` header of a guest of this application.
    pub async fn authorization(&self, application: &Application) -> Result<HeaderValue, GuestTokenError> {
        let now = (self.clock)();
        if let Some(kept) = application.guest.load().as_deref().filter(|kept| kept.serves(application, now)) {
            self.metrics.cache_lookups.add((labels::Cache::GuestTokens, Lookup::Hit));
            return kept.outcome.clone();
        }
        let kept = Box::pin(self.kept_or_fetched(application, now)).await;
        application.guest.store(Some(Arc::clone(&kept)));
        kept.outcome.clone()
    }

    async fn kept_or_fetched(&self, application: &Application, now: i64) -> Arc<Kept> {
        self.metrics.cache_lookups.add((labels::Cache::GuestTokens, Lookup::Miss));
        let entry = self.kept.entry(application.id);
        let fetch = async { Arc::new(self.fetch(application, now).await) };
        entry.or_insert_with_if(fetch, |kept| !kept.serves(application, now)).await.into_value()
    }

    async fn fetch(&self, application: &Application, now: i64) -> Kept {
        let fetched = self.ask(application).await;
        let outcome = if fetched.is_ok() { labels::GuestToken::Fetched } else { labels::GuestToken::Failed };
        self.metrics.guest_tokens.add(outcome);
        let life = fetched.as_ref().map_or(FAILURE_AGE, |(_, life)| life - EARLY.min(life / 2));
        Kept {
            outcome: fetched.map(|(authorization, _)| authorization),
            client_id: application.gateway_client_id.clone(),
            issuer: application.issuer.clone(),
            fetched_at: now,
            fresh_until: now + life,
        }
    }

    /// The header, and the seconds that the token lives.
    async fn ask(&self, application: &Application) -> Result<(HeaderValue, i64), GuestTokenError> {
        let failed = |why: &dyn std::fmt::Display| GuestTokenError(why.to_string());
        let id = &application.gateway_client_id;
        let secret = (self.secret_of)(&application.issuer, id);
        let secret = secret.ok_or_else(|| failed(&"the gateway has no secret for its client"))?;
        let (host, path) = issuer_place(&application.issuer);
        let credentials = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let request = |base: &str| {
            Request::post(format!("{base}{path}/oauth/token"))
                .header("x-forwarded-host", host)
                .header("x-forwarded-proto", issuer_scheme(&application.issuer))
                .header(header::AUTHORIZATION, &credentials)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Body::from("grant_type=client_credentials"))
        };
        let called = self.auth.call(&self.client, CallLimits::default(), request);
        let answer = measured(&self.series, called).await.map_err(|error| failed(&error))?;
        if answer.status() != StatusCode::OK {
            return Err(failed(&format!("the authorization server answered {}", answer.status())));
        }
        let answer: TokenAnswer = serde_json::from_slice(answer.body()).map_err(|error| failed(&error))?;
        let authorization = HeaderValue::from_str(&format!("Bearer {}", answer.access_token));
        let mut authorization = authorization.map_err(|error| failed(&error))?;
        authorization.set_sensitive(true);
        Ok((authorization, answer.expires_in))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_says_bearer_is_never_made_a_guest() {
        let own = Presented::Own;
        for (sent, expected) in [
            (vec!["Bearer abc"], own("abc")),
            (vec!["bearer  abc "], own("abc")),
            (vec!["DPoP abc"], own("abc")),
            (vec!["Bearer"], own("")),
            (vec!["Bearer\tabc"], own("abc")),
            (vec!["Bearer, Basic x"], own(", Basic x")),
            (vec!["Basic c3RhZ2luZzpzaG9w"], Presented::None),
            (vec!["Bearerish abc"], Presented::None),
            (vec![""], Presented::None),
            (vec![], Presented::None),
            (vec!["Bearer a", "Bearer a"], Presented::Ambiguous),
            (vec!["Basic a", "Bearer b"], Presented::Ambiguous),
        ] {
            let mut headers = HeaderMap::new();
            for value in &sent {
                headers.append(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
            }
            assert_eq!(presented(&headers), expected, "{sent:?}");
        }
        for no_text in [&b"Bearer \xff"[..], b"\xc2\xa0Bearer abc", b"\xe3\x80\x80Bearer abc"] {
            let value = HeaderValue::from_bytes(no_text).unwrap();
            assert_eq!(presented(&HeaderMap::from_iter([(header::AUTHORIZATION, value)])), own(""));
        }
    }
}
