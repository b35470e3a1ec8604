use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::http::{StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;
use url::{Url, form_urlencoded};

pub use crate::call::{Answer, Call};
use crate::seed::PASSWORD;

/// Of the test's authorizations, 43 characters and more.
pub const VERIFIER: &str = "verifier-0123456789-0123456789-0123456789-abc";

/// An authorization request; `storefront`'s, unless a test changes it.
#[derive(Clone)]
pub struct Authorization(Vec<(String, String)>);

impl Authorization {
    pub fn new() -> Authorization {
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
        Authorization(Vec::new())
            .with("client_id", "storefront")
            .with("response_type", "code")
            .with("redirect_uri", "http://localhost:8080/")
            .with("scope", "openid USER CUSTOMER")
            .with("state", "state-1")
            .with("nonce", "nonce-1")
            .with("code_challenge", &challenge)
            .with("code_challenge_method", "S256")
    }

    pub fn of(client_id: &str, redirect_uri: &str) -> Authorization {
        Authorization::new().with("client_id", client_id).with("redirect_uri", redirect_uri)
    }

    /// Sets a parameter, in place of what it was.
    pub fn with(self, name: &str, value: &str) -> Authorization {
        self.without(name).and(name, value)
    }

    /// Adds a parameter, even a second one of this name.
    pub fn and(mut self, name: &str, value: &str) -> Authorization {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Authorization {
        self.0.retain(|(known, _)| known != name);
        self
    }

    pub fn silent(self) -> Authorization {
        self.with("prompt", "none").with("redirect_uri", "http://localhost:8080/silent-callback.html")
    }

    pub fn query(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    pub fn path(&self) -> String {
        format!("/oauth/authorize?{}", self.query())
    }

    pub fn call(&self) -> Call {
        Call::get(self.path())
    }

    /// As a form, which a page of the client's site sends.
    pub fn posted(&self) -> Call {
        Call::post("/oauth/authorize", &self.fields()).header("sec-fetch-site", "cross-site")
    }

    /// To the endpoint for pushed requests.
    pub fn pushed(&self) -> Call {
        Call::post("/oauth/par", &self.fields())
    }

    pub fn fields(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// Keeps cookies as a browser does, and follows redirects only when told to.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    issuer: String,
    pub cookies: Vec<(String, String)>,
}

impl Browser {
    pub fn new(router: Router, issuer: &str) -> Browser {
        Browser { router, issuer: issuer.to_owned(), cookies: Vec::new() }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A sign-in form leads to the client by way of the authorization endpoint; that step is taken here. It ends in a
    /// redirect, or in the page that posts the answer.
    pub async fn send(&mut self, call: Call) -> Answer {
        let mut answer = self.send_once(call).await;
        let location = answer.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if let Some((_, sealed)) = location.split_once("/oauth/authorize?answer=") {
            let delivered = self.send_once(Call::get(format!("/oauth/authorize?answer={sealed}"))).await;
            if delivered.status == StatusCode::OK {
                return delivered;
            }
            assert_eq!(delivered.status, StatusCode::SEE_OTHER, "{}", delivered.body);
            answer.headers.insert(header::LOCATION, delivered.headers[header::LOCATION].clone());
        }
        answer
    }

    pub async fn send_once(&mut self, call: Call) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = call.send(&self.router, &self.issuer, &cookies.join("; ")).await;
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let set = cookie::Cookie::parse(set.to_str().unwrap().to_owned()).unwrap();
            self.cookies.retain(|(known, _)| known != set.name());
            if set.max_age().is_none_or(|age| !age.is_zero()) {
                self.cookies.push((set.name().to_owned(), set.value().to_owned()));
            }
        }
        answer
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Call::get(path)).await
    }

    /// Follows one redirect within this server.
    pub async fn follow(&mut self, answer: &Answer) -> Answer {
        let base = Url::parse(&self.issuer).unwrap().path().to_owned();
        let path = answer.location().strip_prefix(&base).expect("a redirect that stays here").to_owned();
        self.get(&path).await
    }

    /// The sign-in page for this request.
    pub async fn sign_in_page(&mut self, request: &Authorization) -> Answer {
        let redirect = self.send(request.call()).await;
        let page = self.follow(&redirect).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page
    }

    /// The form of a sign-in page, filled in.
    pub fn filled(page: &Answer, username: &str, password: &str) -> Call {
        let (request, csrf) = (page.field("request"), page.field("_csrf"));
        let fields = [("request", request.as_str()), ("_csrf", &csrf), ("username", username), ("password", password)];
        Call::post("/login", &fields).sent_from_own_page()
    }

    pub async fn submit(&mut self, page: &Answer, username: &str, password: &str) -> Answer {
        self.send(Browser::filled(page, username, password)).await
    }

    /// From the shop through the sign-in page back to the shop: the answer that leads to the callback.
    pub async fn sign_in_for(&mut self, username: &str, request: &Authorization) -> Answer {
        let page = self.sign_in_page(request).await;
        let answer = self.submit(&page, username, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    }

    /// Signed in, with a code for `storefront`.
    pub async fn sign_in(&mut self, username: &str) -> String {
        self.sign_in_for(username, &Authorization::new()).await.parameter("code")
    }

    /// Signed in, with `storefront`'s tokens.
    pub async fn sign_in_with_tokens(&mut self, username: &str) -> Json {
        let code = self.sign_in(username).await;
        let answer = self.send(exchange(&code)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }
}

/// `storefront`'s exchange of a code.
pub fn exchange(code: &str) -> Call {
    exchange_with(code, &[])
}

/// With some fields changed, or left out where they are empty.
pub fn exchange_with(code: &str, changes: &[(&str, &str)]) -> Call {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "storefront"),
        ("redirect_uri", "http://localhost:8080/"),
        ("code_verifier", VERIFIER),
        ("code", code),
    ];
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
    Call::post("/oauth/token", &fields)
}
