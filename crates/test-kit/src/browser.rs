//! A browser as far as signing in needs one: cookies, forms, redirects looked at and not followed.

mod answer;
mod client;

use std::collections::BTreeMap;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt, Full};

pub use answer::Answer;
pub use client::Client;

use crate::secrets;

pub const ANNA: (&str, &str) = ("anna", "meadow lantern ferry");

/// Longer than anything may take that is still an answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// A code with what redeems it.
#[derive(Clone, Debug)]
pub struct Code {
    pub code: String,
    pub verifier: String,
}

/// How a sign-in ended that brought no code.
#[derive(Debug)]
pub enum Stopped {
    /// The connection was refused or broke: it may have happened.
    Unanswered(String),
    /// What was answered in place of the next step.
    Answered(Box<Answer>),
}

pub struct Browser {
    client: Client,
    pub origin: String,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn at(origin: &str) -> Self {
        Self::with(Client::default(), origin)
    }

    pub fn with(client: Client, origin: &str) -> Self {
        Self { client, origin: origin.to_owned(), cookies: BTreeMap::new() }
    }

    /// The same cookies, and no connection left over.
    pub fn reopened(&self) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::with(self.client.anew(), &self.origin) }
    }

    pub async fn try_send(&mut self, request: http::request::Builder, body: String) -> Option<Answer> {
        self.send(request, body).await.ok()
    }

    pub async fn send(&mut self, request: http::request::Builder, body: String) -> Result<Answer, Stopped> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        secrets::note_body(&body);
        let request = request.header(header::COOKIE, cookies.join("; ")).body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| Stopped::Unanswered(format!("no request: {error}")))?;
        secrets::note_headers(request.headers());
        secrets::note_address(&request.uri().to_string());
        let asked = format!("{} {}", request.method(), request.uri().path());
        let answered = async {
            let response = self.client.send(request).await?;
            let (parts, body) = response.into_parts();
            Ok::<_, client::Error>((parts, body.collect().await?.to_bytes()))
        };
        let (parts, body) = match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(Stopped::Unanswered(format!("{asked}: {error} ({error:?})"))),
            Err(_) => return Err(Stopped::Unanswered(format!("{asked}: nothing within {PATIENCE:?}"))),
        };
        let answer = Answer::new(parts, &body);
        self.keep_cookies(&answer);
        Ok(answer)
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    fn address(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() }
    }

    pub async fn get(&mut self, address: &str) -> Option<Answer> {
        self.try_get(address).await.ok()
    }

    pub async fn try_get(&mut self, address: &str) -> Result<Answer, Stopped> {
        self.send(Request::get(self.address(address)), String::new()).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Option<Answer> {
        self.try_post(path, form).await.ok()
    }

    pub async fn try_post(&mut self, path: &str, form: &[(&str, &str)]) -> Result<Answer, Stopped> {
        self.send(self.form(path), serde_urlencoded::to_string(form).unwrap_or_default()).await
    }

    fn form(&self, address: &str) -> http::request::Builder {
        Request::post(self.address(address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
    }

    /// Through authorize, form and password to the code; `None` when the server went away on the way.
    pub async fn sign_in(&mut self, who: (&str, &str)) -> Option<Code> {
        self.try_sign_in(who).await.ok()
    }

    pub async fn try_sign_in(&mut self, who: (&str, &str)) -> Result<Code, Stopped> {
        let verifier = URL_SAFE_NO_PAD.encode(digest(&SHA256, next_number().as_bytes()));
        let callback = self.try_authorize(&self.authorization(&verifier, &[]), who).await?;
        code_of(callback, verifier)
    }

    /// Without a page: the session alone brings a code.
    pub async fn try_silent_sign_in(&mut self) -> Result<Code, Stopped> {
        let verifier = URL_SAFE_NO_PAD.encode(digest(&SHA256, next_number().as_bytes()));
        let callback = self.try_get(&self.authorization(&verifier, &[("prompt", "none")])).await?;
        code_of(callback, verifier)
    }

    /// The address of an authorization request.
    pub fn authorization(&self, verifier: &str, more: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let mut query = vec![
            ("client_id", "storefront"),
            ("response_type", "code"),
            ("redirect_uri", &self.origin),
            ("scope", "USER CUSTOMER openid"),
            ("state", "a-state-of-some-length"),
            ("code_challenge", &challenge),
        ];
        query.extend_from_slice(more);
        format!("/auth/oauth/authorize?{}", serde_urlencoded::to_string(query).unwrap_or_default())
    }

    /// From an authorization's address through the form to the answer for the client.
    pub async fn authorize(&mut self, address: &str, who: (&str, &str)) -> Option<Answer> {
        self.try_authorize(address, who).await.ok()
    }

    async fn try_authorize(&mut self, address: &str, who: (&str, &str)) -> Result<Answer, Stopped> {
        let first = self.try_get(address).await?;
        let Some(location) = first.location.clone() else { return Err(Stopped::Answered(Box::new(first))) };
        let page = self.try_get(&location).await?;
        let answer = self.try_submit(&page, who).await?;
        match answer.location.clone() {
            // What it leads to goes out by way of the authorization endpoint.
            Some(location) => self.try_get(&location).await,
            None => Ok(answer),
        }
    }

    /// Fills in the form of the sign-in page and sends it.
    pub async fn try_submit(&mut self, page: &Answer, (username, password): (&str, &str)) -> Result<Answer, Stopped> {
        let (Some(request), Some(csrf)) = (page.find_field("request"), page.find_field("_csrf")) else {
            return Err(Stopped::Answered(Box::new(page.clone())));
        };
        let form = [("request", request.as_str()), ("_csrf", &csrf), ("username", username), ("password", password)];
        self.try_post("/auth/login", &form).await
    }

    pub async fn redeem(&mut self, code: &Code) -> Option<Answer> {
        self.try_redeem(code).await.ok()
    }

    pub async fn try_redeem(&mut self, code: &Code) -> Result<Answer, Stopped> {
        let form = self.redemption(code);
        self.send(self.form("/auth/oauth/token"), form).await
    }

    /// By another way to the same shop.
    pub async fn try_redeem_by(&mut self, way: &str, code: &Code) -> Result<Answer, Stopped> {
        let host = self.origin.split("://").nth(1).unwrap_or_default();
        let request = self.form(&format!("{way}/auth/oauth/token")).header(header::HOST, host);
        let form = self.redemption(code);
        self.send(request, form).await
    }

    fn redemption(&self, code: &Code) -> String {
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "storefront"),
            ("redirect_uri", &self.origin),
            ("code", &code.code),
            ("code_verifier", &code.verifier),
        ];
        serde_urlencoded::to_string(form).unwrap_or_default()
    }

    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/auth/session?client_id=storefront").await.is_some_and(|answer| answer.status == StatusCode::OK)
    }
}

fn code_of(callback: Answer, verifier: String) -> Result<Code, Stopped> {
    match callback.parameter("code") {
        Some(code) => Ok(Code { code, verifier }),
        None => Err(Stopped::Answered(Box::new(callback))),
    }
}

/// Nobody has to guess a test's verifier; each has its own.
fn next_number() -> String {
    static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
    format!("{} {}", std::process::id(), NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
}
