//! The tests' shop: who may sign in, which clients there are, and what they may do.

use auth_core::client::{ApplicationType, AuthenticationMethod, ClientSettings, GrantType, RedirectUri};
use auth_core::server::ServerSettings;
use auth_protocol::id::{AccountId, ApplicationId, CustomerContextId, CustomerId, ServerId, TenantId, UserId};
use auth_store::{Database, Error};
use aws_lc_rs::digest::{SHA256, digest};
use database::{Statement, Value, params, statements};

pub const SERVER: ServerId = ServerId::from_bytes([1; 16]);
pub const TENANT: TenantId = TenantId::from_bytes([2; 16]);
pub const APPLICATION: ApplicationId = ApplicationId::from_bytes([3; 16]);
pub const CUSTOMERS: CustomerContextId = CustomerContextId::from_bytes([4; 16]);
/// A second server of the same host, `…/s/other`, with a `storefront` of its own and nobody who could sign in.
pub const OTHER_SERVER: ServerId = ServerId::from_bytes([5; 16]);
pub const ANNA: UserId = UserId::from_bytes([10; 16]);
pub const ANNA_CUSTOMER: CustomerId = CustomerId::from_bytes([11; 16]);
pub const BEN: UserId = UserId::from_bytes([20; 16]);
/// Right password, but disabled.
pub const CARL: UserId = UserId::from_bytes([30; 16]);
/// Anna's company, as a buyer; Ben is a member of nothing.
pub const FJORD: AccountId = AccountId::from_bytes([40; 16]);
pub const FJORD_PARENT: AccountId = AccountId::from_bytes([41; 16]);

pub const PASSWORD: &str = "harbour lantern 7";
pub const TRADE_SECRET: &str = "trade-secret-0123456789";
pub const GATEWAY_SECRET: &str = "gateway-secret-0123456789";

statements! {
    ADD_SERVER = "INSERT INTO server (server_id, tenant_id, name, friendly_name, user_type, settings, created_at, updated_at) \
                  VALUES ($1, $2, $3, $4, 'CUSTOMER', $5, 0, 0)";
    ADD_ISSUER = "INSERT INTO issuer (issuer, server_id) VALUES ($1, $2)";
    ADD_CLIENT = "INSERT INTO client (server_id, client_id, settings, enabled, created_at, updated_at) \
                  VALUES ($1, $2, $3, $4, 0, 0)";
    ADD_SECRET = "INSERT INTO client_secret (server_id, client_id, secret_hash, created_at) VALUES ($1, $2, $3, 0)";
    ADD_SCOPE = "INSERT INTO scope (server_id, name, open, permissions, permission_roots) VALUES ($1, $2, $3, $4, $5)";
    ADD_ROLE = "INSERT INTO role (server_id, name, permissions) VALUES ($1, $2, $3)";
    ADD_USER = "INSERT INTO users (server_id, user_id, user_type, username, username_canonical, email, email_canonical, \
                                   full_name, phone, password_hash, customer_id, customer_context_id, roles, permissions, \
                                   enabled, created_at, updated_at) \
                VALUES ($1, $2, 'CUSTOMER', $3, $3, $4, $4, $5, $6, $7, $8, $9, '[\"CUSTOMER\"]', '[]', $10, 0, 0)";
    ADD_MEMBER = "INSERT INTO account_membership (server_id, customer_id, account_id, roles, parent_accounts) \
                  VALUES ($1, $2, $3, '[\"BUYER\"]', $4)";
}

