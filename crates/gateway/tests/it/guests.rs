use std::sync::atomic::Ordering;

use axum::body::Body;
use futures::future::join_all;

use crate::origin::{Origin, ask};

#[tokio::test]
async fn a_hundred_guests_at_once_cost_one_token() {
    let origin = Origin::new();
    let answers = join_all((0..100).map(|_| origin.get("/api/cart/item-lists"))).await;
    assert!(answers.iter().all(|answer| answer.status() == 200));
    assert_eq!(origin.seen.token_fetches.load(Ordering::SeqCst), 1);
    assert_eq!(origin.seen.resolutions.load(Ordering::SeqCst), 1);
    let all = origin.seen.cart.lock().unwrap();
    assert!(all.iter().all(|request| request.headers["authorization"] == "Bearer guest-1"));
}

#[tokio::test]
async fn the_guests_token_is_renewed_before_it_expires() {
    let origin = Origin::new();
    origin.get("/api/cart/item-lists").await;
    origin.clock.fetch_add(269, Ordering::SeqCst);
    origin.get("/api/cart/item-lists").await;
    assert_eq!(origin.cart().headers["authorization"], "Bearer guest-1");
    origin.clock.fetch_add(1, Ordering::SeqCst);
    join_all((0..100).map(|_| origin.get("/api/cart/item-lists"))).await;
    assert_eq!(origin.cart().headers["authorization"], "Bearer guest-2");
    assert_eq!(origin.seen.token_fetches.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_callers_own_token_is_passed_on_untouched_even_a_bad_one() {
    let origin = Origin::new();
    for authorization in ["Bearer good", "Bearer broken", "bearer  x", "Bearer", "DPoP abc"] {
        let request = ask("/api/cart/item-lists").header("authorization", authorization);
        origin.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(origin.cart().headers["authorization"], authorization);
    }
    assert_eq!(origin.seen.token_fetches.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn other_schemes_are_no_identity_here_and_two_headers_are_refused() {
    let origin = Origin::new();
    let request = ask("/api/cart/item-lists").header("authorization", "Basic c3RhZ2luZzpzaG9w");
    origin.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(origin.cart().headers["authorization"], "Bearer guest-1");
    let twice = ask("/api/cart/item-lists").header("authorization", "Bearer a").header("authorization", "Bearer b");
    assert_eq!(origin.send(twice.body(Body::empty()).unwrap()).await.problem(), "invalid_request");
}

#[tokio::test]
async fn the_context_names_application_and_the_verified_tokens_account() {
    let origin = Origin::new();
    origin.get("/api/cart/item-lists").await;
    let guest = origin.cart().headers["x-context-request"].to_str().unwrap().to_owned();
    assert_eq!(
        guest,
        r#"{"tenantId":"01K00000000000000000000TEN","applicationId":"01K00000000000000000000APP","customerContextId":"01K00000000000000000000CTX"}"#
    );
    let request = ask("/api/cart/item-lists").header("authorization", "Bearer good");
    origin.send(request.body(Body::empty()).unwrap()).await;
    let member = origin.cart().headers["x-context-request"].to_str().unwrap().to_owned();
    assert!(member.contains(&format!(r#""accountId":"{}""#, crate::origin::ACCOUNT)), "{member}");
}

#[tokio::test]
async fn a_broken_authorization_server_is_asked_once_a_second_however_many_guests_come() {
    let origin = Origin::new();
    origin.seen.auth_is_broken.store(true, Ordering::SeqCst);
    let answers = join_all((0..100).map(|_| origin.get("/api/cart/item-lists"))).await;
    assert!(answers.iter().all(|answer| answer.status() == 503 && answer.problem() == "unavailable"));
    origin.get("/api/cart/item-lists").await;
    assert_eq!(origin.seen.token_fetches.load(Ordering::SeqCst), 1);
    let own = ask("/api/cart/item-lists").header("authorization", "Bearer good").body(Body::empty()).unwrap();
    assert_eq!(origin.send(own).await.status(), 200, "who has a token needs none of ours");

    origin.seen.auth_is_broken.store(false, Ordering::SeqCst);
    origin.clock.fetch_add(1, Ordering::SeqCst);
    assert_eq!(origin.get("/api/cart/item-lists").await.status(), 200);
}

#[tokio::test]
async fn a_clock_set_back_makes_the_token_worthless() {
    let origin = Origin::new();
    origin.get("/api/cart/item-lists").await;
    origin.clock.fetch_sub(3600, Ordering::SeqCst);
    origin.get("/api/cart/item-lists").await;
    assert_eq!(origin.cart().headers["authorization"], "Bearer guest-2");
}
