//! What operators write and sign-ins read: servers, clients, scopes, roles, users, members, the generation.

use auth_core::server::ServerSettings;
use auth_core::time::Span;
use auth_core::user::Identifier;
use auth_protocol::claims::UserType;
use auth_protocol::id::{AccountId, CustomerId};
use auth_store::{Database, Error, account, client, generation, role, server, user};
use database::{params, statements};

use crate::engines::on_both_engines;
use crate::seed::{self, ANNA, NOW, OTHER_SERVER, SERVER, client_settings, write};

statements! {
    ADD_SERVER = "INSERT INTO server (server_id, tenant_id, name, friendly_name, user_type, settings, created_at, updated_at) \
                  VALUES ($1, $2, $3, 'Shop', 'CUSTOMER', $4, 0, 0)";
    ADD_ISSUER = "INSERT INTO issuer (issuer, server_id) VALUES ($1, $2)";
    ADD_CLIENT = "INSERT INTO client (server_id, client_id, settings, enabled, created_at, updated_at) \
                  VALUES ($1, $2, $3, $4, 0, 0)";
    ADD_SECRET = "INSERT INTO client_secret (server_id, client_id, secret_hash, created_at, expires_at) \
                  VALUES ($1, $2, $3, 0, $4)";
    ADD_SCOPE = "INSERT INTO scope (server_id, name, open, permissions, permission_roots) VALUES ($1, $2, $3, $4, $5)";
    ADD_ROLE = "INSERT INTO role (server_id, name, permissions) VALUES ($1, $2, $3)";
    ADD_MEMBER = "INSERT INTO account_membership (server_id, customer_id, account_id, roles, parent_accounts) \
                  VALUES ($1, $2, $3, $4, $5)";
}

on_both_engines! {
    a_server_is_read_with_its_issuer_and_settings
    a_client_is_read_with_the_secrets_that_count_now
    the_origins_of_enabled_clients_are_read_page_by_page
    scopes_and_roles_are_read_in_order
    a_user_is_found_by_user_name_by_email_and_by_id
    canonical_names_are_unique_within_a_server
    a_membership_is_of_one_server_customer_and_account
    the_generation_is_raised_within_a_write
    a_write_that_fails_does_not_raise_the_generation
}

async fn a_server_is_read_with_its_issuer_and_settings(database: Database) {
    let settings = r#"{"lock_out":{"failed_sign_ins_allowed":3,"duration_minutes":null}}"#;
    write(&database, &ADD_SERVER, params![SERVER.bytes(), [5_u8; 16], "shop", settings]).await;
    write(&database, &ADD_ISSUER, params!["https://shop.example/auth", SERVER.bytes()]).await;
    let servers = server::all(&database).await.unwrap();
    assert_eq!(servers.len(), 1);
    let server = &servers[0];
    assert_eq!(
        (server.id, server.issuer.as_str(), server.user_type),
        (SERVER, "https://shop.example/auth", UserType::Customer)
    );
    assert_eq!(server.settings.lock_out.failed_sign_ins_allowed, 3);
    assert_eq!(server.settings.lock_out.duration_minutes, None);
    assert_eq!(server.settings.lifetimes, ServerSettings::default().lifetimes);
}

async fn add_client(database: &Database, client_id: &str, enabled: bool) {
    let settings = serde_json::to_string(&client_settings()).unwrap();
    write(database, &ADD_CLIENT, params![SERVER.bytes(), client_id, settings, enabled]).await;
}

async fn a_client_is_read_with_the_secrets_that_count_now(database: Database) {
    add_client(&database, "trade", false).await;
    let secrets = [(1_u8, None), (2, Some((NOW + Span(1)).0)), (3, Some(NOW.0))];
    for (number, expires_at) in secrets {
        write(&database, &ADD_SECRET, params![SERVER.bytes(), "trade", [number; 32], expires_at]).await;
    }
    let found = client::find(&database, SERVER, "trade", NOW).await.unwrap().unwrap();
    assert_eq!((found.client_id.as_str(), found.enabled), ("trade", false));
    assert_eq!(found.settings, client_settings());
    let mut hashes: Vec<_> = found.secrets.iter().map(|secret| secret.hash).collect();
    hashes.sort_unstable();
    assert_eq!(hashes, [[1; 32], [2; 32]]);
    assert_eq!(client::find(&database, SERVER, "TRADE", NOW).await.unwrap(), None);
    assert_eq!(client::find(&database, OTHER_SERVER, "trade", NOW).await.unwrap(), None);
}

