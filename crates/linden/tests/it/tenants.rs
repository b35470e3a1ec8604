//! Two tenants, and several shops of one, behind one gateway: what is whose stays theirs.

use std::collections::BTreeSet;
use std::net::TcpListener;

use auth_protocol::claims::AccessTokenClaims;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gateway::upstream::{Client, MemoryRegistry};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::Value;

use crate::program::{Shop, output};
use test_kit::browser::{ANNA, Browser};

/// The same names as in the demo, of another tenant at another origin; and two further shops of the demo's tenant.
const SHOPS: &str = r#"
[[tenant]]
name = "harbor"

[[authorization_server]]
name = "harbor-customers"
tenant = "harbor"
issuer = "http://127.0.0.1:PORT/auth"

[[scope]]
server = "harbor-customers"
name = "USER"
open = true

[[scope]]
server = "harbor-customers"
name = "CUSTOMER"
permission_roots = ["CUSTOMER", "ITEM_LIST"]

[[role]]
server = "harbor-customers"
name = "SHOPPER"
permissions = ["ALL_ITEM_LIST", "READ_CUSTOMER"]

[[client]]
server = "harbor-customers"
client_id = "storefront"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["http://127.0.0.1:PORT"]
scopes = ["openid", "USER", "CUSTOMER"]

[[client]]
server = "harbor-customers"
client_id = "storefront-gateway"
authentication_methods = ["client_secret_basic"]
grant_types = ["client_credentials"]
permissions = ["READ_ITEM_LIST"]
secret = { derived = true }

[[user]]
server = "harbor-customers"
username = "anna"
email = "anna@harbor.example"
password = "anchor window thistle"
roles = ["SHOPPER"]

[[application]]
server = "harbor-customers"
name = "storefront"
domains = ["127.0.0.1:PORT"]
client = "storefront"
gateway_client = "storefront-gateway"
storefront = { shopName = "Harbor" }

[[item_list]]
tenant = "harbor"
name = "Harbor lights"

[[client]]
server = "customers"
client_id = "outlet-gateway"
authentication_methods = ["client_secret_basic"]
grant_types = ["client_credentials"]
permissions = ["READ_APPLICATION"]
secret = { derived = true }

[[application]]
server = "customers"
name = "outlet"
parameter = "outlet"
domains = ["${host}"]
client = "garden-storefront"
gateway_client = "outlet-gateway"
storefront = { shopName = "Outlet" }

[[client]]
server = "customers"
client_id = "garden-gateway"
application = "garden"
authentication_methods = ["client_secret_basic"]
grant_types = ["client_credentials"]
permissions = ["READ_ITEM_LIST"]
secret = { derived = true }

[[client]]
server = "customers"
client_id = "garden-storefront"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["${origin}/garden/"]
scopes = ["openid", "USER", "CUSTOMER"]

[[application]]
server = "customers"
name = "garden"
context_path = "garden"
domains = ["${host}"]
client = "garden-storefront"
gateway_client = "garden-gateway"
storefront = { shopName = "Garden" }

[[item_list]]
tenant = "fjord"
application = "garden"
name = "Seeds"
"#;
const HARBORS_ANNA: (&str, &str) = ("anna", "anchor window thistle");

struct Shops {
    running: Shop,
    fjord: String,
    harbor: String,
    _data: tempfile::TempDir,
}

impl Shops {
    fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port().to_string();
        drop(free);
        let file = data.path().join("shops.toml");
        std::fs::write(&file, SHOPS.replace("PORT", &port)).unwrap();
        let more = ["--with", file.to_str().unwrap()];
        let running = Shop::start_on(&data.path().join("data"), &format!("127.0.0.1:{port}"), &more);
        Self { fjord: running.origin.clone(), harbor: format!("http://127.0.0.1:{port}"), running, _data: data }
    }
}

