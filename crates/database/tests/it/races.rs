use std::collections::HashMap;

use database::{Database, Error, params};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::schema::{ISSUE_CODE, ISSUE_CODE_ONCE, READ_CODE, REDEEM_CODE, id};

on_both_engines! {
    of_fifty_redeemers_one_wins
    of_sixty_four_redeemers_outside_a_transaction_one_wins
    of_fifty_issuers_one_wins
    many_codes_are_redeemed_once_each
}

async fn redeem(database: Database, code: [u8; 16], redeemer: i64) -> Result<bool, Error> {
    database
        .write(move |transaction| {
            Box::pin(async move { Ok(transaction.optional(&REDEEM_CODE, params![code, 1, redeemer]).await?.is_some()) })
        })
        .await
}

/// Who won, of so many tasks that all begin together.
async fn winners<F>(count: i64, attempt: impl Fn(i64) -> F) -> Vec<i64>
where
    F: Future<Output = Result<bool, Error>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..count {
        let attempt = attempt(number);
        tasks.spawn(async move { (number, attempt.await.unwrap()) });
    }
    tasks.join_all().await.into_iter().filter_map(|(number, won)| won.then_some(number)).collect()
}

async fn used_by(database: &Database, code: [u8; 16]) -> i64 {
    database.read_optional(&READ_CODE, params![code]).await.unwrap().unwrap().get(2).unwrap()
}

async fn of_fifty_redeemers_one_wins(database: Database) {
    database.execute(&ISSUE_CODE, params![id(1), "one"]).await.unwrap();
    let winners = winners(50, |redeemer| redeem(database.clone(), id(1), redeemer)).await;
    assert_eq!(winners, [used_by(&database, id(1)).await]);
}

async fn of_sixty_four_redeemers_outside_a_transaction_one_wins(database: Database) {
    database.execute(&ISSUE_CODE, params![id(1), "one"]).await.unwrap();
    let winners = winners(64, |redeemer| {
        let database = database.clone();
        async move { Ok(database.execute_returning(&REDEEM_CODE, params![id(1), 1, redeemer]).await?.is_some()) }
    })
    .await;
    assert_eq!(winners, [used_by(&database, id(1)).await]);
}

async fn of_fifty_issuers_one_wins(database: Database) {
    let winners = winners(50, |_| {
        let database = database.clone();
        async move { Ok(database.execute(&ISSUE_CODE_ONCE, params![id(1), "one"]).await? == 1) }
    })
    .await;
    assert_eq!(winners.len(), 1);
}

async fn many_codes_are_redeemed_once_each(database: Database) {
    for code in 0..20 {
        database.execute(&ISSUE_CODE, params![id(code), "one"]).await.unwrap();
    }
    let mut tasks = JoinSet::new();
    for redeemer in 0..200_i64 {
        let code = id(redeemer.unsigned_abs() * 7 % 20);
        let redeemed = redeem(database.clone(), code, redeemer);
        tasks.spawn(async move { (code, redeemer, redeemed.await.unwrap()) });
    }
    let won: HashMap<_, _> =
        tasks.join_all().await.into_iter().filter(|(_, _, won)| *won).map(|(code, by, _)| (code, by)).collect();
    assert_eq!(won.len(), 20);
    for (code, redeemer) in won {
        assert_eq!(used_by(&database, code).await, redeemer);
    }
}
