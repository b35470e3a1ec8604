//! What is written, on both engines.

use auth_core::client::ClientSecret;
use auth_core::password::{SlowestHashes, TypedPassword};
use auth_core::time::Span;
use auth_core::user::Identifier;
use auth_protocol::id::{AuditEventId, CustomerId, ServerId};
use auth_store::apply::KnownUser;
use auth_store::audit::{AuditEvent, AuditKind, Origin};
use auth_store::client_secret::rotate_client_secret;
use database::{params, statements};

use super::engines::{Shop, on_both_engines};
use super::{BASE, load_text};
use crate::apply::{dry_run, identity};

statements! {
    USERS = "SELECT count(*) AS users FROM users";
    SERVERS = "SELECT count(*) AS servers FROM server";
    CUSTOMERS = "SELECT count(*) AS customers FROM customer";
    MEMBERSHIPS = "SELECT count(*) AS memberships FROM account_membership";
    CHANGE_PASSWORD = "UPDATE users SET password_hash = 'of their own' WHERE server_id = $1 AND username_canonical = 'anna'";
    NO_MEMBERSHIPS = "ALTER TABLE account_membership RENAME TO elsewhere";
    FORGET_MEMBERS = "DELETE FROM account_membership WHERE server_id = $1";
}

const REST: &str = r#"
[[scope]]
server = "customers"
name = "CUSTOMER"
permission_roots = ["ITEM_LIST"]

[[role]]
server = "customers"
name = "SHOPPER"
permissions = ["ALL_ITEM_LIST"]

[[client]]
server = "customers"
client_id = "reporting"
authentication_methods = ["client_secret_basic"]
grant_types = ["client_credentials"]
secret = "a-secret-in-the-file"

[[user]]
server = "customers"
username = "anna"
email = "anna@fjord.example"
full_name = "Anna Berg"
password = "meadow lantern ferry"
roles = ["SHOPPER"]

[[account]]
server = "customers"
name = "Fjord Supplies"

[[account]]
server = "customers"
name = "North"
parent = "Fjord Supplies"
member = [{ username = "anna", roles = ["SHOPPER"] }]

[[item_list]]
tenant = "fjord"
name = "A slow morning"
item = [{ product_id = "tea-kettle", name = "Tea kettle" }]
"#;

fn shop_file() -> String {
    format!("{BASE}{REST}")
}

fn server() -> ServerId {
    identity::server(identity::tenant("fjord"), "customers")
}

async fn anna(shop: &Shop) -> KnownUser {
    let key = (server(), "anna".to_owned());
    auth_store::apply::known(&shop.auth, std::slice::from_ref(&key)).await.unwrap().users[&key]
}

async fn anna_customer(shop: &Shop) -> CustomerId {
    anna(shop).await.customer_id.unwrap()
}

on_both_engines! {
    everything_is_written_and_the_second_time_nothing
    what_differs_is_changed_and_told
    a_password_counts_once
    secrets
    a_secret_that_was_rotated_out_is_refused
    a_generated_secret_is_shown_once
    what_the_shop_refuses_leaves_the_authorization_server_alone
    a_crash_in_between_is_healed
    what_is_not_named_stays
    a_secret_is_told_though_the_rest_fails
    declarations_at_once_make_one_shop
}

async fn everything_is_written_and_the_second_time_nothing(shop: Shop) {
    let report = shop.apply(&shop_file()).await.unwrap().to_string();
    for line in ["client: 1 created (reporting)", "user: 1 created (anna)", "membership: 1 created (anna in North)"] {
        assert!(report.lines().any(|told| told == line), "{line} is not in {report}");
    }
    let before = shop.generations().await;
    let again = shop.apply(&shop_file()).await.unwrap().to_string();
    assert!(again.ends_with("nothing was written\n"), "{again}");
    assert_eq!(shop.generations().await, before);

    let tenant = identity::tenant("fjord");
    let (north, above) = (identity::account(tenant, "North"), identity::account(tenant, "Fjord Supplies"));
    let customer = anna_customer(&shop).await;
    let membership = auth_store::account::membership(&shop.auth, server(), customer, north).await.unwrap().unwrap();
    assert_eq!((membership.roles, membership.parent_accounts), (vec!["SHOPPER".to_owned()], vec![above]));
    assert_eq!(shop.counted(&shop.commerce, &CUSTOMERS).await, 1);
}

async fn commerce_issuers(shop: &Shop) -> Vec<String> {
    let trusted = commerce::trusted_issuer::all(&shop.commerce).await.unwrap();
    trusted.into_iter().map(|trusted| trusted.issuer).collect()
}

