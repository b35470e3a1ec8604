//! An application with an origin brings its clients.

use auth_core::client::{AuthenticationMethod, Client, GrantType, secret_hash};

use super::BASE;
use super::engines::{Shop, on_both_engines, sqlite};
use crate::apply::identity;

const SCOPE: &str = "[[scope]]\nserver = \"customers\"\nname = \"USER\"\nopen = true\n";

fn application(more: &str) -> String {
    format!("[[application]]\nserver = \"customers\"\nname = \"shop\"\norigin = \"${{origin}}\"\n{more}")
}

fn file(more: &str) -> String {
    format!("{BASE}{SCOPE}{}", application(more))
}

async fn client(shop: &Shop, client_id: &str) -> Client {
    let server = identity::server(identity::tenant("fjord"), "customers");
    auth_store::client::find(&shop.auth, server, client_id, shop.environment.now).await.unwrap().unwrap()
}

on_both_engines! {
    one_table_makes_a_shop
    a_client_that_is_declared_is_as_declared
    applied_alone_it_knows_what_is_there
}

async fn one_table_makes_a_shop(shop: Shop) {
    shop.apply(&file("")).await.unwrap();
    let storefront = client(&shop, "shop").await;
    assert_eq!(storefront.settings.friendly_name, "customers", "what the server is called");
    assert_eq!(storefront.settings.authentication_methods, [AuthenticationMethod::None]);
    assert_eq!(storefront.settings.grant_types, [GrantType::AuthorizationCode]);
    assert_eq!(storefront.settings.scopes, ["openid", "profile", "email", "address", "phone", "USER"]);
    for uri in ["https://shop.example", "https://shop.example/", "https://shop.example/silent-callback.html"] {
        assert!(storefront.redirect_target(uri).is_some(), "{uri}");
    }
    assert!(storefront.post_logout_target("https://shop.example/").is_some());
    assert!(storefront.post_logout_target("https://shop.example/silent-callback.html").is_none());
    let gateway = client(&shop, "shop-gateway").await;
    assert_eq!(gateway.settings.grant_types, [GrantType::ClientCredentials]);
    assert_eq!(
        gateway.settings.permissions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["READ_APPLICATION", "READ_ITEM_LIST"]
    );
    let derived = secret_hash("derived for shop-gateway at https://shop.example/auth");
    assert!(gateway.secrets.len() == 1 && gateway.secrets[0].hash == derived);
    for client in [&storefront, &gateway] {
        assert_eq!(client.settings.application_id, Some(identity::application(identity::tenant("fjord"), "shop")));
    }

    let again = shop.apply(&file("")).await.unwrap().to_string();
    assert!(again.ends_with("nothing was written\n"), "{again}");
    let narrowed = file("scopes = [\"openid\"]\nguest_permissions = [\"READ_ITEM_LIST\"]\nclient = \"web\"\n");
    shop.apply(&narrowed).await.unwrap();
    assert_eq!(client(&shop, "web").await.settings.scopes, ["openid"]);
    assert_eq!(client(&shop, "web-gateway").await.settings.permissions.len(), 1);
}

async fn a_client_that_is_declared_is_as_declared(shop: Shop) {
    let own = "[[client]]\nserver = \"customers\"\nclient_id = \"shop\"\nauthentication_methods = [\"none\"]\n\
               grant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}/back\"]\nscopes = [\"openid\"]\n";
    shop.apply(&format!("{own}{}", file(""))).await.unwrap();
    let storefront = client(&shop, "shop").await;
    assert_eq!((storefront.settings.redirect_uris.len(), storefront.settings.scopes.len()), (1, 1));
    assert_eq!(storefront.settings.friendly_name, "shop");
    assert!(!client(&shop, "shop-gateway").await.is_public());
}

async fn applied_alone_it_knows_what_is_there(shop: Shop) {
    shop.apply(&file("")).await.unwrap();
    let report = shop.apply(&application("")).await.unwrap().to_string();
    assert!(report.ends_with("nothing was written\n"), "{report}");
}

#[tokio::test]
async fn what_it_must_not_say() {
    let own = "[[client]]\nserver = \"customers\"\nclient_id = \"shop\"\nauthentication_methods = [\"none\"]\n\
               grant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}/back\"]\n";
    let named = |name: &str, more: &str| application(more).replace("\"shop\"", name);
    for (text, why) in [
        (
            named("\"Our shop\"", ""),
            "client: name it, since the application's name is no client id: it must be 1 to 64",
        ),
        (named(&format!("\"{}\"", "x".repeat(60)), ""), "gateway_client: name it, since the client's id with -gateway"),
        (application("domain_prefix = \"north\"\n"), "origin: its host does not begin with domain_prefix and a dot"),
        (application("scopes = [\"openid\"]\n") + own, "scopes: shop has a [[client]] of its own"),
        (application("scopes = [\"NO\"]\n"), "scopes: no [[scope]] of server customers is called NO"),
        (application("").replace("${origin}", "http://shop.example"), "origin: must be https"),
        (application("").replace("${origin}", "https://shop.example/"), "origin: must be an origin"),
        (
            application("guest_permissions = [\"READ_ITEM_LIST\"]\n").replace("origin = ", "# "),
            "guest_permissions: is for clients that come with",
        ),
    ] {
        let text = format!("{BASE}{SCOPE}{text}");
        let told: Vec<String> = match super::load_text(&text) {
            Err(mistakes) => mistakes.0.iter().map(ToString::to_string).collect(),
            Ok(_) => sqlite().await.refused(&text).await,
        };
        assert!(told.iter().any(|told| told.contains(why)), "{text}: {told:?}");
    }
    let without = format!("{BASE}{}", application("").replace("origin = ", "# "));
    let told = super::load_text(&without).unwrap_err().to_string();
    for field in ["domains", "client", "gateway_client"] {
        assert!(told.contains(&format!("shop.toml:9:8: {field}: is missing: give it, or `origin`")), "{told}");
    }
}
