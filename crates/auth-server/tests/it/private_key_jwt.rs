//! Clients that authenticate by an assertion of their own. It is signed here by another library than ours.

use auth_core::client::{AuthenticationMethod, ClientKeys, ClientSettings, GrantType};
use auth_core::time::Span;
use auth_protocol::jws::{Algorithm, SigningKey, new_private_key};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header};
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use crate::browser::{Answer, Authorization, Call, exchange_with};
use crate::seed::{self, GATEWAY_SECRET, storefront};
use crate::shop::{ISSUER, MASTER_KEY, ORIGIN, START, Shop};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A key as its owner has it.
struct OwnKey {
    algorithm: Algorithm,
    private: Vec<u8>,
    public: Json,
}

impl OwnKey {
    fn new(algorithm: Algorithm, key_id: &str) -> Self {
        let private = new_private_key(algorithm).unwrap();
        let mut public = serde_json::to_value(SigningKey::from_pkcs8(algorithm, &private).unwrap().public()).unwrap();
        public["kid"] = json!(key_id);
        Self { algorithm, private, public }
    }

    fn header(&self) -> Header {
        let mut header = Header::new(self.algorithm.name().parse().unwrap());
        header.kid = self.public["kid"].as_str().map(str::to_owned);
        header
    }

    fn sign(&self, header: &Header, claims: &Json) -> String {
        let key = match self.algorithm {
            Algorithm::Es256 => EncodingKey::from_ec_der(&self.private),
            Algorithm::EdDsa => EncodingKey::from_ed_der(&self.private),
            // This one takes what PKCS#8 wraps, which stands behind 26 bytes.
            Algorithm::Rs256 => EncodingKey::from_rsa_der(&self.private[26..]),
        };
        jsonwebtoken::encode(header, claims, &key).unwrap()
    }

    fn assertion(&self, changes: Json) -> String {
        self.sign(&self.header(), &claims(changes))
    }
}

/// A good assertion's claims, with `changes` over them; `null` takes a claim away.
fn claims(changes: Json) -> Json {
    let now = START.seconds();
    let mut claims = json!({ "iss": "erp", "sub": "erp", "aud": ISSUER, "iat": now, "exp": now + 60, "jti": "first" });
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Json::Null => claims.as_object_mut().unwrap().remove(name),
            _ => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn settings(keys: &[&OwnKey]) -> ClientSettings {
    let keys: Vec<Json> = keys.iter().map(|key| key.public.clone()).collect();
    ClientSettings {
        first_party: false,
        authentication_methods: vec![AuthenticationMethod::PrivateKeyJwt],
        jwks: Some(ClientKeys::read(&keys).unwrap()),
        grant_types: vec![GrantType::AuthorizationCode, GrantType::ClientCredentials],
        permissions: vec!["READ_ITEM_LIST".parse().unwrap()],
        ..storefront(&[ORIGIN])
    }
}

async fn with_erp(shop: Shop, keys: &[&OwnKey]) -> Shop {
    seed::add_client(&shop.database, "erp", &settings(keys)).await;
    shop
}

fn with(assertion: &str, fields: &[(&str, &str)]) -> Call {
    let own = [("grant_type", "client_credentials"), ("client_assertion_type", TYPE), ("client_assertion", assertion)];
    let own = own.into_iter().filter(|(name, _)| !fields.iter().any(|(other, _)| other == name));
    Call::post("/oauth/token", &own.chain(fields.iter().copied()).collect::<Vec<_>>())
}

fn refused(answer: &Answer, error: &str, why: &str) {
    assert_eq!(answer.oauth_error(), error, "{why}: {}", answer.body);
    let status = if error == "invalid_client" { StatusCode::UNAUTHORIZED } else { StatusCode::BAD_REQUEST };
    assert_eq!(answer.status, status, "{why}");
    let told = answer.json()["error_description"].as_str().unwrap().to_owned();
    assert!(told.contains(why), "{why:?} is not in {told:?}");
}

const USED: &str = "SELECT count(*) AS used FROM client_assertion";

#[tokio::test]
async fn a_key_of_each_algorithm_opens() {
    let keys =
        [OwnKey::new(Algorithm::Es256, "es"), OwnKey::new(Algorithm::Rs256, "rs"), OwnKey::new(Algorithm::EdDsa, "ed")];
    let shop = with_erp(Shop::open().await, &keys.each_ref()).await;
    for key in &keys {
        let jti = key.algorithm.name();
        let answer = shop.send(with(&key.assertion(json!({ "jti": jti })), &[])).await;
        assert_eq!(answer.status, StatusCode::OK, "{jti}: {}", answer.body);
        assert_eq!(shop.access_token(&answer.json()).await["sub"], "erp");
        let named = key.assertion(json!({ "jti": format!("{jti} with client_id") }));
        assert_eq!(shop.send(with(&named, &[("client_id", "erp")])).await.status, StatusCode::OK);
    }
    assert_eq!(shop.count(USED).await, 6);
}

#[tokio::test]
async fn a_code_is_redeemed_with_an_assertion() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let code = browser.send(Authorization::of("erp", "http://localhost:8080/").call()).await.parameter("code");
    let call = |assertion: &str| {
        exchange_with(&code, &[("client_id", ""), ("client_assertion_type", TYPE), ("client_assertion", assertion)])
    };
    let foreign = OwnKey::new(Algorithm::Es256, "es").assertion(json!({}));
    refused(&shop.send(call(&foreign)).await, "invalid_client", "signature");
    let answer = shop.send(call(&key.assertion(json!({})))).await;
    assert_eq!(answer.status, StatusCode::OK, "the refused attempt left the code alone: {}", answer.body);
    assert_eq!(shop.id_token(&answer.json()).await["aud"], "erp");
}

