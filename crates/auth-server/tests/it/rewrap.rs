//! Another master key while servers run.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_core::client::ClientSettings;
use auth_protocol::jws::Algorithm;
use auth_server::environment::SystemRandom;
use auth_server::keys::{self, KeyError, KeyRing, KeySource};
use auth_server::{MasterKey, MasterKeys};
use axum::http::StatusCode;
use database::{Statement, params};
use serde_json::Value as Json;

use crate::browser::{Authorization, Browser, Call, exchange};
use crate::seed::{self, PASSWORD, storefront};
use crate::shop::{ISSUER, MASTER_KEY, ORIGIN, Shop, start, start_with_keys};

const NEW: [u8; 32] = [43; 32];
static UNNAME_KEYS: Statement = Statement::new("UNNAME_KEYS", "UPDATE signing_key SET master_key_id = ''");
static UNNAME_SECRETS: Statement = Statement::new("UNNAME_SECRETS", "UPDATE server_secret SET master_key_id = ''");
/// As if it ended when one server is done.
static STOP_AT_THE_SECOND: Statement = Statement::new(
    "STOP_AT_THE_SECOND",
    "CREATE TRIGGER stop BEFORE UPDATE ON signing_key \
     WHEN (SELECT count(*) FROM audit_event WHERE kind = 'keys_rewrapped') > 0 \
     BEGIN SELECT RAISE(ABORT, 'ended'); END",
);
static GO_ON: Statement = Statement::new("GO_ON", "DROP TRIGGER stop");
const UNDER_OTHERS: &str = "SELECT (SELECT count(*) FROM signing_key WHERE master_key_id <> $1) \
                            + (SELECT count(*) FROM server_secret WHERE master_key_id <> $1)";

/// Files that a test changes while servers read them.
#[derive(Clone)]
struct Files(Arc<Mutex<Vec<[u8; 32]>>>);

impl Files {
    fn of(keys: &[[u8; 32]]) -> Self {
        Self(Arc::new(Mutex::new(keys.to_vec())))
    }

    fn set(&self, keys: &[[u8; 32]]) {
        *self.0.lock().unwrap() = keys.to_vec();
    }

    fn keys(&self) -> MasterKeys {
        let files = self.clone();
        MasterKeys::read_by(move || {
            let mut keys = files.0.lock().unwrap().clone().into_iter().map(|bytes| MasterKey::new(bytes).unwrap());
            Ok(KeyRing { current: keys.next().ok_or("no key")?, others: keys.collect() })
        })
        .unwrap()
    }
}

async fn rewrap(shop: &Shop, keys: &[[u8; 32]]) -> Result<u64, KeyError> {
    let master = Files::of(keys).keys();
    let source =
        KeySource { database: &shop.database, master: &master, clock: shop.clock.as_ref(), random: &SystemRandom };
    keys::rewrap(&source, "test").await
}

async fn under_others(shop: &Shop, key: [u8; 32]) -> i64 {
    let id = MasterKey::new(key).unwrap().id().to_owned();
    shop.rows(UNDER_OTHERS, params![id]).await[0].get(0).unwrap()
}

async fn published(browser: &mut Browser) -> Vec<Json> {
    browser.send(Call::get("/oauth/jwks")).await.json()["keys"].as_array().unwrap().clone()
}