async fn what_differs_is_changed_and_told(shop: Shop) {
    shop.apply(&shop_file()).await.unwrap();
    let (auth, commerce) = shop.generations().await;
    let changed = shop_file()
        .replace("Anna Berg", "Anna Berg-Holm")
        .replace("\"ALL_ITEM_LIST\"", "\"READ_ITEM_LIST\"")
        .replace("${origin}/auth", "${origin}/sign-in")
        .replace("Tea kettle", "Kettle");
    let report = shop.apply(&changed).await.unwrap().to_string();
    for line in [
        "authorization server: 1 changed (customers)",
        "role: 1 changed (SHOPPER)",
        "user: 1 changed (anna)",
        "customer: 1 changed (Anna Berg-Holm)",
        "item list: 1 changed (A slow morning)",
        "scope: 1 unchanged",
    ] {
        assert!(report.lines().any(|told| told == line), "{line} is not in {report}");
    }
    // In commerce once for the issuer whose tokens count there, and once for the rest.
    assert_eq!(shop.generations().await, (auth + 1, commerce + 2));
    let issuer = "https://shop.example/sign-in";
    assert_eq!(auth_store::server::all(&shop.auth).await.unwrap()[0].issuer, issuer);
    let trusted = commerce_issuers(&shop).await;
    assert_eq!(trusted, [issuer], "the former one counts no more");
}

async fn a_password_counts_once(shop: Shop) {
    shop.apply(&shop_file()).await.unwrap();
    let identifier = Identifier::read("anna").unwrap();
    let hash = async || {
        let found = auth_store::user::find_for_sign_in(&shop.auth, server(), &identifier).await.unwrap();
        found.unwrap().1.unwrap()
    };
    let first = hash().await;
    let hashing = &shop.environment.hashing;
    let password = TypedPassword::read("meadow lantern ferry");
    assert!(!first.is_imported);
    assert!(hashing.prove(password, Some(first), SlowestHashes::default()).await.unwrap());
    shop.auth.execute(&CHANGE_PASSWORD, params![server().bytes()]).await.unwrap();
    shop.apply(&shop_file().replace("meadow", "another")).await.unwrap();
    assert_eq!(hash().await.hash.0, "of their own");
}

async fn secrets(shop: Shop) {
    let known = async |secret: &str| {
        let client =
            auth_store::client::find(&shop.auth, server(), "reporting", shop.environment.now).await.unwrap().unwrap();
        assert_eq!(client.secrets.len(), 1);
        client.has_secret(secret, shop.environment.now)
    };
    let with = |secret: &str| shop_file().replace("\"a-secret-in-the-file\"", secret);
    shop.apply(&shop_file()).await.unwrap();
    assert!(known("a-secret-in-the-file").await);
    let report = shop.apply(&with("{ env = \"GIVEN\" }")).await.unwrap().to_string();
    assert!(report.contains("client: 1 changed (reporting)"), "{report}");
    assert!(known("given-by-the-environment").await, "the former secret must be gone");
    shop.apply(&with("{ derived = true }")).await.unwrap();
    assert!(known("derived for reporting at https://shop.example/auth").await);
    let report = shop.apply(&with("{ generate = true }")).await.unwrap();
    assert!(
        report.generated_secrets.is_empty() && known("derived for reporting at https://shop.example/auth").await,
        "a secret that is there stays"
    );
}

async fn a_secret_that_was_rotated_out_is_refused(shop: Shop) {
    shop.apply(&shop_file()).await.unwrap();
    let now = shop.environment.now;
    let made = ClientSecret::from_random([7; 32]);
    let event = AuditEvent {
        id: AuditEventId::from_bytes([1; 16]),
        kind: AuditKind::ClientSecretRotated,
        actor: "somebody".to_owned(),
        subject: String::new(),
        object: "reporting".to_owned(),
        origin: Origin::default(),
        detail: String::new(),
        at: now,
    };
    rotate_client_secret(&shop.auth, server(), "reporting", made.hash(), Span(0), event, now).await.unwrap();
    let generations = shop.generations().await;
    let file = shop_file();
    let line = file.lines().position(|line| line.starts_with("secret = ")).unwrap() + 1;
    let told = shop.refused(&file).await;
    assert!(
        told.len() == 1 && told[0].starts_with(&format!("shop.toml:{line}:10: the secret of client reporting")),
        "{told:?}"
    );
    assert!(told[0].contains("declare the new one"), "{told:?}");
    let rehearsed = dry_run(&load_text(&file).unwrap(), &shop.auth, &shop.commerce, &shop.environment).await;
    assert!(rehearsed.unwrap_err().to_string().contains("would count again"));
    assert_eq!(shop.generations().await, generations);
    for mended in [made.text(), "another-secret-in-the-file"] {
        shop.apply(&file.replace("a-secret-in-the-file", mended)).await.unwrap();
    }
    assert!(!shop.refused(&file).await.is_empty());
}