#[tokio::test]
async fn a_request_is_pushed_with_an_assertion() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let request = Authorization::of("erp", "http://localhost:8080/").with("client_assertion_type", TYPE);
    let of_other = key.assertion(json!({ "aud": "https://other.example/oauth/par" }));
    refused(&shop.send(request.clone().with("client_assertion", &of_other).pushed()).await, "invalid_client", "aud");
    let good = key.assertion(json!({ "aud": format!("{ISSUER}/oauth/par") }));
    let pushed = shop.send(request.with("client_assertion", &good).pushed()).await;
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.body);
    refused(&shop.send(with(&good, &[])).await, "invalid_client", "used before");
    let without = Authorization::of("erp", "http://localhost:8080/").pushed();
    refused(&shop.send(without).await, "invalid_client", "its own");
}

#[tokio::test]
async fn claims_that_are_not_right_are_told_and_use_nothing_up() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let now = START.seconds();
    for (changes, why) in [
        (json!({ "iss": null }), "no iss"),
        (json!({ "iss": "gateway" }), "must be the client_id"),
        (json!({ "aud": null }), "no aud"),
        (json!({ "aud": "https://other.example" }), "aud"),
        (json!({ "aud": [ISSUER, "https://other.example"] }), "aud"),
        (json!({ "aud": format!("{ISSUER}/s/other") }), "aud"),
        (json!({ "aud": format!("{ISSUER}/userinfo") }), "aud"),
        (json!({ "exp": null }), "no exp"),
        (json!({ "exp": now }), "expired"),
        (json!({ "exp": now + 3661 }), "more than an hour"),
        (json!({ "nbf": now + 61 }), "clock"),
        (json!({ "iat": now + 61 }), "clock"),
        (json!({ "jti": null }), "no jti"),
        (json!({ "jti": "" }), "jti"),
        (json!({ "jti": "x".repeat(256) }), "jti"),
    ] {
        refused(&shop.send(with(&key.assertion(changes), &[])).await, "invalid_client", why);
    }
    refused(&shop.send(with(&key.assertion(json!({ "sub": "gateway" })), &[])).await, "invalid_client", "its own");
    let of_other = with(&key.assertion(json!({ "sub": "gateway" })), &[("client_id", "erp")]);
    refused(&shop.send(of_other).await, "invalid_client", "must be the client_id");
    assert_eq!(shop.count(USED).await, 0);
    for (number, aud) in [
        json!(ISSUER),
        json!([ISSUER]),
        json!(format!("{ISSUER}/oauth/token")),
        json!(format!("{ISSUER}/oauth2/token")),
        json!([ISSUER, format!("{ISSUER}/oauth/par")]),
    ]
    .into_iter()
    .enumerate()
    {
        let good = key.assertion(json!({ "aud": aud, "jti": number.to_string(), "iat": now + 60, "exp": now + 3600 }));
        assert_eq!(shop.send(with(&good, &[])).await.status, StatusCode::OK, "{aud}");
    }
}

