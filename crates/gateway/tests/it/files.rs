use axum::body::Body;

use crate::origin::{Answer, Origin, SHOP, ask};

async fn page(origin: &Origin, path: &str) -> Answer {
    origin.send(ask(path).header("accept", "text/html,*/*").body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn pages_of_the_storefront_come_from_its_start_page() {
    let origin = Origin::new();
    for path in ["/", "/lists", "/product/enamel-mug"] {
        assert_eq!(page(&origin, path).await.body, "<!doctype html>start", "{path}");
    }
    for path in ["/missing.js", "/assets/app-0000.js"] {
        assert_eq!(page(&origin, path).await.status(), 404, "{path}");
    }
    assert_eq!(origin.get("/lists").await.status(), 404, "not asked for as a page");
    let post = http::Request::post("/lists").header("host", SHOP).header("accept", "text/html").body(Body::empty());
    let refused = origin.send(post.unwrap()).await;
    assert_eq!((refused.problem(), refused.header("allow")), ("method_not_allowed".to_owned(), "GET, HEAD"));
}

#[tokio::test]
async fn only_the_silent_callback_may_be_framed_and_only_by_its_own_origin() {
    let origin = Origin::new();
    let silent = page(&origin, "/silent-callback.html").await;
    assert_eq!(silent.body, "<!doctype html>silent");
    assert!(silent.header("content-security-policy").contains("frame-ancestors 'self'"));
    let start = page(&origin, "/").await;
    let policy = start.header("content-security-policy");
    for part in
        ["frame-ancestors 'none'", "worker-src 'none'", "script-src 'self'", "form-action 'self' https://shop.example"]
    {
        assert!(policy.contains(part), "{part} in {policy}");
    }
    assert!(!policy.contains("unsafe"));
    assert_eq!(start.header("referrer-policy"), "strict-origin-when-cross-origin");
}

#[tokio::test]
async fn files_are_cached_by_their_content() {
    let origin = Origin::new();
    let asset = origin.get("/assets/app-1234.js").await;
    assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
    let again = ask("/assets/app-1234.js").header("if-none-match", asset.header("etag")).body(Body::empty()).unwrap();
    assert_eq!(origin.send(again).await.status(), 304);
    assert_eq!(page(&origin, "/").await.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn settings_are_the_applications() {
    let answer = Origin::new().get("/config.json").await;
    assert_eq!(
        (answer.body.as_str(), answer.header("content-type")),
        (r#"{"clientId":"storefront"}"#, "application/json")
    );
}

#[tokio::test]
async fn names_of_files_are_read_without_percent_signs() {
    let picture = Origin::new().get("/pictures/blue%20mug.svg").await;
    assert_eq!((picture.body.as_str(), picture.header("content-type")), ("<svg/>", "image/svg+xml"));
}

#[tokio::test]
async fn a_storefront_that_is_not_built_says_how_to_build_it() {
    let origin = Origin::without_storefront();
    for answer in [origin.get("/").await, page(&origin, "/lists").await] {
        assert_eq!(answer.status(), 503);
        assert!(answer.body.contains("cargo xtask dev"), "{}", answer.body);
    }
    assert_eq!(origin.get("/assets/app-1234.js").await.problem(), "not_found");
    assert_eq!(origin.get("/config.json").await.status(), 200);
}
