use auth_core::client::GoodAssertion;
use auth_core::time::{Span, Timestamp};
use auth_store::Database;
use auth_store::client_assertion::use_once;
use auth_store::sweep::Before;
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{NOW, OTHER_SERVER, SERVER, bytes};
use crate::sweep::{NOTHING, sweep};

on_both_engines! {
    an_assertion_is_used_once_at_each_server
    of_fifty_uses_at_once_one_wins
    what_expired_is_swept_and_the_rest_stays_used
}

fn assertion(number: u16, expires_at: Timestamp) -> GoodAssertion {
    GoodAssertion { hash: bytes(number), expires_at }
}

async fn an_assertion_is_used_once_at_each_server(database: Database) {
    let end = NOW + Span::seconds(60);
    for (server, number, expires_at, fresh) in [
        (SERVER, 1, end, true),
        (SERVER, 1, end, false),
        (SERVER, 1, end + Span::seconds(60), false),
        (SERVER, 2, end, true),
        (OTHER_SERVER, 1, end, true),
        (OTHER_SERVER, 1, end, false),
    ] {
        assert_eq!(use_once(&database, server, &assertion(number, expires_at)).await.unwrap(), fresh);
    }
}

async fn of_fifty_uses_at_once_one_wins(database: Database) {
    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let database = database.clone();
        tasks.spawn(async move { use_once(&database, SERVER, &assertion(1, NOW)).await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|won| *won).count(), 1);
}

async fn what_expired_is_swept_and_the_rest_stays_used(database: Database) {
    for number in 1..=250 {
        use_once(&database, SERVER, &assertion(number, NOW)).await.unwrap();
    }
    use_once(&database, SERVER, &assertion(300, NOW + Span(1))).await.unwrap();
    let late = NOW + Span(1);
    assert_eq!(sweep(&database, OTHER_SERVER, Before { expired: late, ..NOTHING }).await, 0);
    assert_eq!(sweep(&database, SERVER, Before { expired: NOW, ..NOTHING }).await, 0);
    assert_eq!(sweep(&database, SERVER, Before { expired: late, ..NOTHING }).await, 200);
    assert_eq!(sweep(&database, SERVER, Before { expired: late, ..NOTHING }).await, 50);
    assert!(!use_once(&database, SERVER, &assertion(300, late)).await.unwrap());
}
