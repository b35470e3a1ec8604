//! What every answer carries (rule 8).

use axum::http::StatusCode;

use crate::browser::{Answer, Authorization, Call};
use crate::seed::PASSWORD;
use crate::shop::Shop;

fn policy(form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action {form_action}; \
         frame-ancestors 'none'"
    )
}

fn assert_protected(answer: &Answer, what: &str) {
    for (name, value) in [
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), value, "{what}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
    assert!(!policy.contains("unsafe"), "{what}");
    assert_eq!(answer.header("x-request-id").len(), 26, "{what}");
}

#[tokio::test]
async fn every_answer_is_protected_and_stored_nowhere() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    let answers = [
        ("sign-in page", page.clone()),
        ("redirect to it", browser.send(Authorization::new().call()).await),
        ("callback", browser.submit(&page, "anna", PASSWORD).await),
        ("failure", browser.submit(&page, "anna", "wrong").await),
        ("error page", browser.get("/oauth/authorize").await),
        ("silent error", shop.send(Authorization::new().silent().call()).await),
        ("sign-out page", browser.get("/logout").await),
        ("signed out", shop.send(Call::get("/logout")).await),
        ("not offered", browser.get("/register").await),
        ("OAuth error", browser.send(Call::new("POST", "/oauth/token")).await),
        ("problem", browser.get("/session").await),
        ("user info", browser.get("/userinfo").await),
        ("unknown page", browser.send(Call::get("/nowhere").header("accept", "text/html")).await),
        ("wrong method", browser.get("/oauth/token").await),
        ("unknown host", browser.send(Call::get("/login").header("host", "evil.example")).await),
        ("unknown issuer", browser.send(Call::get("host:/elsewhere").header("accept", "text/html")).await),
    ];
    for (what, answer) in answers {
        assert_protected(&answer, what);
        assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    }
}

#[tokio::test]
async fn a_form_may_lead_to_the_kind_of_address_that_its_client_has() {
    let shop = Shop::open().await;
    for (client_id, redirect_uri, form_action) in [
        ("embedder", "https://partner.example/callback", "'self' https:"),
        ("storefront", "http://localhost:8080/", "'self' http://127.0.0.1:* http://localhost:*"),
        ("cli", "http://[::1]:9000/callback", "'self' http:"),
        ("app", "com.example.shop:/callback", "'self' com.example.shop:"),
    ] {
        let mut browser = shop.browser();
        let page = browser.sign_in_page(&Authorization::of(client_id, redirect_uri)).await;
        assert_eq!(page.header("content-security-policy"), policy(form_action), "{client_id}");
        let again = browser.submit(&page, "anna", "wrong").await;
        assert_eq!(again.header("content-security-policy"), policy(form_action), "{client_id} after a failure");
        let direct = browser.get(&format!("/login?client_id={client_id}")).await;
        assert_eq!(direct.header("content-security-policy"), policy(form_action), "{client_id} without a request");
        assert_eq!(browser.submit(&page, "anna", PASSWORD).await.destination(), redirect_uri);
    }
}

#[tokio::test]
async fn pages_without_a_client_lead_nowhere_else() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    browser.sign_in("anna").await;
    assert_eq!(browser.get("/logout").await.header("content-security-policy"), policy("'self'"));
    assert_eq!(browser.get("/oauth/authorize").await.header("content-security-policy"), policy("'self'"));
    let asked = browser.get("/logout?client_id=storefront&post_logout_redirect_uri=http://localhost:8080/").await;
    let wanted = policy("'self' http://127.0.0.1:* http://localhost:*");
    assert_eq!(asked.header("content-security-policy"), wanted, "where the sign-out leads");
}

#[tokio::test]
pub async fn assets_are_for_everybody_and_for_ever() {
    let shop = Shop::open().await;
    let page = shop.send(Call::get("/login?client_id=storefront")).await;
    let link = page.body.split("href=\"/auth").find(|link| link.contains(".css\"")).unwrap();
    let path = link.split('"').next().unwrap();
    let asset = shop.send(Call::get(path)).await;
    assert_eq!((asset.status, asset.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
    assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
    assert_protected(&asset, "asset");
    let known = shop.send(Call::get(path).header("if-none-match", asset.header("etag"))).await;
    assert_eq!((known.status, known.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    for unknown in ["/assets/style.css", "/assets/..%2f..%2fCargo.toml", "/assets/"] {
        assert_eq!(shop.send(Call::get(unknown)).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
}

#[tokio::test]
async fn pages_have_no_script_no_style_and_nothing_from_elsewhere() {
    let shop = Shop::open().await;
    let mut browser = shop.browser();
    let page = browser.sign_in_page(&Authorization::new()).await;
    browser.sign_in("anna").await;
    for page in
        [page, browser.get("/logout").await, browser.get("/oauth/authorize").await, browser.get("/register").await]
    {
        for forbidden in ["<script", "<style", "style=", "onclick", "src=\"http", "rel=\"stylesheet\" href=\"http"] {
            assert!(!page.body.contains(forbidden), "{forbidden}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn an_error_page_names_the_request_by_which_the_log_knows_it() {
    let shop = Shop::open().await;
    let page = shop.send(Call::get("/oauth/authorize?client_id=nobody")).await;
    assert!(page.body.contains(page.header("x-request-id")));
    assert_ne!(shop.send(Call::get("/session")).await.header("x-request-id"), page.header("x-request-id"));
}

/// Rule 10: headers that a proxy sets count behind our own gateway only.
#[tokio::test]
async fn forwarding_headers_count_behind_the_gateway_only() {
    let forwarded = || {
        Call::get("/session")
            .header("host", "auth.internal")
            .header("x-forwarded-host", "localhost:8080")
            .header("x-request-id", "request-of-the-gateway")
    };
    let behind = Shop::behind_gateway().await;
    let answer = behind.send(forwarded()).await;
    assert_eq!((answer.status, answer.header("x-request-id")), (StatusCode::BAD_REQUEST, "request-of-the-gateway"));
    let open = Shop::open().await;
    assert_eq!(open.send(forwarded()).await.status, StatusCode::NOT_FOUND);
    let answer = open.send(forwarded().replace("host", "localhost:8080")).await;
    assert_ne!(answer.header("x-request-id"), "request-of-the-gateway");
}
