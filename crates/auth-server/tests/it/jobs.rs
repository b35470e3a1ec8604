//! Background jobs run on tokio's clock, which is paused here and jumps.

use std::time::Duration;

use auth_core::server::ServerSettings;
use auth_core::time::Span;
use database::{Statement, params};

use crate::browser::{Authorization, exchange};
use crate::seed::SERVER;
use crate::shop::{MASTER_KEY, Shop, start};

const CODES: &str = "SELECT count(*) FROM authorization_code";
const SESSIONS: &str = "SELECT count(*) FROM session";

static OLD_FAILURE: Statement = Statement::new(
    "OLD_FAILURE",
    "INSERT INTO sign_in_failure (server_id, identifier_hash, failures, last_failed_at) VALUES ($1, $2, 1, 0)",
);

/// Failures are swept last: when an old one has gone, a sweep was there. The first may have begun before.
async fn sweep(shop: &Shop) {
    for _ in 0..2 {
        shop.database.execute(&OLD_FAILURE, params![SERVER.bytes(), [9_u8; 32]]).await.unwrap();
        let mut patience = 100_000;
        while shop.count("SELECT count(*) FROM sign_in_failure").await > 0 {
            patience -= 1;
            assert!(patience > 0, "nobody sweeps");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_has_expired_is_swept_after_an_hour() {
    let shop = Shop::open().await;
    shop.browser().sign_in("anna").await;
    shop.wait(Span::minutes(60));
    sweep(&shop).await;
    assert_eq!((shop.count(CODES).await, shop.count(SESSIONS).await), (1, 1), "the code expired less than an hour ago");
    shop.wait(Span::minutes(2));
    sweep(&shop).await;
    assert_eq!((shop.count(CODES).await, shop.count(SESSIONS).await), (0, 1));
    shop.wait(Span::minutes(13 * 60));
    sweep(&shop).await;
    assert_eq!(shop.count(SESSIONS).await, 0);
}

/// The server's setting decides; nothing else forgets what was done.
#[tokio::test(start_paused = true)]
async fn the_audit_trail_is_kept_for_its_days() {
    let shop = Shop::open_with(ServerSettings { audit_days: 30, ..ServerSettings::default() }).await;
    shop.browser().sign_in("anna").await;
    shop.wait(Span::minutes(30 * 24 * 60));
    sweep(&shop).await;
    assert_eq!(shop.audited().await, ["signed_in"]);
    shop.wait(Span(1000));
    sweep(&shop).await;
    assert!(shop.audited().await.is_empty());
}

/// A node that is stopped lets another go on at once, one that dies after a minute.
#[tokio::test(start_paused = true)]
async fn another_node_goes_on_with_the_sweep() {
    for is_stopped in [true, false] {
        let shop = Shop::open().await.without_jobs().await;
        let first = start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
        sweep(&shop).await;
        let _second = start(&shop.database, &shop.clock, MASTER_KEY).await.unwrap();
        if is_stopped {
            first.end().await
        } else {
            drop(first)
        }
        sweep(&shop).await;
    }
}

/// A second use of a code is recognised for as long as the code is kept.
#[tokio::test(start_paused = true)]
async fn a_code_used_twice_within_the_hour_ends_its_grant() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let code = browser.sign_in("anna").await;
    shop.send(exchange(&code)).await;
    for _ in 0..3 {
        shop.wait(Span::minutes(18));
        browser.send(Authorization::new().silent().call()).await;
    }
    sweep(&shop).await;
    assert_eq!(shop.send(exchange(&code)).await.oauth_error(), "invalid_grant");
    assert_eq!(shop.audited().await, ["signed_in", "code_reused"]);
}
