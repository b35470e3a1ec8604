//! Two tenants with a shop each, and the services that serve them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use auth_protocol::forwarding::FromGateway;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use commerce::apply::{
    AccountEntry, AccountStatus, ApplicationEntry, CustomerEntry, Declaration, ItemEntry, ItemListEntry, MemberEntry,
    TenantEntry, apply,
};
use commerce::tenant::IdentifierType;
use commerce::{Services, cart, customer, tenant};
use database::Database;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use resource_guard::{FetchError, Guard, GuardOptions, TrustedIssuer};
use serde_json::{Value, json};
use telemetry::metrics::Metrics;
use tower::ServiceExt;

use crate::personas::{Persona, issuer_of, published_keys};

/// Epoch seconds.
pub const NOW: i64 = 1_764_000_000;
pub const MICROS: i64 = 1_000_000;

pub const TENANT: &str = "01K000000000000000000000A1";
pub const OTHER_TENANT: &str = "01K000000000000000000000B1";
pub const SHOP: &str = "01K000000000000000000000A2";
pub const OUTLET: &str = "01K000000000000000000000A3";
pub const OTHER_SHOP: &str = "01K000000000000000000000B2";
pub const ANNA: &str = "01K000000000000000000000A4";
pub const BEN: &str = "01K000000000000000000000A5";
pub const BERTA: &str = "01K000000000000000000000B4";
pub const FJORD: &str = "01K000000000000000000000A6";
pub const OTHER_ACCOUNT: &str = "01K000000000000000000000B6";
pub const FAVOURITES: &str = "01K000000000000000000000A7";
pub const OUTLET_LIST: &str = "01K000000000000000000000A8";
pub const KETTLE: &str = "01K000000000000000000000A9";
pub const LAMP: &str = "01K000000000000000000000AA";
pub const OTHER_FAVOURITES: &str = "01K000000000000000000000B7";

pub struct Shop {
    pub database: Database,
    pub services: Services,
    /// Seconds that have passed since [`NOW`].
    pub clock: Arc<AtomicI64>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The code of a problem.
    pub fn problem(&self) -> &str {
        assert_eq!(self.headers[CONTENT_TYPE], "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status.as_u16());
        assert!(self.body["request_id"].is_string(), "{self:?}");
        self.body["type"].as_str().unwrap().strip_prefix("urn:linden:problem:").unwrap()
    }

    pub fn names(&self) -> Vec<&str> {
        self.content().iter().map(|entry| entry["name"].as_str().unwrap()).collect()
    }

    pub fn content(&self) -> &Vec<Value> {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.body["content"].as_array().unwrap()
    }

    pub fn id(&self) -> String {
        assert!(self.status.is_success(), "{self:?}");
        self.body["id"].as_str().unwrap().to_owned()
    }
}

impl Shop {
    pub async fn open(database: &Database) -> Shop {
        apply(database, &declaration(), NOW * MICROS).await.unwrap();
        let clock = Arc::new(AtomicI64::new(0));
        let trusted = |tenant: &str| {
            let issuer = issuer_of(tenant);
            TrustedIssuer::new(&issuer, tenant.parse().unwrap(), format!("{issuer}/oauth/jwks"))
        };
        let guard = Guard::new(GuardOptions {
            issuers: vec![trusted(TENANT), trusted(OTHER_TENANT)],
            fetch: Arc::new(|_url: String| async { Ok::<_, FetchError>(Bytes::from(published_keys())) }),
            clock: Arc::new(|| NOW),
        });
        let (time, drawn) = (Arc::clone(&clock), AtomicU64::new(1));
        let services = Services {
            database: database.clone(),
            guard,
            clock: Arc::new(move || (NOW + time.load(Ordering::SeqCst)) * MICROS),
            random: Arc::new(move |bytes| {
                let number = drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes();
                bytes[..8].copy_from_slice(&number);
            }),
            metrics: Metrics::new("test"),
            gateway: Arc::new(FromGateway::ThisProcess),
        };
        Shop { database: database.clone(), services, clock }
    }

    /// `path` is as the gateway has it: the service's name, then the service's path.
    pub async fn call(&self, who: Option<&Persona>, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method);
        if let Some(who) = who {
            request = request.header(AUTHORIZATION, format!("Bearer {}", who.token()));
        }
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.send(request, path, body).await
    }

    pub async fn send(&self, request: http::request::Builder, path: &str, body: Body) -> Answer {
        let (router, path) = self.service(path);
        let answer = router.oneshot(request.uri(path).body(body).unwrap()).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        Answer { status, headers, body }
    }

