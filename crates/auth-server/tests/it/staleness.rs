//! How old what a node cached may be when nobody can say whether it changed.

use auth_core::time::Span;
use axum::http::StatusCode;
use database::{Statement, params};

use crate::browser::Call;
use crate::generation::followed;
use crate::seed::{self, GATEWAY_SECRET, SERVER};
use crate::shop::{MASTER_KEY, START, Shop, start};

static HIDE_GENERATION: Statement = Statement::new("HIDE_GENERATION", "ALTER TABLE generation RENAME TO hidden");
static SHOW_GENERATION: Statement = Statement::new("SHOW_GENERATION", "ALTER TABLE hidden RENAME TO generation");
static DISABLE: Statement =
    Statement::new("DISABLE", "UPDATE client SET enabled = FALSE WHERE server_id = $1 AND client_id = $2");

fn guest() -> Call {
    Call::post("/oauth/token", &[("grant_type", "client_credentials")]).basic("gateway", GATEWAY_SECRET)
}

async fn ask(shop: &Shop) -> StatusCode {
    shop.send(guest()).await.status
}

/// Neither a clock that is set back nor one that is set forward changes for how long.
#[tokio::test]
async fn clients_are_used_for_a_minute_without_the_database() {
    for set_by in [Span::minutes(-24 * 60), Span(0), Span::minutes(24 * 60)] {
        let shop = Shop::open().await;
        assert_eq!(ask(&shop).await, StatusCode::OK);
        shop.database.close().await;
        shop.clock.set(START + set_by);
        assert_eq!(ask(&shop).await, StatusCode::OK);
        shop.wait(Span::seconds(50));
        assert_eq!(ask(&shop).await, StatusCode::OK, "{set_by:?}");
        shop.wait(Span::seconds(11));
        let refused = shop.send(guest()).await;
        let (status, error) = (refused.status, refused.oauth_error());
        assert_eq!(
            (status, error.as_str()),
            (StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable"),
            "{set_by:?}"
        );
    }
}

#[tokio::test]
async fn discovery_and_key_set_are_served_until_the_database_is_back() {
    let shop = Shop::open().await;
    let documents = async || {
        let discovery = shop.send(Call::get("/.well-known/openid-configuration")).await;
        let keys = shop.send(Call::get("/oauth/jwks")).await;
        assert_eq!((discovery.status, keys.status), (StatusCode::OK, StatusCode::OK));
        (discovery.body, keys.body)
    };
    let before = documents().await;
    shop.database.close().await;
    for _ in 0..30 {
        shop.wait(Span::minutes(24 * 60));
        assert_eq!(documents().await, before);
    }
}

/// The clients can be read all the while, and nobody can tell whether they changed.
#[tokio::test]
async fn what_was_disabled_while_nobody_could_ask_works_for_a_minute_and_no_longer() {
    let shop = Shop::open().await;
    assert_eq!(ask(&shop).await, StatusCode::OK);
    shop.database.execute(&HIDE_GENERATION, params![]).await.unwrap();
    shop.database.execute(&DISABLE, params![SERVER.bytes(), "gateway"]).await.unwrap();
    shop.wait(Span::seconds(50));
    assert_eq!(ask(&shop).await, StatusCode::OK);
    shop.wait(Span::seconds(11));
    assert_eq!(ask(&shop).await, StatusCode::UNAUTHORIZED);
    shop.database.execute(&SHOW_GENERATION, params![]).await.unwrap();
    seed::administer(&shop.database, Vec::new()).await;
    assert_eq!(ask(&shop).await, StatusCode::UNAUTHORIZED, "nor does it come back");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_on_one_postgres_forgets_a_disabled_client() {
    let shop = Shop::on_postgres().await;
    let other = start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
    let there = async || guest().send(&other.router(), &shop.issuer, "").await.status;
    assert_eq!((ask(&shop).await, there().await), (StatusCode::OK, StatusCode::OK));
    seed::administer(&shop.database, vec![(&DISABLE, params![SERVER.bytes(), "gateway"].to_vec())]).await;
    followed(async || ask(&shop).await == StatusCode::UNAUTHORIZED).await;
    followed(async || there().await == StatusCode::UNAUTHORIZED).await;
}