async fn a_generated_secret_is_shown_once(shop: Shop) {
    let file = shop_file().replace("\"a-secret-in-the-file\"", "{ generate = true }");
    let report = shop.apply(&file).await.unwrap();
    assert_eq!(report.generated_secrets.len(), 1);
    let generated = &report.generated_secrets[0];
    assert_eq!((generated.client_id.as_str(), generated.secret.len()), ("reporting", 43));
    assert!(!format!("{report:?}{report}").contains(&generated.secret));
    let client =
        auth_store::client::find(&shop.auth, server(), "reporting", shop.environment.now).await.unwrap().unwrap();
    assert!(client.has_secret(&generated.secret, shop.environment.now));
    assert!(shop.apply(&file).await.unwrap().generated_secrets.is_empty());
}

async fn what_the_shop_refuses_leaves_the_authorization_server_alone(shop: Shop) {
    // One account number for two accounts is seen by the commerce services alone.
    let numbered = shop_file().replace("parent = \"Fjord Supplies\"", "account_number = \"Fjord Supplies\"");
    let told = shop.refused(&numbered).await;
    assert!(
        told[0].starts_with("shop.toml:37:1: North: the account number Fjord Supplies belongs to another"),
        "{told:?}"
    );
    assert_eq!(shop.generations().await, (0, 0));
    assert_eq!(shop.counted(&shop.auth, &SERVERS).await, 0);
}

async fn a_crash_in_between_is_healed(shop: Shop) {
    let elsewhere = crate::apply::tests::engines::sqlite().await;
    // As if the program had died after the first transaction: the authorization server's half is there alone.
    crate::apply::run(&super::load_text(&shop_file()).unwrap(), &shop.auth, &elsewhere.commerce, &shop.environment)
        .await
        .unwrap();
    shop.auth.execute(&FORGET_MEMBERS, params![server().bytes()]).await.unwrap();
    let customer = anna_customer(&shop).await;

    let report = shop.apply(&shop_file()).await.unwrap().to_string();
    assert!(report.contains("user: 1 unchanged") && report.contains("customer: 1 created"), "{report}");
    assert_eq!(anna_customer(&shop).await, customer, "the customer stays who they are");
    let north = identity::account(identity::tenant("fjord"), "North");
    assert!(auth_store::account::membership(&shop.auth, server(), customer, north).await.unwrap().is_some());
    assert!(shop.apply(&shop_file()).await.unwrap().to_string().ends_with("nothing was written\n"));
}

async fn what_is_not_named_stays(shop: Shop) {
    shop.apply(&shop_file()).await.unwrap();
    shop.apply("[[user]]\nserver = \"customers\"\nusername = \"ben\"\nemail = \"ben@fjord.example\"\n").await.unwrap();
    assert_eq!(shop.counted(&shop.auth, &USERS).await, 2);
    let taken = "[[user]]\nserver = \"customers\"\nusername = \"eve\"\nemail = \"ANNA@fjord.example\"\n";
    let told = shop.refused(taken).await;
    assert_eq!(told, ["shop.toml:1:1: eve: the e-mail address anna@fjord.example belongs to another"]);
    assert_eq!(shop.counted(&shop.auth, &USERS).await, 2);
}

async fn a_secret_is_told_though_the_rest_fails(shop: Shop) {
    let file = shop_file().replace("\"a-secret-in-the-file\"", "{ generate = true }");
    // The rehearsal finds nothing wrong, and then the memberships cannot be written.
    shop.auth.execute(&NO_MEMBERSHIPS, params![]).await.unwrap();
    let error = shop.apply(&file).await.unwrap_err();
    assert!(error.to_string().contains("run it again to do what is left"), "{error}");
    assert_eq!(error.generated_secrets().len(), 1);
    let secret = &error.generated_secrets()[0].secret;
    assert!(!format!("{error}{error:?}").contains(secret));
    let client =
        auth_store::client::find(&shop.auth, server(), "reporting", shop.environment.now).await.unwrap().unwrap();
    assert!(client.has_secret(secret, shop.environment.now));
}

async fn declarations_at_once_make_one_shop(shop: Shop) {
    shop.apply(BASE).await.unwrap();
    let file = shop_file();
    let answers = futures::future::join_all((0..8).map(|_| shop.apply(&file))).await;
    let failed: Vec<_> = answers.into_iter().filter_map(Result::err).collect();
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(shop.counted(&shop.auth, &USERS).await, 1);
    assert_eq!(shop.counted(&shop.commerce, &CUSTOMERS).await, 1);
    assert_eq!(shop.counted(&shop.auth, &MEMBERSHIPS).await, 1);
}