/// Writes as an operator would: the rows, and the generation that tells running servers.
pub async fn administer(database: &Database, plan: Vec<(&'static Statement, Vec<Value>)>) {
    let written: Result<(), Error> = database
        .write(move |transaction| {
            let plan = plan.clone();
            Box::pin(async move {
                for (statement, values) in &plan {
                    transaction.execute(statement, values).await?;
                }
                auth_store::generation::raise(transaction).await
            })
        })
        .await;
    written.unwrap();
}

/// A client of the shop's that no running server has heard of yet.
pub async fn add_client(database: &Database, client_id: &str, settings: &ClientSettings) {
    let values = params![SERVER.bytes(), client_id, settings_json(settings), true].to_vec();
    administer(database, vec![(&ADD_CLIENT, values)]).await;
}

pub fn settings_json<T: serde::Serialize>(settings: &T) -> String {
    serde_json::to_string(settings).unwrap()
}

pub fn uris(all: &[&str]) -> Vec<RedirectUri> {
    all.iter().map(|uri| RedirectUri::parse(uri).unwrap()).collect()
}

/// A first-party client of the browser's.
pub fn storefront(redirect_uris: &[&str]) -> ClientSettings {
    ClientSettings {
        friendly_name: "Storefront".to_owned(),
        application_id: Some(APPLICATION),
        first_party: true,
        authentication_methods: vec![AuthenticationMethod::None],
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: uris(redirect_uris),
        post_logout_redirect_uris: uris(&redirect_uris[..1]),
        scopes: ["openid", "profile", "email", "phone", "USER", "CUSTOMER", "STAFF"].map(str::to_owned).to_vec(),
        ..ClientSettings::default()
    }
}

fn native(redirect_uris: &[&str]) -> ClientSettings {
    ClientSettings { application_type: ApplicationType::Native, ..storefront(redirect_uris) }
}

fn shop_of(origin: &str) -> ClientSettings {
    storefront(&[origin, &format!("{origin}/silent-callback.html")])
}

fn confidential(grant_types: &[GrantType]) -> ClientSettings {
    ClientSettings {
        application_id: None,
        first_party: false,
        authentication_methods: vec![AuthenticationMethod::ClientSecretBasic, AuthenticationMethod::ClientSecretPost],
        grant_types: grant_types.to_vec(),
        ..storefront(&["https://trade.example/callback"])
    }
}

fn clients(origin: &str) -> Vec<(&'static str, bool, ClientSettings)> {
    let silent = format!("{origin}/silent-callback.html");
    let shop = shop_of(origin);
    let trade = ClientSettings { proof_key_required: false, ..confidential(&[GrantType::AuthorizationCode]) };
    let gateway = ClientSettings {
        redirect_uris: vec![],
        post_logout_redirect_uris: vec![],
        scopes: ["GUEST", "openid"].map(str::to_owned).to_vec(),
        permissions: vec!["READ_ITEM_LIST".parse().unwrap(), "ALL_CART".parse().unwrap()],
        application_id: Some(APPLICATION),
        ..confidential(&[GrantType::ClientCredentials])
    };
    vec![
        ("storefront-5s", true, ClientSettings { access_token_seconds: Some(5), ..shop.clone() }),
        ("closed", false, shop.clone()),
        ("storefront", true, shop),
        ("trade", true, trade),
        ("gateway", true, gateway),
        ("app", true, native(&["com.example.shop:/callback"])),
        (
            "cli",
            true,
            native(&["http://[::1]:9000/callback", "http://127.0.0.1/callback", "http://localhost/callback"]),
        ),
        // As an operator may have left it: a private scheme of a client that is not native.
        ("web-app", true, storefront(&["com.example.shop:/callback", "http://127.0.0.1:9000/callback"])),
        (
            "bank",
            true,
            ClientSettings {
                require_pushed_authorization_requests: true,
                scopes: ["openid", "USER"].map(str::to_owned).to_vec(),
                ..shop_of(origin)
            },
        ),
        ("kiosk", true, ClientSettings { default_redirect_uri: uris(&[&silent]).pop(), ..shop_of(origin) }),
        ("embedder", true, storefront(&["https://partner.example/callback"])),
    ]
}

fn user(server: ServerId, id: UserId, name: &'static str, hash: &str) -> Vec<Value> {
    let customer = if id == ANNA { ANNA_CUSTOMER } else { CustomerId::from_bytes(id.bytes()) };
    params![
        server.bytes(),
        id.bytes(),
        name,
        format!("{name}@shop.example"),
        format!("{} Example", name.to_uppercase()),
        (id == ANNA).then_some("+47 55 00 00 00"),
        hash,
        customer.bytes(),
        CUSTOMERS.bytes(),
        id != CARL
    ]
    .to_vec()
}

pub async fn shop(database: &Database, issuer: &str, settings: &ServerSettings, password_hash: &str) {
    let origin = url::Url::parse(issuer).unwrap().origin().ascii_serialization();
    let mut plan: Vec<(&'static Statement, Vec<Value>)> = Vec::new();
    for (server, name, issuer) in
        [(SERVER, "shop", issuer.to_owned()), (OTHER_SERVER, "other", format!("{issuer}/s/other"))]
    {
        let values = params![server.bytes(), TENANT.bytes(), name, "Harbour Shop", settings_json(settings)];
        plan.push((&ADD_SERVER, values.to_vec()));
        plan.push((&ADD_ISSUER, params![issuer, server.bytes()].to_vec()));
    }
    for (client_id, enabled, settings) in clients(&origin) {
        plan.push((&ADD_CLIENT, params![SERVER.bytes(), client_id, settings_json(&settings), enabled].to_vec()));
    }
    let elsewhere = settings_json(&storefront(&[&origin]));
    plan.push((&ADD_CLIENT, params![OTHER_SERVER.bytes(), "storefront", elsewhere, true].to_vec()));
    for (client_id, secret) in [("trade", TRADE_SECRET), ("gateway", GATEWAY_SECRET)] {
        let hash = digest(&SHA256, secret.as_bytes()).as_ref().to_vec();
        plan.push((&ADD_SECRET, params![SERVER.bytes(), client_id, hash].to_vec()));
    }
    for (name, open, permissions, roots) in [
        ("USER", true, "[]", "[]"),
        ("CUSTOMER", true, r#"["READ_ACCOUNT"]"#, r#"["ITEM_LIST","ORDER"]"#),
        ("STAFF", false, "[]", r#"["USER"]"#),
        ("GUEST", true, "[]", "[]"),
    ] {
        plan.push((&ADD_SCOPE, params![SERVER.bytes(), name, open, permissions, roots].to_vec()));
    }
    for (name, permissions) in
        [("CUSTOMER", r#"["ALL_ITEM_LIST","READ_ACCOUNT","READ_PAYMENT"]"#), ("BUYER", r#"["CREATE_ORDER"]"#)]
    {
        plan.push((&ADD_ROLE, params![SERVER.bytes(), name, permissions].to_vec()));
    }
    for (id, name) in [(ANNA, "anna"), (BEN, "ben"), (CARL, "carl")] {
        plan.push((&ADD_USER, user(SERVER, id, name, password_hash)));
    }
    let parents = format!("[\"{FJORD_PARENT}\"]");
    plan.push((&ADD_MEMBER, params![SERVER.bytes(), ANNA_CUSTOMER.bytes(), FJORD.bytes(), parents].to_vec()));
    administer(database, plan).await;
}