#[tokio::test]
async fn a_signature_that_is_not_the_clients_is_refused_without_a_word() {
    let (key, other) = (OwnKey::new(Algorithm::Es256, "es"), OwnKey::new(Algorithm::Rs256, "rs"));
    let shop = with_erp(Shop::open().await, &[&key, &other]).await;
    let foreign = OwnKey::new(Algorithm::Es256, "es");
    let good = key.assertion(json!({}));
    let parts: Vec<&str> = good.split('.').collect();
    let header = |header: Json| format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), parts[1]);
    let mut no_key_id = key.header();
    no_key_id.kid = None;
    let mut others_key_id = key.header();
    others_key_id.kid = Some("rs".to_owned());
    let mut unknown_key_id = key.header();
    unknown_key_id.kid = Some("unknown".to_owned());
    let mut shared = Header::new(jsonwebtoken::Algorithm::HS256);
    shared.kid = Some("es".to_owned());
    let with_public_key = EncodingKey::from_secret(key.public["x"].as_str().unwrap().as_bytes());
    let critical = json!({ "alg": "ES256", "kid": "es", "crit": ["exp"] });
    for (assertion, why) in [
        (foreign.assertion(json!({})), "another's key under the same kid"),
        (key.sign(&no_key_id, &claims(json!({}))), "two keys and no kid"),
        (key.sign(&others_key_id, &claims(json!({}))), "the kid of another key"),
        (key.sign(&unknown_key_id, &claims(json!({}))), "an unknown kid"),
        (jsonwebtoken::encode(&shared, &claims(json!({})), &with_public_key).unwrap(), "HS256 with the public key"),
        (format!("{}.", header(json!({ "alg": "none", "kid": "es" }))), "none"),
        (format!("{}.{}", header(json!({ "alg": "none", "kid": "es" })), parts[2]), "none with a signature"),
        (format!("{}.{}", header(json!({ "alg": "RS256", "kid": "es" })), parts[2]), "another algorithm"),
        (format!("{}.{}", header(critical), parts[2]), "an extension"),
        (
            format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims(json!({ "jti": "x" })).to_string()), parts[2]),
            "changed",
        ),
        (good[..good.len() - 4].to_owned(), "cut off"),
        (format!("{good}.x"), "four parts"),
        ("a.b.c".to_owned(), "no token"),
        ("x".to_owned(), "one word"),
    ] {
        for fields in [&[][..], &[("client_id", "erp")]] {
            let answer = shop.send(with(&assertion, fields)).await;
            refused(&answer, "invalid_client", "the client is unknown, its secret or signature wrong");
            assert!(!answer.headers.contains_key("www-authenticate"), "{why}");
        }
    }
    assert_eq!(shop.count(USED).await, 0);
    assert_eq!(shop.send(with(&good, &[])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_a_kid_the_only_key_is_taken() {
    let key = OwnKey::new(Algorithm::EdDsa, "ed");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let mut header = key.header();
    (header.kid, header.typ) = (None, None);
    assert_eq!(shop.send(with(&key.sign(&header, &claims(json!({}))), &[])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_assertion_is_good_once() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let first = key.assertion(json!({}));
    assert_eq!(shop.send(with(&first, &[("scope", "a\"b")])).await.oauth_error(), "invalid_scope");
    refused(&shop.send(with(&first, &[])).await, "invalid_client", "used before");
    // Signed anew it is the same one, as long as it has its jti.
    shop.wait(Span::seconds(30));
    let again = key.assertion(json!({ "exp": START.seconds() + 600 }));
    refused(&shop.send(with(&again, &[])).await, "invalid_client", "used before");
    assert_eq!(shop.send(with(&key.assertion(json!({ "jti": "second" })), &[])).await.status, StatusCode::OK);
    shop.wait(Span::seconds(30));
    refused(&shop.send(with(&first, &[])).await, "invalid_client", "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_uses_at_once_at_two_nodes_one_wins() {
    once(Shop::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_uses_at_once_on_postgres_one_wins() {
    once(Shop::on_postgres().await).await;
}

async fn once(shop: Shop) {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(shop, &[&key]).await;
    let second = crate::shop::start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
    let assertion = key.assertion(json!({}));
    let mut calls = JoinSet::new();
    for number in 0..20 {
        let router = if number % 2 == 0 { shop.router.clone() } else { second.router() };
        let call = with(&assertion, &[]);
        calls.spawn(async move { call.send(&router, ISSUER, "").await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = calls.join_all().await.into_iter().partition(|one| one.status.is_success());
    assert_eq!((won.len(), lost.len()), (1, 19));
    lost.iter().for_each(|answer| refused(answer, "invalid_client", "used before"));
}

#[tokio::test]
async fn each_client_has_its_one_way() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let both =
        ClientSettings { authentication_methods: vec![AuthenticationMethod::ClientSecretBasic], ..settings(&[&key]) };
    seed::add_client(&shop.database, "keys-but-secret", &both).await;
    let own = "this way of authentication not its own";
    let credentials = ("grant_type", "client_credentials");
    let by_secret = Call::post("/oauth/token", &[credentials, ("client_id", "erp"), ("client_secret", "x")]);
    let by_name = Call::post("/oauth/token", &[credentials, ("client_id", "erp")]);
    let by_header = Call::post("/oauth/token", &[credentials]).basic("erp", "x");
    let of = |client: &str| with(&key.assertion(json!({ "iss": client, "sub": client })), &[]);
    for call in [by_secret, by_name, by_header, of("gateway"), of("storefront"), of("keys-but-secret"), of("nobody")] {
        refused(&shop.send(call).await, "invalid_client", own);
    }
    assert_eq!(shop.count(USED).await, 0);
}

#[tokio::test]
async fn two_ways_at_once_and_half_a_way_are_refused() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    let good = key.assertion(json!({}));
    let long = "x".repeat(8193);
    let request = "invalid_request";
    for (call, error, why) in [
        (with(&good, &[]).basic("gateway", GATEWAY_SECRET), request, "one way"),
        (with(&good, &[("client_secret", "x")]), request, "one way"),
        (with(&good, &[]).header("authorization", "Bearer x"), request, "one way"),
        (with(&good, &[("client_assertion_type", "")]), request, "client_assertion_type is missing"),
        (with("", &[]), request, "client_assertion is missing"),
        (
            with(&good, &[("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")]),
            "invalid_client",
            "must be",
        ),
        (with(&good, &[("client_assertion_type", &TYPE.to_uppercase())]), "invalid_client", "must be"),
        (with(&good, &[("client_assertion_type", &format!("{TYPE} "))]), "invalid_client", "must be"),
        (with(&good, &[("client_assertion_type", &"x".repeat(2049))]), request, "client_assertion_type"),
        (with(&long, &[]), request, "client_assertion"),
        (with("a\0b", &[]), request, "client_assertion"),
        (with(&good, &[("client_assertion", &good), ("client_assertion", &good)]), request, "client_assertion"),
        (
            with(&good, &[("client_assertion_type", TYPE), ("client_assertion_type", TYPE)]),
            request,
            "client_assertion_type",
        ),
    ] {
        refused(&shop.send(call).await, error, why);
    }
    let in_query = with(&good, &[]).at(&format!("/oauth/token?client_assertion={good}"));
    refused(&shop.send(in_query).await, request, "query");
    assert_eq!(shop.count(USED).await, 0);
    assert_eq!(shop.send(with(&good, &[])).await.status, StatusCode::OK, "none of that used it up");
}

/// Whether it was used before is not known then, so that it must not open.
#[tokio::test]
async fn a_storage_failure_is_no_refusal() {
    let key = OwnKey::new(Algorithm::Es256, "es");
    let shop = with_erp(Shop::open().await, &[&key]).await;
    assert_eq!(shop.send(with(&key.assertion(json!({})), &[])).await.status, StatusCode::OK);
    shop.database.close().await;
    let answer = shop.send(with(&key.assertion(json!({ "jti": "second" })), &[])).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.oauth_error(), "temporarily_unavailable");
}
