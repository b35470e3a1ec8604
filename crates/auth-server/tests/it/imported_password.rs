//! Hashes from elsewhere: verified as they are, and replaced by ours at the first sign-in.

use auth_core::password::SlowestHashes;
use axum::http::StatusCode;
use database::{params, statements};

use crate::browser::Authorization;
use crate::seed::SERVER;
use crate::shop::Shop;

statements! {
    IMPORT = "UPDATE users SET password_hash = $2, imported_bcrypt_cost = $3 \
              WHERE server_id = $1 AND username_canonical = 'anna'";
    STORED = "SELECT password_hash FROM users WHERE server_id = $1 AND username_canonical = 'anna'";
}

/// Of "U*U", by another program.
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

async fn shop() -> Shop {
    let shop = Shop::open().await;
    shop.database.execute(&IMPORT, params![SERVER.bytes(), BCRYPT, 5]).await.unwrap();
    shop
}

async fn status(shop: &Shop, username: &str, password: &str) -> StatusCode {
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    browser.submit(&page, username, password).await.status
}

async fn stored(shop: &Shop) -> String {
    shop.database.read_optional(&STORED, params![SERVER.bytes()]).await.unwrap().unwrap().get(0).unwrap()
}

#[tokio::test(start_paused = true)]
async fn it_is_verified_and_replaced_by_ours() {
    let shop = shop().await;
    let slowest = async || auth_store::user::slowest_hashes(&shop.database, SERVER).await.unwrap();
    assert_eq!(slowest().await.bcrypt_cost, 5);
    for username in ["anna", "nobody"] {
        assert_eq!(status(&shop, username, "wrong").await, StatusCode::UNAUTHORIZED, "{username}");
    }
    assert_eq!(stored(&shop).await, BCRYPT, "a wrong password replaces nothing");

    assert_eq!(status(&shop, "anna", "U*U").await, StatusCode::SEE_OTHER);
    let ours = stored(&shop).await;
    assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
    assert_eq!(slowest().await, SlowestHashes::default(), "nobody waits for bcrypt any longer");

    assert_eq!(status(&shop, "anna", "U*U").await, StatusCode::SEE_OTHER);
    assert_eq!(stored(&shop).await, ours);
}
