//! The measured shop in the authorization server's tables.

use anyhow::Result;
use auth_core::client::{AuthenticationMethod, ClientSettings, GrantType, RedirectUri};
use auth_core::server::ServerSettings;
use auth_protocol::id::{ApplicationId, CustomerContextId, ServerId, TenantId};
use auth_protocol::jws::Algorithm;
use auth_protocol::permission::Permission;
use auth_server::environment::SystemRandom;
use auth_server::password_hashing::PasswordHashing;
use auth_store::{Database, Error};
use aws_lc_rs::digest::{SHA256, digest};
use database::{Statement, Value, params, statements};

use crate::shop;

const SERVER: ServerId = ServerId::from_bytes([1; 16]);
const TENANT: TenantId = TenantId::from_bytes([2; 16]);
const APPLICATION: ApplicationId = ApplicationId::from_bytes([3; 16]);
const CUSTOMERS: CustomerContextId = CustomerContextId::from_bytes([4; 16]);

statements! {
    ADD_SERVER = "INSERT INTO server (server_id, tenant_id, name, friendly_name, user_type, settings, created_at, updated_at) \
                  VALUES ($1, $2, 'shop', 'Harbour Shop', 'CUSTOMER', $3, 0, 0)";
    ADD_ISSUER = "INSERT INTO issuer (issuer, server_id) VALUES ($1, $2)";
    ADD_CLIENT = "INSERT INTO client (server_id, client_id, settings, enabled, created_at, updated_at) \
                  VALUES ($1, $2, $3, $4, 0, 0)";
    ADD_SECRET = "INSERT INTO client_secret (server_id, client_id, secret_hash, created_at) VALUES ($1, $2, $3, 0)";
    ADD_SCOPE = "INSERT INTO scope (server_id, name, open, permissions, permission_roots) VALUES ($1, $2, $3, '[]', $4)";
    ADD_ROLE = "INSERT INTO role (server_id, name, permissions) VALUES ($1, 'CUSTOMER', $2)";
    ADD_USER = "INSERT INTO users (server_id, user_id, user_type, username, username_canonical, email, email_canonical, \
                                   full_name, password_hash, customer_id, customer_context_id, roles, permissions, \
                                   enabled, created_at, updated_at) \
                VALUES ($1, $2, 'CUSTOMER', $3, $3, $4, $4, 'Shopper Example', $5, $2, $6, '[\"CUSTOMER\"]', '[]', $7, 0, 0)";
}

type Write = (&'static Statement, Vec<Value>);

pub async fn shop(database: &Database, hashing: &PasswordHashing) -> Result<()> {
    let hash = hashing.hash(shop::PASSWORD.to_owned(), &SystemRandom).await?;
    let mut writes = server()?;
    writes.extend(clients()?);
    writes.extend((0..shop::SHOPPERS).map(|number| shopper(number, &hash)));
    let written: Result<(), Error> = database
        .write(move |transaction| {
            let writes = writes.clone();
            Box::pin(async move {
                for (statement, values) in &writes {
                    transaction.execute(statement, values).await?;
                }
                auth_store::generation::raise(transaction).await
            })
        })
        .await;
    Ok(written?)
}

fn server() -> Result<Vec<Write>> {
    let settings = ServerSettings { api_audience: shop::API_AUDIENCE.to_owned(), ..ServerSettings::default() };
    let settings = serde_json::to_string(&settings)?;
    let mut writes: Vec<Write> = vec![
        (&ADD_SERVER, params![SERVER.bytes(), TENANT.bytes(), settings].to_vec()),
        (&ADD_ISSUER, params![shop::ISSUER, SERVER.bytes()].to_vec()),
        (&ADD_ROLE, params![SERVER.bytes(), r#"["ALL_ITEM_LIST","READ_ACCOUNT"]"#].to_vec()),
    ];
    for (name, roots) in [("USER", "[]"), ("CUSTOMER", r#"["ITEM_LIST","ACCOUNT"]"#), (shop::SERVICE_SCOPE, "[]")] {
        writes.push((&ADD_SCOPE, params![SERVER.bytes(), name, true, roots].to_vec()));
    }
    Ok(writes)
}

fn clients() -> Result<Vec<Write>> {
    let storefront = ClientSettings {
        friendly_name: "Storefront".to_owned(),
        application_id: Some(APPLICATION),
        first_party: true,
        authentication_methods: vec![AuthenticationMethod::None],
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec![RedirectUri::parse(shop::REDIRECT_URI)?],
        post_logout_redirect_uris: vec![],
        scopes: ["openid", "USER", "CUSTOMER"].map(str::to_owned).to_vec(),
        permissions: vec![],
        id_token_algorithm: Some(Algorithm::Es256),
        ..ClientSettings::default()
    };
    let service = ClientSettings {
        friendly_name: "Service".to_owned(),
        first_party: false,
        authentication_methods: vec![AuthenticationMethod::ClientSecretPost],
        grant_types: vec![GrantType::ClientCredentials],
        redirect_uris: vec![],
        scopes: vec![shop::SERVICE_SCOPE.to_owned()],
        permissions: shop::SERVICE_PERMISSIONS.into_iter().map(str::parse::<Permission>).collect::<Result<_, _>>()?,
        ..storefront.clone()
    };
    let rsa_service = ClientSettings { access_token_algorithm: Some(Algorithm::Rs256), ..service.clone() };
    let client = |client_id: &str, settings: &ClientSettings| -> Result<Write> {
        let settings = serde_json::to_string(settings)?;
        Ok((&ADD_CLIENT, params![SERVER.bytes(), client_id, settings, true].to_vec()))
    };
    let secret_hash = digest(&SHA256, shop::SERVICE_SECRET.as_bytes()).as_ref().to_vec();
    Ok(vec![
        client(shop::STOREFRONT, &storefront)?,
        client(shop::SERVICE, &service)?,
        client(shop::RSA_SERVICE, &rsa_service)?,
        (&ADD_SECRET, params![SERVER.bytes(), shop::SERVICE, secret_hash.clone()].to_vec()),
        (&ADD_SECRET, params![SERVER.bytes(), shop::RSA_SERVICE, secret_hash].to_vec()),
    ])
}

fn shopper(number: usize, password_hash: &str) -> Write {
    let name = shop::shopper(number);
    let mut id = [9; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    let email = format!("{name}@shop.example");
    (&ADD_USER, params![SERVER.bytes(), id, name, email, password_hash, CUSTOMERS.bytes(), true].to_vec())
}
