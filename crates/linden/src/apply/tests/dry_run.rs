//! What applying would do is told, and nothing is written.

use database::statements;

use super::engines::{Shop, on_both_engines};
use super::{BASE, load_text};
use crate::apply::difference::{Difference, DryRunError};
use crate::apply::dry_run;
use crate::apply::run::ApplyError;

statements! {
    SERVERS = "SELECT count(*) AS servers FROM server";
    TENANTS = "SELECT count(*) AS tenants FROM tenant";
}

const EVERYTHING: &str = include_str!("everything.toml");

async fn difference(shop: &Shop, text: &str) -> Result<Difference, DryRunError> {
    let before = shop.generations().await;
    let told = dry_run(&load_text(text).unwrap(), &shop.auth, &shop.commerce, &shop.environment).await;
    assert_eq!(shop.generations().await, before, "something was written");
    told
}

on_both_engines! {
    everything_is_new_and_then_nothing
    fields_are_told_with_before_and_after
    secrets_are_told_without_values
    what_applying_would_refuse_is_refused
}

async fn everything_is_new_and_then_nothing(shop: Shop) {
    let told = difference(&shop, EVERYTHING).await.unwrap();
    assert!(told.changed.is_empty() && told.unchanged == 0 && told.created.len() > 20, "{told}");
    assert_eq!(shop.counted(&shop.auth, &SERVERS).await + shop.counted(&shop.commerce, &TENANTS).await, 0);
    shop.apply(EVERYTHING).await.unwrap();
    let again = difference(&shop, EVERYTHING).await.unwrap();
    assert!(again.is_empty() && again.unchanged == told.created.len(), "{again}");
}

async fn fields_are_told_with_before_and_after(shop: Shop) {
    shop.apply(EVERYTHING).await.unwrap();
    let changed = EVERYTHING
        .replace("access_token_seconds = 120", "access_token_seconds = 121")
        .replace("${origin}/auth", "${origin}/sign-in")
        .replace("Anna Berg", "Anna Holm")
        .replace("points = 12.5", "points = 13")
        .replace("customer_context = \"club\"\nroles", "roles")
        .replace("[\"z.example:8443\", \"a.example\"]", "[\"z.example:8443\"]")
        .replace("Tea kettle", "Kettle")
        .replace("status = \"INACTIVE\"\nmember = [{ username = \"anna\", roles = [\"SHOPPER\"] }]", "")
        .replace(
            "grant_types = [\"authorization_code\", \"client_credentials\"]",
            "grant_types = [\"authorization_code\"]",
        );
    let told = difference(&shop, &changed).await.unwrap().to_string();
    for line in [
        "authorization_server customers would change",
        "  lifetimes.access_token_seconds: 120 -> 121",
        "  issuer: \"https://shop.example/auth\" -> \"https://shop.example/sign-in\"",
        "  full_name: \"Anna Berg\" -> \"Anna Holm\"",
        "  attributes.points: 12.5 -> 13",
        "  customer_context: \"club\" -> \"default\"",
        "  domains: [\"z.example:8443\",\"a.example\"] -> [\"z.example:8443\"]",
        "  grant_types: [\"authorization_code\",\"client_credentials\"] -> [\"authorization_code\"]",
        "  status: \"INACTIVE\" -> \"ACTIVE\"",
        "item_list A slow morning would change",
    ] {
        assert!(told.lines().any(|said| said == line), "{line} is not in {told}");
    }
}

async fn secrets_are_told_without_values(shop: Shop) {
    let client = |secret: &str| {
        format!(
            "{BASE}[[client]]\nserver = \"customers\"\nclient_id = \"reporting\"\nauthentication_methods = \
             [\"client_secret_basic\"]\ngrant_types = [\"client_credentials\"]\nsecret = {secret}\n"
        )
    };
    shop.apply(&client("\"a-secret-in-the-file\"")).await.unwrap();
    let other = difference(&shop, &client("\"another-secret-in-the-file\"")).await.unwrap().to_string();
    assert_eq!(other.lines().take(2).collect::<Vec<_>>(), ["client reporting would change", "  secret: another"]);
    assert!(difference(&shop, &client("{ generate = true }")).await.unwrap().is_empty(), "the one that is there stays");
    let user = "[[user]]\nserver = \"customers\"\nusername = \"anna\"\nemail = \"a@b.example\"\npassword = \"meadow lantern\"\n";
    let told = difference(&shop, user).await.unwrap().to_string();
    assert_eq!(told, "user anna would be created\n1 to create, 0 to change, 0 unchanged; nothing was written");
    shop.apply(user).await.unwrap();
    assert!(difference(&shop, &user.replace("meadow", "another")).await.unwrap().is_empty(), "a password counts once");
}

async fn what_applying_would_refuse_is_refused(shop: Shop) {
    let user =
        |name: &str| format!("[[user]]\nserver = \"customers\"\nusername = \"{name}\"\nemail = \"a@b.example\"\n");
    shop.apply(&format!("{BASE}{}", user("anna"))).await.unwrap();
    for text in [user("ben"), "[[role]]\nserver = \"costumers\"\nname = \"A\"\n".to_owned()] {
        let refused = difference(&shop, &text).await;
        assert!(matches!(refused, Err(DryRunError::Apply(ApplyError::Mistakes(_)))), "{refused:?}");
    }
}
