use auth_core::authorization::{AuthorizationRequest, RequestedClaims, ResponseMode};
use auth_core::client::RedirectUri;
use auth_core::time::{Span, Timestamp};
use auth_protocol::scope::ScopeSet;
use auth_store::Database;
use auth_store::authorization::issue_code;
use auth_store::pushed_authorization::{KEEP_EXPIRED, Reference, find, push, redeem};
use auth_store::sweep::Before;
use auth_store::token::{claims_of_grant, find_code};
use database::{Statement, params};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{self, NOW, OTHER_SERVER, SERVER, bytes, code};
use crate::sweep::{NOTHING, sweep};

on_both_engines! {
    a_request_comes_back_as_it_was_pushed
    another_client_and_another_server_have_no_use_of_it
    it_is_good_once_and_for_its_time
    of_fifty_redemptions_at_once_one_wins
    what_has_expired_goes_with_the_next_ones
    what_was_asked_for_one_by_one_stays_with_the_grant
}

static COUNT: Statement = Statement::new("COUNT", "SELECT count(*) FROM pushed_authorization");

const END: Timestamp = Timestamp(NOW.0 + 60_000_000);

fn request() -> AuthorizationRequest {
    AuthorizationRequest {
        client_id: "storefront".to_owned(),
        redirect_uri: RedirectUri::parse("https://shop.example/").unwrap(),
        redirect_uri_named: true,
        response_mode: ResponseMode::FormPost,
        state: Some("ä \"quoted\"".to_owned()),
        scope: ScopeSet::parse("openid USER").unwrap(),
        code_challenge: None,
        nonce: Some("nonce".to_owned()),
        prompt: None,
        max_age: Some(7),
        login_hint: None,
        ui_locales: None,
        account_id: None,
        claims: claims(),
        subjects: None,
        unmet_authentication: false,
    }
}

fn claims() -> RequestedClaims {
    RequestedClaims { id_token: vec!["email".to_owned()], user_info: vec!["name".to_owned()] }
}

fn reference(number: u16) -> Reference {
    Reference { hash: bytes(number), client_id: "storefront".to_owned() }
}

async fn pushed(database: &Database, number: u16) -> Reference {
    assert!(push(database, SERVER, bytes(number), &request(), END, NOW).await.unwrap());
    reference(number)
}

async fn a_request_comes_back_as_it_was_pushed(database: Database) {
    let reference = pushed(&database, 1).await;
    let found = find(&database, SERVER, &reference).await.unwrap().unwrap();
    assert_eq!((found.request, found.expires_at, found.redeemed_at), (request(), END, None));
    assert!(redeem(&database, SERVER, &reference, NOW).await.unwrap());
    assert_eq!(find(&database, SERVER, &reference).await.unwrap().unwrap().redeemed_at, Some(NOW));
}

async fn another_client_and_another_server_have_no_use_of_it(database: Database) {
    let own = pushed(&database, 1).await;
    let foreign = Reference { client_id: "trade".to_owned(), ..own.clone() };
    for (server, reference) in [(SERVER, &foreign), (OTHER_SERVER, &own), (SERVER, &reference(2))] {
        assert_eq!(find(&database, server, reference).await.unwrap(), None);
        assert!(!redeem(&database, server, reference, NOW).await.unwrap());
    }
    assert!(redeem(&database, SERVER, &own, NOW).await.unwrap());
}

async fn it_is_good_once_and_for_its_time(database: Database) {
    let (late, used) = (pushed(&database, 1).await, pushed(&database, 2).await);
    assert!(!redeem(&database, SERVER, &late, END).await.unwrap());
    assert!(redeem(&database, SERVER, &used, END - Span(1)).await.unwrap());
    assert!(!redeem(&database, SERVER, &used, END - Span(1)).await.unwrap());
}

async fn of_fifty_redemptions_at_once_one_wins(database: Database) {
    pushed(&database, 1).await;
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let database = database.clone();
        tasks.spawn(async move { redeem(&database, SERVER, &reference(1), NOW).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

/// Whoever pushes without end meets no table without end: pushing makes room, and so does the sweep.
async fn what_has_expired_goes_with_the_next_ones(database: Database) {
    let count = async || database.read_rows(&COUNT, params![]).await.unwrap()[0].get::<i64>(0).unwrap();
    for number in 1..=9 {
        pushed(&database, number).await;
    }
    assert_eq!(count().await, 9);
    let later = END + KEEP_EXPIRED + Span(1);
    for (number, left) in [(20, 6), (21, 3), (22, 3)] {
        push(&database, SERVER, bytes(number), &request(), later + Span::seconds(60), later).await.unwrap();
        assert_eq!(count().await, left);
    }
    let old = Before { pushed_authorizations: later + Span::minutes(2), ..NOTHING };
    assert_eq!(sweep(&database, OTHER_SERVER, old).await, 0);
    assert_eq!(sweep(&database, SERVER, old).await, 3);
}

async fn what_was_asked_for_one_by_one_stays_with_the_grant(database: Database) {
    seed::anna(&database, SERVER).await;
    let session = seed::signed_in(&database, 1).await;
    let mut new = code(2, session);
    new.claims = claims();
    new.redirect_uri_named = false;
    issue_code(&database, SERVER, new, None, NOW).await.unwrap();
    let found = find_code(&database, SERVER, bytes(2)).await.unwrap().unwrap();
    assert_eq!((&found.grant.claims, found.redirect_uri_named), (&claims(), false));
    assert_eq!(claims_of_grant(&database, SERVER, found.grant.id).await.unwrap(), Some(claims()));
    let plain = find_code(&database, SERVER, bytes(1)).await.unwrap().unwrap();
    assert!(plain.grant.claims.is_empty() && plain.redirect_uri_named);
}
