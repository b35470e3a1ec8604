//! A running server follows what operators write: a job looks each second whether there is news.

use std::time::Duration;

use auth_core::client::{ClientSecret, ClientSettings, SECRET_OVERLAP};
use auth_core::server::{Lifetimes, ServerSettings};
use auth_core::time::Span;
use auth_protocol::id::AuditEventId;
use auth_store::audit::{AuditEvent, AuditKind, Origin};
use auth_store::client_secret::rotate_client_secret;
use axum::http::StatusCode;
use database::{Statement, Value, params};
use serde_json::json;

use crate::browser::{Authorization, Call, exchange};
use crate::seed::{self, SERVER, settings_json, storefront};
use crate::shop::{ORIGIN, Shop, just_short_of};

static SET_CLIENT: Statement = Statement::new(
    "SET_CLIENT",
    "UPDATE client SET settings = $3, enabled = $4 WHERE server_id = $1 AND client_id = $2",
);
static SET_SERVER: Statement = Statement::new("SET_SERVER", "UPDATE server SET settings = $2 WHERE server_id = $1");
static RENAME: Statement = Statement::new("RENAME", "UPDATE server SET friendly_name = 'Renamed' WHERE server_id = $1");
static SET_ROLE: Statement =
    Statement::new("SET_ROLE", "UPDATE role SET permissions = $3 WHERE server_id = $1 AND name = $2");

/// Writes, and waits until the running server has noticed: the shop's new name is on its pages then.
async fn administer(shop: &Shop, mut plan: Vec<(&'static Statement, Vec<Value>)>) {
    plan.push((&RENAME, params![SERVER.bytes()].to_vec()));
    seed::administer(&shop.database, plan).await;
    followed(async || shop.send(Call::get("/login?client_id=trade")).await.body.contains("Renamed")).await;
}

/// Waits, far longer than the server takes, until it is so.
pub async fn followed(is_so: impl AsyncFn() -> bool) {
    for _ in 0..1000 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the change was not followed");
}

pub async fn set_client(shop: &Shop, client_id: &'static str, settings: &ClientSettings, enabled: bool) {
    administer(
        shop,
        vec![(&SET_CLIENT, params![SERVER.bytes(), client_id, settings_json(settings), enabled].to_vec())],
    )
    .await;
}

#[tokio::test]
async fn a_disabled_client_is_unknown() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    set_client(&shop, "storefront", &storefront(&[ORIGIN]), false).await;
    assert_eq!(browser.send(Authorization::new().call()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(shop.send(exchange(&code)).await.oauth_error(), "invalid_client");
}

#[tokio::test]
async fn a_form_that_was_open_when_its_client_went_leads_nowhere() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    set_client(&shop, "storefront", &storefront(&[ORIGIN]), false).await;
    let answer = browser.submit(&page, "anna", seed::PASSWORD).await;
    assert_eq!((answer.status, answer.is_redirect()), (StatusCode::BAD_REQUEST, false));
}

/// The address was registered when the request came, and is not when the form is sent.
#[tokio::test]
async fn a_redirect_uri_that_is_taken_back_gets_no_code() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    set_client(&shop, "storefront", &storefront(&["http://localhost:9999/"]), true).await;
    let answer = browser.submit(&page, "anna", seed::PASSWORD).await;
    assert_eq!((answer.status, answer.is_redirect()), (StatusCode::BAD_REQUEST, false));
}

#[tokio::test]
async fn a_new_redirect_uri_is_taken() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let new = Authorization::new().with("redirect_uri", "http://localhost:9999/");
    assert_eq!(browser.send(new.call()).await.status, StatusCode::BAD_REQUEST);
    set_client(&shop, "storefront", &storefront(&["http://localhost:9999/"]), true).await;
    assert_eq!(browser.send(new.call()).await.destination(), "http://localhost:9999/");
}

#[tokio::test]
async fn settings_and_roles_are_followed() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let lifetimes = Lifetimes { access_token_seconds: 77, ..Lifetimes::default() };
    let settings = settings_json(&ServerSettings { lifetimes, ..ServerSettings::default() });
    let plan = vec![
        (&SET_SERVER, params![SERVER.bytes(), settings].to_vec()),
        (&SET_ROLE, params![SERVER.bytes(), "CUSTOMER", r#"["READ_ITEM_LIST"]"#].to_vec()),
    ];
    administer(&shop, plan).await;
    let code = browser.send(Authorization::new().call()).await.parameter("code");
    let answer = shop.send(exchange(&code)).await.json();
    assert_eq!(answer["expires_in"], 77);
    assert_eq!(shop.access_token(&answer).await["authorities"], json!(["READ_ITEM_LIST", "USER", "CUSTOMER"]));
}

/// Nobody has to be told at the moment of the change, on either side.
#[tokio::test]
async fn a_changed_secret_counts_beside_the_former_one_and_then_alone() {
    let shop = Shop::open().await;
    let ask = async |secret: &str| {
        let form = Call::post("/oauth/token", &[("grant_type", "client_credentials")]);
        shop.send(form.basic("gateway", secret)).await.status
    };
    assert_eq!(ask(seed::GATEWAY_SECRET).await, StatusCode::OK);
    let new = ClientSecret::from_random([9; 32]);
    assert_eq!(ask(new.text()).await, StatusCode::UNAUTHORIZED);
    let event = AuditEvent {
        id: AuditEventId::from_bytes([1; 16]),
        kind: AuditKind::ClientSecretRotated,
        actor: "operator".to_owned(),
        subject: "gateway".to_owned(),
        object: "gateway".to_owned(),
        origin: Origin::default(),
        detail: String::new(),
        at: shop.now(),
    };
    let (server, hash) = (seed::SERVER, new.hash());
    rotate_client_secret(&shop.database, server, "gateway", hash, SECRET_OVERLAP, event, shop.now()).await.unwrap();
    followed(async || ask(new.text()).await == StatusCode::OK).await;
    shop.wait(just_short_of(SECRET_OVERLAP));
    assert_eq!((ask(seed::GATEWAY_SECRET).await, ask(new.text()).await), (StatusCode::OK, StatusCode::OK));
    shop.wait(Span(1));
    assert_eq!(ask(seed::GATEWAY_SECRET).await, StatusCode::UNAUTHORIZED, "though the client is still in the cache");
    assert_eq!(ask(new.text()).await, StatusCode::OK);
}

#[tokio::test]
async fn a_key_that_another_node_made_is_published() {
    let shop = Shop::open().await;
    let second = crate::shop::start(&shop.database, &shop.clock, crate::shop::MASTER_KEY).await.unwrap();
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    let uri = "https://trade.example/callback";
    let code = browser.send(Authorization::of("trade", uri).call()).await.parameter("code");
    let call = crate::browser::exchange_with(&code, &[("client_id", ""), ("redirect_uri", uri)]);
    let call = call.basic("trade", seed::TRADE_SECRET);
    assert_eq!(
        call.send(&second.router(), &shop.issuer, "").await.status,
        StatusCode::OK,
        "an RS256 key was made there"
    );
    followed(async || shop.public_keys().await.len() == 2).await;
}