/// Waits, far longer than the server takes, until it has read everything anew.
async fn followed(shop: &Shop, browser: &mut Browser) {
    for _ in 0..1000 {
        if published(browser).await.len() == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the change was not followed: {}", shop.count("SELECT value FROM generation").await);
}

/// As it is done: the key beside the old one, everything sealed anew, the new one in the place of the old one.
#[tokio::test]
async fn a_running_server_goes_on_under_another_master_key() {
    let shop = Shop::open().await;
    let files = Files::of(&[MASTER_KEY]);
    let server = start_with_keys(&shop.database, &shop.clock, files.keys()).await.unwrap();
    let mut browser = Browser::new(server.router(), &shop.issuer);
    let page = browser.sign_in_page(&Authorization::new()).await;
    let before = published(&mut browser).await;

    files.set(&[MASTER_KEY, NEW]);
    assert_eq!(rewrap(&shop, &[NEW, MASTER_KEY]).await.unwrap(), 6, "a signing key and two secrets of each server");
    assert_eq!(rewrap(&shop, &[NEW, MASTER_KEY]).await.unwrap(), 0, "running it again does nothing");
    assert_eq!(under_others(&shop, NEW).await, 0);
    assert_eq!(shop.audited().await, ["keys_rewrapped", "keys_rewrapped"]);

    // A key that this node makes now is read with it; the form that was open is taken.
    let rsa = ClientSettings { access_token_algorithm: Some(Algorithm::Rs256), ..storefront(&[ORIGIN]) };
    seed::add_client(&shop.database, "rsa", &rsa).await;
    browser.send(Authorization::of("rsa", "http://localhost:8080/").call()).await;
    followed(&shop, &mut browser).await;
    let code = browser.submit(&page, "anna", PASSWORD).await.parameter("code");
    assert_eq!(browser.send(exchange(&code)).await.status, StatusCode::OK);
    assert!(published(&mut browser).await.contains(&before[0]), "the key that signed signs still");
    assert_eq!(under_others(&shop, NEW).await, 1, "it seals under the key that is in its place still");

    files.set(&[NEW, MASTER_KEY]);
    assert_eq!(rewrap(&shop, &[NEW, MASTER_KEY]).await.unwrap(), 1);
    assert!(start(&shop.database, &shop.clock, MASTER_KEY).await.is_err(), "the former key opens nothing");
    let other = start(&shop.database, &shop.clock, NEW).await.unwrap();
    assert_eq!(published(&mut Browser::new(other.router(), ISSUER)).await, published(&mut browser).await);
}

/// A transaction for each server: a crash leaves some under the one key and some under the other. Both at hand open
/// everything, and doing it again ends it.
#[tokio::test]
async fn half_a_change_is_opened_and_ended() {
    let shop = Shop::open().await;
    let both = [NEW, MASTER_KEY];
    shop.database.execute(&STOP_AT_THE_SECOND, &[]).await.unwrap();
    assert!(matches!(rewrap(&shop, &both).await, Err(KeyError::Store(_))));
    assert_eq!((under_others(&shop, NEW).await, under_others(&shop, MASTER_KEY).await), (3, 3));
    for alone in both {
        assert!(start(&shop.database, &shop.clock, alone).await.is_err());
    }
    start_with_keys(&shop.database, &shop.clock, Files::of(&both).keys()).await.unwrap();
    shop.database.execute(&GO_ON, &[]).await.unwrap();
    assert_eq!(rewrap(&shop, &both).await.unwrap(), 3);
    start(&shop.database, &shop.clock, NEW).await.unwrap();
}

/// Rows as they were written before master keys had names.
#[tokio::test]
async fn what_was_sealed_before_keys_had_names_is_opened_and_named() {
    let shop = Shop::open().await;
    for statement in [&UNNAME_KEYS, &UNNAME_SECRETS] {
        shop.database.execute(statement, &[]).await.unwrap();
    }
    start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
    assert!(start(&shop.database, &shop.clock, NEW).await.is_err());
    assert_eq!(rewrap(&shop, &[MASTER_KEY]).await.unwrap(), 6);
    assert_eq!(under_others(&shop, MASTER_KEY).await, 0);
    start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
}

/// Nothing is written when one row cannot be opened.
#[tokio::test]
async fn without_the_former_key_nothing_is_sealed_anew() {
    let shop = Shop::open().await;
    assert!(matches!(rewrap(&shop, &[NEW]).await, Err(KeyError::WrongMasterKey(_))));
    assert_eq!(under_others(&shop, MASTER_KEY).await, 0);
}
