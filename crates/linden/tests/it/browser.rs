//! A browser as far as signing in needs one: cookies, forms, redirects looked at and not followed.

use std::collections::BTreeMap;

use auth_server::environment::{SystemRandom, random_bytes};
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway::upstream::{Client, MemoryRegistry};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use url::Url;

pub const ANNA: (&str, &str) = ("anna", "meadow lantern ferry");

pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    /// The value of a hidden field of the page's form.
    pub fn field(&self, name: &str) -> String {
        let at = self.body.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no {name} in {}", self.body));
        let rest = &self.body[at..];
        let value = rest.split("value=\"").nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    }

    pub fn parameter(&self, name: &str) -> Option<String> {
        let url = Url::parse(self.location.as_deref()?).ok()?;
        url.query_pairs().find(|(found, _)| found == name).map(|(_, value)| value.into_owned())
    }
}

/// A code with what redeems it.
#[derive(Clone)]
pub struct Code {
    pub code: String,
    pub verifier: String,
}

pub struct Browser {
    client: Client,
    pub origin: String,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    pub fn at(origin: &str) -> Self {
        Self {
            client: Client::new(MemoryRegistry::default()).unwrap(),
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// The same cookies, and no connection left over.
    pub fn reopened(&self) -> Self {
        Self { cookies: self.cookies.clone(), ..Self::at(&self.origin) }
    }

    pub async fn try_send(&mut self, request: http::request::Builder, body: String) -> Option<Answer> {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.header(header::COOKIE, cookies.join("; ")).body(Body::from(body)).unwrap();
        let response = self.client.send(request).await.ok()?;
        for set in response.headers().get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let location = response.headers().get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
        let status = response.status();
        let body = response.into_body().collect().await.ok()?.to_bytes();
        Some(Answer { status, location, body: String::from_utf8_lossy(&body).into_owned() })
    }

    pub async fn get(&mut self, address: &str) -> Option<Answer> {
        let address = if address.starts_with('/') { format!("{}{address}", self.origin) } else { address.to_owned() };
        self.try_send(Request::get(address), String::new()).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Option<Answer> {
        let request = Request::post(format!("{}{path}", self.origin))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.try_send(request, serde_urlencoded::to_string(form).unwrap()).await
    }

    /// Through authorize, form and password to the code; `None` when the server went away on the way.
    pub async fn sign_in(&mut self, who: (&str, &str)) -> Option<Code> {
        let verifier = URL_SAFE_NO_PAD.encode(random_bytes::<32>(&SystemRandom));
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let query = serde_urlencoded::to_string([
            ("client_id", "storefront"),
            ("response_type", "code"),
            ("redirect_uri", &self.origin),
            ("scope", "USER CUSTOMER openid"),
            ("state", "a-state-of-some-length"),
            ("code_challenge", &challenge),
        ]);
        let callback = self.authorize(&format!("/auth/oauth/authorize?{}", query.unwrap()), who).await;
        callback.and_then(|answer| answer.parameter("code")).map(|code| Code { code, verifier })
    }

    /// From an authorization's address through the form to the answer for the client.
    pub async fn authorize(&mut self, address: &str, who: (&str, &str)) -> Option<Answer> {
        let first = self.get(address).await?;
        let page = self.get(first.location.as_deref()?).await?;
        self.submit(&page, who).await
    }

    pub async fn submit(&mut self, page: &Answer, (username, password): (&str, &str)) -> Option<Answer> {
        let (request, csrf) = (page.field("request"), page.field("_csrf"));
        let form = [("request", request.as_str()), ("_csrf", &csrf), ("username", username), ("password", password)];
        let answer = self.post("/auth/login", &form).await?;
        match answer.location {
            // What it leads to goes out by way of the authorization endpoint.
            Some(location) => self.get(&location).await,
            None => Some(answer),
        }
    }

    pub async fn redeem(&mut self, code: &Code) -> Option<Answer> {
        let origin = self.origin.clone();
        let form = [
            ("grant_type", "authorization_code"),
            ("client_id", "storefront"),
            ("redirect_uri", &origin),
            ("code", &code.code),
            ("code_verifier", &code.verifier),
        ];
        self.post("/auth/oauth/token", &form).await
    }

    pub async fn is_signed_in(&mut self) -> bool {
        self.get("/auth/session?client_id=storefront").await.is_some_and(|answer| answer.status == StatusCode::OK)
    }
}