async fn the_origins_of_enabled_clients_are_read_page_by_page(database: Database) {
    let add = async |client_id: &str, settings: String, enabled: bool| {
        write(&database, &ADD_CLIENT, params![SERVER.bytes(), client_id, settings, enabled]).await;
    };
    let settings = |uri: &str| format!(r#"{{"redirect_uris":["{uri}/callback","{uri}/silent"]}}"#);
    for number in 0..201 {
        add(&format!("client-{number}"), settings(&format!("https://{number}.example")), true).await;
    }
    add("disabled", settings("https://disabled.example"), false).await;
    add("app", settings("com.example.app:"), true).await;
    add("broken", r#"{"redirect_uris":["http://broken.example"]}"#.to_owned(), true).await;
    let origins = client::origins(&database, SERVER).await.unwrap();
    assert_eq!(origins, (0..201).map(|number| format!("https://{number}.example")).collect());
    assert!(client::origins(&database, OTHER_SERVER).await.unwrap().is_empty());
}

async fn scopes_and_roles_are_read_in_order(database: Database) {
    for name in ["USER", "CUSTOMER"] {
        let values = params![SERVER.bytes(), name, name == "USER", r#"["READ_ACCOUNT"]"#, r#"["ITEM_LIST"]"#];
        write(&database, &ADD_SCOPE, values).await;
        write(&database, &ADD_ROLE, params![SERVER.bytes(), name, r#"["ALL_ITEM_LIST"]"#]).await;
    }
    let scopes = role::scopes(&database, SERVER).await.unwrap();
    let named: Vec<_> = scopes.iter().map(|scope| (scope.name.as_str(), scope.open)).collect();
    assert_eq!(named, [("CUSTOMER", false), ("USER", true)]);
    assert_eq!(scopes[0].permissions[0].to_string(), "READ_ACCOUNT");
    assert_eq!(scopes[0].permission_roots[0].as_str(), "ITEM_LIST");
    let roles = role::roles(&database, SERVER).await.unwrap();
    assert_eq!(roles[0].permissions[0].to_string(), "ALL_ITEM_LIST");
    assert_eq!(role::roles(&database, OTHER_SERVER).await.unwrap(), []);
}

async fn a_user_is_found_by_user_name_by_email_and_by_id(database: Database) {
    seed::anna(&database, SERVER).await;
    for typed in ["Anna", "ANNA@shop.example"] {
        let identifier = Identifier::read(typed).unwrap();
        let (user, hash) = user::find_for_sign_in(&database, SERVER, &identifier).await.unwrap().unwrap();
        assert_eq!((user.id, user.enabled), (ANNA, true), "{typed}");
        assert_eq!(user.roles, ["CUSTOMER"]);
        let hash = hash.unwrap();
        assert_eq!(hash.hash.0, "$argon2id$hash");
        assert_eq!(format!("{:?}", hash.hash), "PasswordHash(…)");
        assert!(user::find_for_sign_in(&database, OTHER_SERVER, &identifier).await.unwrap().is_none());
    }
    let nobody = Identifier::read("nobody").unwrap();
    assert!(user::find_for_sign_in(&database, SERVER, &nobody).await.unwrap().is_none());
    assert_eq!(user::find(&database, SERVER, ANNA).await.unwrap().unwrap().username, "anna");
    assert_eq!(user::find(&database, OTHER_SERVER, ANNA).await.unwrap(), None);
}

async fn canonical_names_are_unique_within_a_server(database: Database) {
    seed::anna(&database, SERVER).await;
    seed::anna(&database, OTHER_SERVER).await;
    let add = |username: &'static str, email: &'static str| {
        let values = params![SERVER.bytes(), [12_u8; 16], username, email, "hash", None::<Vec<u8>>, "[]"].to_vec();
        let database = database.clone();
        async move { database.execute(&seed::ADD_USER, &values).await }
    };
    assert!(add("anna", "other@shop.example").await.is_err());
    assert!(add("other", "anna@shop.example").await.is_err());
    add("other", "other@shop.example").await.unwrap();
}

async fn a_membership_is_of_one_server_customer_and_account(database: Database) {
    let (customer, company, parent) =
        (CustomerId::from_bytes([1; 16]), AccountId::from_bytes([2; 16]), AccountId::from_bytes([3; 16]));
    let parents = format!(r#"["{parent}"]"#);
    let values = params![SERVER.bytes(), customer.bytes(), company.bytes(), r#"["BUYER"]"#, parents];
    write(&database, &ADD_MEMBER, values).await;
    let membership = account::membership(&database, SERVER, customer, company).await.unwrap().unwrap();
    assert_eq!((membership.account_id, membership.roles), (company, vec!["BUYER".to_owned()]));
    assert_eq!(membership.parent_accounts, [parent]);
    let other = CustomerId::from_bytes([9; 16]);
    for (server, customer, account) in
        [(OTHER_SERVER, customer, company), (SERVER, other, company), (SERVER, customer, parent)]
    {
        assert_eq!(account::membership(&database, server, customer, account).await.unwrap(), None);
    }
}

async fn the_generation_is_raised_within_a_write(database: Database) {
    for expected in 0..3 {
        assert_eq!(generation::read(&database).await.unwrap(), expected);
        database.write(|transaction| Box::pin(generation::raise(transaction))).await.unwrap();
    }
}

async fn a_write_that_fails_does_not_raise_the_generation(database: Database) {
    let failed: Result<(), Error> = database
        .write(|transaction| {
            Box::pin(async move {
                generation::raise(transaction).await?;
                Err(Error::Suspended)
            })
        })
        .await;
    failed.unwrap_err();
    assert_eq!(generation::read(&database).await.unwrap(), 0);
}