/// Status and JSON of an answer to somebody, or to a guest.
async fn ask(request: http::request::Builder, bearer: Option<&str>, body: &'static str) -> (StatusCode, Value) {
    let request =
        bearer.iter().fold(request, |request, token| request.header("authorization", format!("Bearer {token}")));
    let client = Client::new(MemoryRegistry::default()).unwrap();
    let request = request.header("content-type", "application/json").body(Body::from(body)).unwrap();
    let answer = client.send(request).await.unwrap();
    let status = answer.status();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn lists(address: &str, bearer: Option<&str>) -> BTreeSet<String> {
    let (status, answer) = ask(Request::get(address), bearer, "").await;
    assert_eq!(status, StatusCode::OK, "{address}: {answer}");
    let lists = answer["content"].as_array().unwrap().iter();
    lists.map(|list| list["name"].as_str().unwrap().to_owned()).collect()
}

async fn problem(request: http::request::Builder, bearer: Option<&str>) -> (u16, String) {
    let (status, answer) = ask(request, bearer, "").await;
    let code = answer["type"].as_str().unwrap_or_default().rsplit(':').next().unwrap_or_default().to_owned();
    (status.as_u16(), code)
}

async fn token_of(origin: &str, who: (&str, &str)) -> String {
    let mut browser = Browser::at(origin);
    let code = browser.sign_in(who).await.expect("a code");
    browser.redeem(&code).await.unwrap().json()["access_token"].as_str().unwrap().to_owned()
}

fn claims(token: &str) -> AccessTokenClaims {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice(&claims).unwrap()
}

#[tokio::test]
async fn guests_see_what_is_their_shops() {
    let shops = Shops::start();
    let (fjord, harbor) = (&shops.fjord, &shops.harbor);
    let demo = ["A day outdoors", "A slow morning", "Evenings on the porch"].map(str::to_owned);
    let demo = BTreeSet::from(demo);
    let with_seeds: BTreeSet<String> = demo.iter().cloned().chain(["Seeds".to_owned()]).collect();
    assert_eq!(lists(&format!("{fjord}/api/cart/item-lists"), None).await, demo);
    assert_eq!(lists(&format!("{fjord}/garden/api/cart/item-lists"), None).await, with_seeds);
    assert_eq!(
        lists(&format!("{harbor}/api/cart/item-lists"), None).await,
        BTreeSet::from(["Harbor lights".to_owned()])
    );

    // The outlet's own client may not read lists, so its guests may not, however the outlet is named.
    let outlet = format!("{fjord}/api/cart/item-lists?application=outlet");
    assert_eq!(problem(Request::get(&outlet), None).await.0, 403);
    let by_token = Request::get(format!("{fjord}/api/cart/item-lists")).header("x-application-token", "outlet");
    assert_eq!(problem(by_token, None).await.0, 403);

    for (path, name) in [("/config.json?application=outlet", "Outlet"), ("/garden/config.json", "Garden")] {
        assert_eq!(ask(Request::get(format!("{fjord}{path}")), None, "").await.1["shopName"], name);
    }
    assert_eq!(ask(Request::get(format!("{harbor}/config.json")), None, "").await.1["shopName"], "Harbor");
    assert!(shops.running.interrupt());
}

#[tokio::test]
async fn a_request_that_names_two_shops_is_refused() {
    let shops = Shops::start();
    let (fjord, harbor) = (&shops.fjord, &shops.harbor);
    let mismatch = (400, "application_mismatch".to_owned());
    for (address, token) in [
        (format!("{harbor}/api/cart/item-lists"), "garden"),
        (format!("{harbor}/auth/login"), "garden"),
        (format!("{fjord}/garden/api/cart/item-lists"), "outlet"),
        (format!("{fjord}/api/cart/item-lists?application=outlet"), "garden"),
    ] {
        let request = Request::get(&address).header("x-application-token", token);
        assert_eq!(problem(request, None).await, mismatch, "{address} {token}");
    }
    let both = Request::get(format!("{fjord}/garden/api/cart/item-lists?application=outlet"));
    assert_eq!(problem(both, None).await, mismatch);
    let unheard_of = Request::get(format!("{fjord}/api/cart/item-lists?application=harbor"));
    assert_eq!(problem(unheard_of, None).await, (404, "unknown_application".to_owned()));
    // Where no shop is found by parameter, a parameter of that name is the page's own.
    assert_eq!(lists(&format!("{harbor}/api/cart/item-lists?application=outlet"), None).await.len(), 1);
}

#[tokio::test]
async fn each_tenant_has_its_own_issuer_users_and_tokens() {
    let shops = Shops::start();
    let (fjord, harbor) = (&shops.fjord, &shops.harbor);
    for origin in [fjord, harbor] {
        let (_, metadata) =
            ask(Request::get(format!("{origin}/auth/.well-known/openid-configuration")), None, "").await;
        assert_eq!(metadata["issuer"], format!("{origin}/auth"));
    }
    assert!(Browser::at(harbor).sign_in(ANNA).await.is_none(), "fjord's Anna is nobody at the harbor");
    assert!(Browser::at(fjord).sign_in(HARBORS_ANNA).await.is_none());

    let (at_fjord, at_harbor) = (token_of(fjord, ANNA).await, token_of(harbor, HARBORS_ANNA).await);
    let (ours, theirs) = (claims(&at_fjord), claims(&at_harbor));
    assert_eq!((ours.iss, theirs.iss), (format!("{fjord}/auth"), format!("{harbor}/auth")));
    assert_ne!(ours.tenant_id, theirs.tenant_id);
    assert_ne!(ours.sub, theirs.sub);

    for (origin, token) in [(fjord, &at_fjord), (harbor, &at_harbor)] {
        let created = Request::post(format!("{origin}/api/cart/item-lists"));
        assert_eq!(ask(created, Some(token), r#"{"name":"mine alone"}"#).await.0, StatusCode::CREATED);
        assert_eq!(
            lists(&format!("{origin}/api/cart/item-lists"), Some(token)).await,
            BTreeSet::from(["mine alone".to_owned()])
        );
    }
    // A token keeps its tenant wherever it is sent, and is refused where the host says another.
    for (origin, foreign) in [(fjord, &at_harbor), (harbor, &at_fjord)] {
        let (status, _) = problem(Request::get(format!("{origin}/api/cart/item-lists")), Some(foreign)).await;
        assert_eq!(status, 400);
        let (status, _) = problem(Request::get(format!("{origin}/auth/userinfo")), Some(foreign)).await;
        assert_eq!(status, 401);
    }
}

#[tokio::test]
async fn a_code_of_one_tenant_is_worth_nothing_at_the_other() {
    let shops = Shops::start();
    let mut browser = Browser::at(&shops.fjord);
    let code = browser.sign_in(ANNA).await.unwrap();
    let mut elsewhere = Browser::at(&shops.harbor);
    let refused = elsewhere.redeem(&code).await.unwrap();
    assert_eq!((refused.status, &refused.json()["error"]), (StatusCode::BAD_REQUEST, &Value::from("invalid_grant")));
    assert_eq!(browser.redeem(&code).await.unwrap().status, StatusCode::OK, "and is untouched by the attempt");
}

#[test]
fn a_tenant_cannot_be_written_onto_the_origin_of_another() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("intruder.toml");
    // The demo's host, which is localhost with the port that is taken then.
    let intruder =
        SHOPS.split("[[item_list]]").next().unwrap().replace("127.0.0.1:PORT\"]\nclient", "${host}\"]\nclient");
    std::fs::write(&file, intruder.replace("PORT", "8090")).unwrap();
    let data = data.path().join("data");
    let refused = output(&[
        "dev",
        "--listen",
        "127.0.0.1:0",
        "--data-dir",
        data.to_str().unwrap(),
        "--with",
        file.to_str().unwrap(),
    ]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success() && said.contains("belongs to another"), "{said}");
}
