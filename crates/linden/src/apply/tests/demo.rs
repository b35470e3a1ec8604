use auth_protocol::claims::UserType;

use super::engines::sqlite;
use super::{load_at, load_text};
use crate::apply::run;

const DEMO: &str = include_str!("../../../demo/shop.toml");

#[tokio::test]
async fn the_demo_shop_is_right_and_applying_it_again_changes_nothing() {
    let shop = sqlite().await;
    let report = shop.apply(DEMO).await.unwrap();
    assert!(report.generated_secrets.is_empty(), "nothing is to be noted down");
    let before = shop.generations().await;
    let again = shop.apply(DEMO).await.unwrap().to_string();
    assert!(again.ends_with("everything was as declared already; nothing was written\n"), "{again}");
    assert_eq!(shop.generations().await, before);

    let servers = auth_store::server::all(&shop.auth).await.unwrap();
    assert_eq!(servers.len(), 1);
    let server = &servers[0];
    assert_eq!((server.issuer.as_str(), server.user_type), ("https://shop.example/auth", UserType::Customer));
    let client =
        auth_store::client::find(&shop.auth, server.id, "storefront-5s", shop.environment.now).await.unwrap().unwrap();
    assert!(client.is_public() && client.enabled);
    assert_eq!(client.settings.access_token_seconds, Some(5));
    for uri in ["https://shop.example", "https://shop.example/", "https://shop.example/silent-callback.html"] {
        assert!(client.redirect_target(uri).is_some(), "{uri}");
    }
}

#[tokio::test]
async fn the_shop_moves_to_another_address() {
    let shop = sqlite().await;
    for origin in ["http://localhost:8080", "http://localhost:4711", "http://localhost:8080"] {
        let demo = load_at(origin, &[("shop.toml", DEMO)]).unwrap();
        let report = run(&demo, &shop.auth, &shop.commerce, &shop.environment).await.unwrap().to_string();
        assert!(report.contains("user: 2"), "{report}");
        let servers = auth_store::server::all(&shop.auth).await.unwrap();
        let issuers: Vec<&str> = servers.iter().map(|server| server.issuer.as_str()).collect();
        assert_eq!(issuers, [format!("{origin}/auth")]);
    }
}

#[test]
fn passwords_in_clear_can_be_shown() {
    let demo = load_text(DEMO).unwrap();
    let shown: Vec<_> = demo.literal_passwords().collect();
    assert_eq!(shown, [("anna", "meadow lantern ferry"), ("ben", "copper kettle harbour")]);
}
