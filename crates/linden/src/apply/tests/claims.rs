//! The map from users' attributes to claims.

use auth_core::server::{ClaimMapping, ClaimPlace};
use auth_core::user::Identifier;

use super::engines::{Shop, sqlite};
use super::{BASE, load_text};

fn claim(fields: &str) -> String {
    format!("{BASE}[[authorization_server.claim]]\n{fields}\n")
}

/// Mistakes that show in the text already, or else those that show beside the database.
async fn refused(shop: &Shop, text: &str) -> Vec<String> {
    match load_text(text) {
        Err(mistakes) => mistakes.0.iter().map(ToString::to_string).collect(),
        Ok(_) => shop.refused(text).await,
    }
}

const ANNA: &str = "[[user]]\nserver = \"customers\"\nusername = \"anna\"\nemail = \"anna@fjord.example\"\n";

#[tokio::test]
async fn a_map_and_attributes_are_kept() {
    let shop = sqlite().await;
    let map =
        claim("attribute = \"tier\"\nclaim = \"loyalty\"\nin = [\"access_token\", \"userinfo\"]\nscope = \"profile\"");
    let user = format!("{ANNA}attributes = {{ tier = \"gold\", points = 120, clubs = [\"sail\"], vip = true }}\n");
    shop.apply(&format!("{map}{user}")).await.unwrap();
    let server = auth_store::server::all(&shop.auth).await.unwrap().remove(0);
    let expected = ClaimMapping {
        attribute: "tier".to_owned(),
        claim: "loyalty".to_owned(),
        places: vec![ClaimPlace::AccessToken, ClaimPlace::Userinfo],
        scope: Some("profile".to_owned()),
        longest_bytes: 128,
    };
    assert_eq!(server.settings.claims, [expected]);
    let identifier = Identifier::read("anna").unwrap();
    let (anna, _) = auth_store::user::find_for_sign_in(&shop.auth, server.id, &identifier).await.unwrap().unwrap();
    let written = serde_json::to_string(&anna.attributes).unwrap();
    assert_eq!(written, r#"{"clubs":["sail"],"points":120,"tier":"gold","vip":true}"#);
    let again = shop.apply(&format!("{map}{user}")).await.unwrap().to_string();
    assert!(again.contains("user: 1 unchanged") && again.contains("authorization server: 1 unchanged"), "{again}");
}

#[tokio::test]
async fn a_reserved_name_is_refused_where_it_stands() {
    let shop = sqlite().await;
    for name in ["sub", "authorities", "customer_id", "acct_id", "email", "roles"] {
        let told =
            shop.refused(&claim(&format!("attribute = \"tier\"\nclaim = \"{name}\"\nin = [\"id_token\"]"))).await;
        let expected =
            format!("claim: the claim {name} is written by the protocol or by this server: choose another name");
        assert_eq!(told, [format!("shop.toml:7:1: {expected}")]);
    }
    // The claim is called as the attribute is, when it has no name of its own.
    let told = shop.refused(&claim("attribute = \"username\"\nin = [\"id_token\"]")).await;
    assert!(told[0].contains("the claim username is written by the protocol"), "{told:?}");
    assert_eq!(shop.generations().await, (0, 0));
}

#[tokio::test]
async fn what_a_map_must_not_say() {
    let shop = sqlite().await;
    for (fields, why) in [
        ("attribute = \"a b\"\nclaim = \"tier\"\nin = [\"id_token\"]", "\"a b\" can be no attribute"),
        ("attribute = \"tier\"\nclaim = \"a b\"\nin = [\"id_token\"]", "\"a b\" can be no claim"),
        ("attribute = \"tier\"\nin = []", "the claim tier goes nowhere"),
        ("attribute = \"tier\"\nin = [\"cookie\"]", "unknown variant `cookie`"),
        ("attribute = \"tier\"", "missing field `in`"),
        ("attribute = \"tier\"\nin = [\"id_token\"]\nlongest_bytes = 2000", "may be 1 to 1024 bytes long"),
        ("attribute = \"tier\"\nin = [\"id_token\"]\nscope = \"CLUB\"", "server customers has no [[scope]] CLUB"),
        ("attribute = \"tier\"\nin = [\"id_token\"]\ncolour = \"red\"", "unknown field `colour`"),
        (
            "attribute = \"tier\"\nin = [\"id_token\"]\n[[authorization_server.claim]]\nattribute = \"club\"\nclaim = \"tier\"\n\
             in = [\"userinfo\"]",
            "the claim tier is mapped twice",
        ),
    ] {
        let told = refused(&shop, &claim(fields)).await;
        assert!(told.len() == 1 && told[0].contains(why), "{fields}: {told:?}");
    }
}

#[tokio::test]
async fn attributes_that_are_none_or_too_long_for_their_claim() {
    let shop = sqlite().await;
    for (attributes, why) in [
        ("{ \"a b\" = 1 }", "attributes: the name \"a b\" is not 1 to 64 letters"),
        ("{ tier = { gold = 1 } }", "must be a text, a number, true or false, or a list of texts"),
        ("{ when = 2026-01-01 }", "must be a text, a number, true or false, or a list of texts"),
        ("{ tier = \"a\\nb\" }", "tier holds control characters"),
        ("\"gold\"", "expected a map"),
    ] {
        let told = refused(&shop, &format!("{BASE}{ANNA}attributes = {attributes}\n")).await;
        assert!(told.len() == 1 && told[0].contains(why), "{attributes}: {told:?}");
    }
    let map = claim("attribute = \"tier\"\nclaim = \"loyalty\"\nin = [\"userinfo\"]\nlongest_bytes = 6");
    let user = |tier: &str| format!("{ANNA}attributes = {{ tier = \"{tier}\" }}\n");
    let told = shop.refused(&format!("{map}{}", user("golden"))).await;
    let expected = "attributes: tier is 8 bytes long, and the claim loyalty of server customers may be 6";
    assert_eq!(told, [format!("shop.toml:16:14: {expected}")]);
    shop.apply(&format!("{map}{}", user("gold"))).await.unwrap();
    // The map is in the database only.
    let told = shop.refused(&user("golden")).await;
    assert!(told[0].ends_with(expected), "{told:?}");
}

#[tokio::test]
async fn claims_count_towards_the_largest_token() {
    let shop = sqlite().await;
    let maps = |place: &str, bytes: u16| -> String {
        let one = |number: u8| {
            format!(
                "[[authorization_server.claim]]\nattribute = \"a{number}\"\nin = [\"{place}\"]\nlongest_bytes = {bytes}\n"
            )
        };
        (0..4).map(one).collect()
    };
    let client = "[[client]]\nserver = \"customers\"\nclient_id = \"storefront\"\nauthentication_methods = [\"none\"]\n\
                  grant_types = [\"authorization_code\"]\nredirect_uris = [\"${origin}\"]\n";
    let told = shop.refused(&format!("{BASE}{}{client}", maps("access_token", 1000))).await;
    assert!(told[0].contains("an access token of client storefront can grow to "), "{told:?}");
    shop.apply(&format!("{BASE}{}{client}", maps("userinfo", 1000))).await.unwrap();
    let told = shop.refused(&format!("{BASE}{}", maps("access_token", 1000))).await;
    assert!(
        told[0].contains("an access token of client storefront can grow to "),
        "the map alone makes it so: {told:?}"
    );
    shop.apply(&format!("{BASE}{}{client}", maps("access_token", 100))).await.unwrap();
}
