//! `kill -9` under load: what was acknowledged is there, and no code works twice across the restart.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::StatusCode;

use crate::browser::{ANNA, Browser, Code};
use crate::program::Shop;

/// What the server acknowledged before it was killed.
#[derive(Default)]
struct Acknowledged {
    /// Cookies of browsers that were told they are signed in.
    sessions: Vec<Browser>,
    /// Codes whose redemption was answered with tokens.
    redeemed: Vec<Code>,
    /// Codes that were given out and not tried.
    unused: Vec<Code>,
}

async fn load(origin: String, number: usize, acknowledged: Arc<Mutex<Acknowledged>>) {
    loop {
        let mut browser = Browser::at(&origin);
        let Some(code) = browser.sign_in(ANNA).await else { return };
        if number.is_multiple_of(2) {
            let Some(answer) = browser.redeem(&code).await else { return };
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            acknowledged.lock().unwrap().redeemed.push(code);
        } else {
            acknowledged.lock().unwrap().unused.push(code);
        }
        acknowledged.lock().unwrap().sessions.push(browser);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_and_nothing_used_comes_back() {
    let rounds = if std::env::var_os("LINDEN_TEST_LONG").is_some() { 200 } else { 24 };
    let data = tempfile::tempdir().unwrap();
    let mut shop = Shop::start(data.path());
    let listen = format!("127.0.0.1:{}", shop.port());
    let (mut sessions, mut redeemed, mut unused) = (0, 0, 0);
    for round in 0..rounds {
        let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
        let clients: Vec<_> =
            (0..4).map(|number| tokio::spawn(load(shop.origin.clone(), number, Arc::clone(&acknowledged)))).collect();
        // A different moment of the work each time.
        tokio::time::sleep(Duration::from_millis(250 + 37 * (round % 8))).await;
        shop.kill();
        for client in clients {
            client.await.unwrap();
        }
        shop = Shop::start_on(data.path(), &listen, &[]);
        let acknowledged = std::mem::take(&mut *acknowledged.lock().unwrap());
        for code in &acknowledged.redeemed {
            let answer = Browser::at(&shop.origin).redeem(code).await.unwrap();
            assert_eq!(answer.json()["error"], "invalid_grant", "a redeemed code works again");
        }
        for code in &acknowledged.unused {
            let first = Browser::at(&shop.origin).redeem(code).await.unwrap();
            assert_eq!(first.status, StatusCode::OK, "a code that was given out is lost: {}", first.body);
            let second = Browser::at(&shop.origin).redeem(code).await.unwrap();
            assert_eq!(second.json()["error"], "invalid_grant");
        }
        sessions += acknowledged.sessions.len();
        redeemed += acknowledged.redeemed.len();
        unused += acknowledged.unused.len();
        for mut browser in acknowledged.sessions {
            browser.origin.clone_from(&shop.origin);
            assert!(browser.is_signed_in().await, "an acknowledged sign-in is lost");
        }
    }
    assert!(sessions > 0 && redeemed > 0 && unused > 0, "{sessions} sessions, {redeemed} and {unused} codes");
    assert!(shop.interrupt());
}
