//! What tokens are signed with: by server, by client, and where the keys come from.

use std::sync::Arc;

use auth_core::client::ClientSettings;
use auth_core::server::ServerSettings;
use auth_protocol::jws::{Algorithm, PresentedToken};
use axum::http::StatusCode;
use serde_json::{Value as Json, json};
use tokio::task::JoinSet;

use crate::browser::{Authorization, Call, exchange_with};
use crate::seed::{self, storefront};
use crate::shop::{ISSUER, MASTER_KEY, ORIGIN, Shop};

const EACH: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa];
const REDIRECT_URI: &str = "http://localhost:8080/";

fn signed_with(answer: &Json, member: &str) -> String {
    PresentedToken::read(answer[member].as_str().unwrap()).unwrap().header.alg
}

async fn add(shop: &Shop, client_id: &'static str, settings: ClientSettings) {
    seed::add_client(&shop.database, client_id, &settings).await;
}

async fn tokens(shop: &Shop, client_id: &str) -> Json {
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::of(client_id, REDIRECT_URI)).await;
    let code = browser.submit(&page, "anna", seed::PASSWORD).await.parameter("code");
    let answer = shop.send(exchange_with(&code, &[("client_id", client_id)])).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.json()
}

#[tokio::test]
async fn a_client_has_its_tokens_signed_as_it_asks() {
    let shop = Shop::open().await;
    for (client_id, access, id) in [("a", EACH[0], EACH[1]), ("b", EACH[1], EACH[2]), ("c", EACH[2], EACH[0])] {
        let settings = ClientSettings {
            access_token_algorithm: Some(access),
            id_token_algorithm: Some(id),
            ..storefront(&[ORIGIN])
        };
        add(&shop, client_id, settings).await;
        let answer = tokens(&shop, client_id).await;
        assert_eq!(signed_with(&answer, "access_token"), access.name());
        assert_eq!(signed_with(&answer, "id_token"), id.name());
        assert_eq!(shop.access_token(&answer).await["client_id"], client_id);
        assert_eq!(shop.id_token(&answer).await["aud"], client_id);
        let token = answer["access_token"].as_str().unwrap();
        assert_eq!(shop.send(Call::get("/userinfo").bearer(token)).await.status, StatusCode::OK, "our own endpoint");
    }
    assert_eq!(shop.public_keys().await.len(), 3);
}

#[tokio::test]
async fn the_servers_setting_counts_for_clients_that_say_nothing() {
    let settings = ServerSettings {
        access_token_algorithm: Algorithm::EdDsa,
        id_token_algorithm: Some(Algorithm::Rs256),
        ..ServerSettings::default()
    };
    let shop = Shop::open_with(settings).await;
    let published: Vec<Json> = keys(&shop).await.into_iter().map(|key| key["alg"].clone()).collect();
    assert_eq!(published, [json!("EdDSA")], "a key that nobody asked for is not made");
    let answer = tokens(&shop, "storefront").await;
    assert_eq!(
        (signed_with(&answer, "access_token"), signed_with(&answer, "id_token")),
        ("EdDSA".into(), "RS256".into())
    );
    shop.access_token(&answer).await;
    shop.id_token(&answer).await;
}

async fn keys(shop: &Shop) -> Vec<Json> {
    shop.send(Call::get("/oauth/jwks")).await.json()["keys"].as_array().unwrap().clone()
}

/// Whoever keeps the key set has the key when the token comes.
#[tokio::test]
async fn a_key_is_published_before_it_signs() {
    let shop = Shop::open().await;
    add(&shop, "rsa", ClientSettings { id_token_algorithm: Some(Algorithm::Rs256), ..storefront(&[ORIGIN]) }).await;
    shop.browser().send(Authorization::of("rsa", REDIRECT_URI).call()).await;
    let before = keys(&shop).await;
    let answer = tokens(&shop, "rsa").await;
    let kid = PresentedToken::read(answer["id_token"].as_str().unwrap()).unwrap().header.kid.unwrap();
    assert!(before.iter().any(|key| key["kid"] == kid && key["kty"] == "RSA"), "{before:?}");
    for key in before {
        let members = key.as_object().unwrap();
        assert!(["d", "p", "q", "dp", "dq", "qi"].iter().all(|private| !members.contains_key(*private)), "{key}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_make_a_first_key_at_once_share_one() {
    two_nodes(Shop::open().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_on_postgres_share_one() {
    two_nodes(Shop::on_postgres().await).await;
}

async fn two_nodes(shop: Shop) {
    let second = Arc::new(crate::shop::start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap());
    add(&shop, "rsa", ClientSettings { access_token_algorithm: Some(Algorithm::Rs256), ..storefront(&[ORIGIN]) }).await;
    let mut calls = JoinSet::new();
    for router in [shop.router.clone(), second.router()] {
        let call = Authorization::of("rsa", REDIRECT_URI).call();
        calls.spawn(async move { call.send(&router, ISSUER, "").await.status });
    }
    assert_eq!(calls.join_all().await, [StatusCode::SEE_OTHER; 2]);
    assert_eq!(shop.count("SELECT count(*) AS keys FROM signing_key WHERE algorithm = 'RS256'").await, 1);
    let here = keys(&shop).await;
    let there = Call::get("/oauth/jwks").send(&second.router(), ISSUER, "").await.json();
    assert_eq!(json!(here), there["keys"], "both publish the one key before either signs");
}

/// A key is as good after a restart, and cannot be read without the master key.
#[tokio::test]
async fn keys_are_kept_sealed() {
    let shop = Shop::open().await;
    add(&shop, "rsa", ClientSettings { access_token_algorithm: Some(Algorithm::Rs256), ..storefront(&[ORIGIN]) }).await;
    let answer = tokens(&shop, "rsa").await;
    let before = keys(&shop).await;
    let stored = shop.rows("SELECT private_key FROM signing_key", &[]).await;
    assert_eq!(stored.len(), 3, "one of them another server's");
    for row in stored {
        let sealed: Vec<u8> = row.get(0).unwrap();
        // The object identifiers that every PKCS#8 key of these kinds begins with.
        for plain in [&b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"[..], &b"\x2a\x86\x48\xce\x3d\x02\x01"[..]] {
            assert!(!sealed.windows(plain.len()).any(|window| window == plain));
        }
    }
    let shop = shop.restart().await;
    assert_eq!(keys(&shop).await, before);
    shop.access_token(&answer).await;
}