    pub fn service<'a>(&self, path: &'a str) -> (Router, &'a str) {
        let services = self.services.clone();
        let (name, _) = path[1..].split_once('/').unwrap();
        let router = match name {
            "cart" => cart::router(services),
            "customer" => customer::router(services),
            "tenant" => tenant::router(services),
            "tenant-internal" => tenant::internal_router(services),
            other => panic!("there is no service {other}"),
        };
        (router, &path[1 + name.len()..])
    }

    pub async fn get(&self, who: &Persona, path: &str) -> Answer {
        self.call(Some(who), Method::GET, path, None).await
    }

    pub async fn post(&self, who: &Persona, path: &str, body: Value) -> Answer {
        self.call(Some(who), Method::POST, path, Some(body)).await
    }

    pub async fn patch(&self, who: &Persona, path: &str, body: Value) -> Answer {
        self.call(Some(who), Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, who: &Persona, path: &str) -> Answer {
        self.call(Some(who), Method::DELETE, path, None).await
    }

    /// A new list of the caller's, and its path.
    pub async fn list_of(&self, who: &Persona, name: &str) -> String {
        let list = self.post(who, "/cart/item-lists", json!({ "name": name })).await;
        assert_eq!(list.status, StatusCode::CREATED, "{list:?}");
        format!("/cart/item-lists/{}", list.id())
    }
}

pub fn declaration() -> Declaration {
    let application = |id: &str, tenant: &str, kind, value: &str, domains: &[&str]| ApplicationEntry {
        id: id.parse().unwrap(),
        tenant_id: tenant.parse().unwrap(),
        name: format!("shop {value}"),
        token: format!("token-{value}"),
        identifier_type: kind,
        identifier_value: value.to_owned(),
        customer_context_id: tenant.parse().unwrap(),
        issuer: issuer_of(tenant),
        client_id: "storefront".to_owned(),
        gateway_client_id: "storefront-gateway".to_owned(),
        domains: domains.iter().map(|domain| (*domain).to_owned()).collect(),
        origins: vec![],
        deactivated: false,
        default_locale: "en".to_owned(),
        allowed_locales: vec!["en".to_owned()],
        storefront: json!({ "theme": "fjord" }),
    };
    let customer = |id: &str, tenant: &str, name: &str| CustomerEntry {
        id: id.parse().unwrap(),
        tenant_id: tenant.parse().unwrap(),
        customer_context_id: tenant.parse().unwrap(),
        full_name: name.to_owned(),
        email: format!("{name}@shop.example"),
    };
    let account = |id: &str, tenant: &str, name: &str| AccountEntry {
        id: id.parse().unwrap(),
        tenant_id: tenant.parse().unwrap(),
        parent_account_id: None,
        name: name.to_owned(),
        account_number: "1001".to_owned(),
        status: AccountStatus::Active,
    };
    let member = |account: &str, tenant: &str, customer: &str| MemberEntry {
        tenant_id: tenant.parse().unwrap(),
        account_id: account.parse().unwrap(),
        customer_id: customer.parse().unwrap(),
        roles: vec!["BUYER".to_owned()],
    };
    let public = |id: &str, tenant: &str, application: Option<&str>, name: &str| ItemListEntry {
        id: id.parse().unwrap(),
        tenant_id: tenant.parse().unwrap(),
        customer_id: None,
        application_id: application.map(|id| id.parse().unwrap()),
        name: name.to_owned(),
        items: vec![
            ItemEntry { id: KETTLE.parse().unwrap(), product_id: "kettle".into(), name: "Kettle".into(), quantity: 1 },
            ItemEntry { id: LAMP.parse().unwrap(), product_id: "lamp".into(), name: "Lamp".into(), quantity: 2 },
        ],
    };
    Declaration {
        tenants: vec![
            TenantEntry { id: TENANT.parse().unwrap(), name: "Fjord".to_owned() },
            TenantEntry { id: OTHER_TENANT.parse().unwrap(), name: "Other".to_owned() },
        ],
        customer_contexts: vec![],
        applications: vec![
            application(SHOP, TENANT, IdentifierType::Domain, "main", &["shop.example", "localhost"]),
            application(OUTLET, TENANT, IdentifierType::Parameter, "outlet", &["shop.example"]),
            application(OTHER_SHOP, OTHER_TENANT, IdentifierType::Domain, "other", &["other.example"]),
        ],
        customers: vec![
            customer(ANNA, TENANT, "anna"),
            customer(BEN, TENANT, "ben"),
            customer(BERTA, OTHER_TENANT, "berta"),
        ],
        accounts: vec![
            account(FJORD, TENANT, "Fjord Supplies"),
            account(OTHER_ACCOUNT, OTHER_TENANT, "Other Supplies"),
        ],
        members: vec![member(FJORD, TENANT, ANNA), member(OTHER_ACCOUNT, OTHER_TENANT, BERTA)],
        item_lists: vec![
            public(FAVOURITES, TENANT, None, "Autumn favourites"),
            public(OUTLET_LIST, TENANT, Some(OUTLET), "Outlet only"),
            public(OTHER_FAVOURITES, OTHER_TENANT, None, "Other favourites"),
        ],
    }
}
