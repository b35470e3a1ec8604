//! A whole sign-in as a browser goes through it, each time as a browser that has no cookies yet.
//!
//! 1. Authorize redirects to the sign-in page.
//! 2. The page's form is filled in and sent, hidden fields and all.
//! 3. The answer leads back to the shop with a code, by way of the server itself or at once.
//! 4. The code is redeemed with the verifier.

use anyhow::{Context, Result, bail};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::form_urlencoded::{Serializer, parse};

use super::answer::Answer;
use super::connection::{Connection, Target};
use crate::shop;

const VERIFIER: &str = "verifier-0123456789-0123456789-0123456789-abc";

pub struct SignIn {
    connection: Connection,
    target: Target,
    pub credentials: Credentials,
    authorize: String,
    cookies: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub struct Credentials {
    pub username: String,
    pub password: String,
}

impl Credentials {
    /// Of the shopper with this number.
    pub fn of_shopper(number: usize) -> Self {
        Self { username: shop::shopper(number), password: shop::PASSWORD.to_owned() }
    }
}

fn form(fields: &[(String, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn owned<const N: usize>(fields: [(&str, &str); N]) -> Vec<(String, String)> {
    fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

impl SignIn {
    pub fn new(connection: Connection, target: Target, credentials: Credentials) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        let query = form(&owned([
            ("client_id", shop::STOREFRONT),
            ("response_type", "code"),
            ("redirect_uri", shop::REDIRECT_URI),
            ("scope", shop::STOREFRONT_SCOPE),
            ("state", "state-0123456789"),
            ("nonce", "nonce-0123456789"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]));
        let authorize = format!("/auth/oauth/authorize?{query}");
        Self { connection, target, credentials, authorize, cookies: Vec::new() }
    }

    pub async fn visit(&mut self) -> Result<()> {
        self.cookies.clear();
        let authorize = self.authorize.clone();
        let login = self.get(&authorize).await?.expect(303)?.location()?;
        let page = self.get(&login).await?.expect(200)?;
        let mut fields = hidden_fields(&page.text())?;
        fields.extend(owned([("username", &self.credentials.username), ("password", &self.credentials.password)]));
        let mut back = self.post("/auth/login", &fields).await?.expect(303)?.location()?;
        while back.starts_with('/') {
            back = self.get(&back).await?.expect(303)?.location()?;
        }
        let redemption = owned([
            ("grant_type", "authorization_code"),
            ("client_id", shop::STOREFRONT),
            ("redirect_uri", shop::REDIRECT_URI),
            ("code_verifier", VERIFIER),
            ("code", &code(&back)?),
        ]);
        let tokens = self.post("/auth/oauth/token", &redemption).await?.expect(200)?;
        let tokens: serde_json::Value = serde_json::from_slice(tokens.body())?;
        if !(tokens["access_token"].is_string() && tokens["id_token"].is_string()) {
            bail!("not both tokens came: {tokens}");
        }
        Ok(())
    }

    async fn get(&mut self, path: &str) -> Result<Answer> {
        let request = self.target.get(path, &self.cookie_header());
        self.send(&request).await
    }

    async fn post(&mut self, path: &str, fields: &[(String, String)]) -> Result<Answer> {
        let headers = format!("sec-fetch-site: same-origin\r\n{}", self.cookie_header());
        let request = self.target.post(path, &headers, &form(fields));
        self.send(&request).await
    }

    async fn send(&mut self, request: &str) -> Result<Answer> {
        let answer = self.connection.exchange(request.as_bytes()).await?;
        for set in answer.headers("set-cookie") {
            let pair = set.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').context("a cookie without a name")?;
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        Ok(answer)
    }

    pub fn cookie_header(&self) -> String {
        if self.cookies.is_empty() {
            return String::new();
        }
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("cookie: {}\r\n", pairs.join("; "))
    }
}

/// Names and values of the page's hidden inputs.
fn hidden_fields(page: &str) -> Result<Vec<(String, String)>> {
    let inputs = page.split("<input type=\"hidden\" ").skip(1);
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let fields: Option<Vec<_>> =
        inputs.map(|input| Some((attribute(input, "name")?, attribute(input, "value")?))).collect();
    fields.filter(|fields| !fields.is_empty()).with_context(|| format!("no form on this page: {page}"))
}

fn code(location: &str) -> Result<String> {
    let (_, query) = location.split_once('?').context("a redirect without parameters")?;
    let code = parse(query.as_bytes()).find(|(name, _)| name == "code");
    Ok(code.with_context(|| format!("no code in {location}"))?.1.into_owned())
}
