//! Signing keys as they come and go. Background jobs run on tokio's clock, which is paused here and jumps; the server's
//! clock is in the test's hand.

use std::time::Duration;

use auth_core::signing_key::{Rotation, RotationPolicy};
use auth_core::time::Span;
use auth_protocol::jws::{Algorithm, PresentedToken};
use auth_server::environment::SystemRandom;
use auth_server::keys::{self, KeySource};
use auth_server::{MasterKey, MasterKeys};
use axum::Router;
use axum::http::StatusCode;

use crate::browser::Call;
use crate::seed::GATEWAY_SECRET;
use crate::shop::{ISSUER, MASTER_KEY, Shop, just_short_of, start};

const DAY: Span = Span::minutes(24 * 60);
const KEYS: &str = "SELECT count(*) FROM signing_key";
const ERASED: &str = "SELECT count(*) FROM signing_key WHERE length(private_key) = 0";
const GENERATION: &str = "SELECT value FROM generation";

fn days(number: i64) -> Span {
    Span(number * DAY.0)
}

async fn token(router: &Router) -> String {
    let call = Call::post("/oauth/token", &[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET);
    let answer = call.send(router, ISSUER, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

fn key_id(token: &str) -> String {
    PresentedToken::read(token).unwrap().header.kid.unwrap()
}

async fn published(router: &Router) -> Vec<String> {
    let document = Call::get("/oauth/jwks").send(router, ISSUER, "").await.json();
    document["keys"].as_array().unwrap().iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

/// Waits, far longer than jobs take, until it is so. The database is asked each time: its thread knows no paused clock, and
/// has to come round for the jobs, too.
async fn comes(shop: &Shop, what: &str, is_so: impl AsyncFn() -> bool) {
    for _ in 0..100_000 {
        if is_so().await {
            return;
        }
        shop.count(KEYS).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    panic!("it never came that {what}");
}

async fn rotate(shop: &Shop, publish_ahead: Span) -> (String, Rotation) {
    let master = MasterKeys::from(MasterKey::new(MASTER_KEY).unwrap());
    let source =
        KeySource { database: &shop.database, master: &master, clock: shop.clock.as_ref(), random: &SystemRandom };
    let server = server(shop).await;
    keys::rotate(&source, &server, Algorithm::Es256, Some(publish_ahead), "test").await.unwrap()
}

async fn retire(shop: &Shop, key_id: &str) {
    let master = MasterKeys::from(MasterKey::new(MASTER_KEY).unwrap());
    let source =
        KeySource { database: &shop.database, master: &master, clock: shop.clock.as_ref(), random: &SystemRandom };
    keys::retire(&source, &server(shop).await, key_id, true, "test").await.unwrap();
}

async fn server(shop: &Shop) -> auth_core::server::Server {
    let servers = auth_store::server::all(&shop.database).await.unwrap();
    servers.into_iter().find(|server| server.issuer == ISSUER).unwrap()
}

#[tokio::test(start_paused = true)]
async fn keys_come_and_go_by_themselves() {
    let shop = Shop::open().await;
    let first = key_id(&token(&shop.router).await);
    shop.wait(days(89));
    comes(&shop, "the next key is published", async || published(&shop.router).await.len() == 2).await;
    assert_eq!(key_id(&token(&shop.router).await), first, "it is published first");

    shop.wait(just_short_of(DAY));
    let last = token(&shop.router).await;
    assert_eq!(key_id(&last), first);
    comes(&shop, "the shop's other server has its next key, too", async || shop.count(KEYS).await == 4).await;
    let (before, rows) = (shop.count(GENERATION).await, shop.count(KEYS).await);
    shop.wait(Span(1));
    let second = key_id(&token(&shop.router).await);
    assert_ne!(second, first);
    assert_eq!(published(&shop.router).await, [second.clone(), first.clone()], "what it signed is verified still");

    // Out of the key set by the clock alone, and back when the clock was wrong.
    let keep = RotationPolicy::of(&server(&shop).await.settings).keep;
    let activated = shop.now();
    shop.wait(just_short_of(keep));
    assert_eq!(published(&shop.router).await.len(), 2);
    shop.wait(Span(1));
    comes(&shop, "the first key is retired", async || published(&shop.router).await == [second.clone()]).await;
    assert_eq!((shop.count(GENERATION).await, shop.count(KEYS).await), (before, rows), "nothing was written");
    shop.clock.set(activated + DAY);
    comes(&shop, "the first key is there again", async || published(&shop.router).await.len() == 2).await;

    shop.clock.set(activated + keep);
    shop.wait(days(7));
    // Another server of the shop has erased its own.
    comes(&shop, "it is erased", async || shop.count(ERASED).await == 2).await;
    assert_eq!(shop.count(KEYS).await, rows, "its id is known for good");
    comes(&shop, "it is in no key set", async || published(&shop.router).await == [second.clone()]).await;
    let told = shop.audited().await;
    assert_eq!(told.iter().filter(|kind| *kind == "signing_key_rotated").count(), 2, "{told:?}");
    assert_eq!(told.iter().filter(|kind| *kind == "signing_key_retired").count(), 2, "{told:?}");
}

/// Both do what is due, and whoever wrote a key: it signs at both from the same moment on.
#[tokio::test(start_paused = true)]
async fn two_nodes_agree_which_key_signs() {
    let shop = Shop::open().await;
    let second = start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
    let nodes = [shop.router.clone(), second.router()];
    for round in 1..=3 {
        shop.wait(days(if round == 1 { 89 } else { 88 }));
        comes(&shop, "both publish the next key", async || {
            let (here, there) = (published(&nodes[0]).await, published(&nodes[1]).await);
            here.len() == 2 && here == there
        })
        .await;
        comes(&shop, "so does the shop's other server", async || shop.count(KEYS).await == 2 + 2 * round).await;
        for step in [just_short_of(DAY), Span(1), DAY] {
            shop.wait(step);
            let (here, there) = (token(&nodes[0]).await, token(&nodes[1]).await);
            assert_eq!(key_id(&here), key_id(&there));
        }
        shop.wait(days(1));
        comes(&shop, "both leave out the former", async || {
            published(&nodes[0]).await.len() == 1 && published(&nodes[1]).await.len() == 1
        })
        .await;
    }
    assert_eq!(shop.count(KEYS).await, 2 + 2 * 3, "of two servers, one a rotation");
}

#[tokio::test(start_paused = true)]
async fn tokens_of_a_leaked_key_are_refused() {
    let shop = Shop::open().await;
    let tokens = shop.browser().sign_in_with_tokens("anna").await;
    let leaked = tokens["access_token"].as_str().unwrap().to_owned();
    let me = async |token: &str| shop.send(Call::get("/userinfo").bearer(token)).await.status;
    assert_eq!(me(&leaked).await, StatusCode::OK);
    let (next, rotation) = rotate(&shop, DAY).await;
    assert_eq!(rotation, Rotation::Make { activates_at: shop.now() + DAY });
    retire(&shop, &key_id(&leaked)).await;
    comes(&shop, "it is out of the key set", async || published(&shop.router).await == [next.clone()]).await;
    assert_eq!(me(&leaked).await, StatusCode::UNAUTHORIZED);
    let fresh = shop.browser().sign_in_with_tokens("anna").await["access_token"].as_str().unwrap().to_owned();
    assert_eq!((key_id(&fresh), me(&fresh).await), (next, StatusCode::OK));
}

/// Its id says which key it is, and no other key has it, at any server.
#[tokio::test]
async fn a_key_id_is_the_thumbprint_of_the_key() {
    let shop = Shop::open().await;
    let document = shop.send(Call::get("/oauth/jwks")).await.json();
    let key = &document["keys"][0];
    let member = |name: &str| key[name].as_str().unwrap();
    // RFC 7638 §3: the required members in the order of their names, without blanks.
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, member("x"), member("y"));
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, canonical.as_bytes());
    use base64::Engine as _;
    assert_eq!(member("kid"), base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest));
}

/// A key waits longer than anybody keeps a key set: a shared cache, then a service that cannot fetch for an hour.
#[tokio::test]
async fn the_least_time_ahead_is_longer_than_anybody_keeps_a_key_set() {
    let shop = Shop::open().await;
    let answer = shop.send(Call::get("/oauth/jwks")).await;
    let max_age: i64 = answer.header("cache-control").strip_prefix("public, max-age=").unwrap().parse().unwrap();
    let noticed_by_every_node = 2;
    assert!(max_age + 60 * 60 + noticed_by_every_node < 2 * 60 * 60);
}
