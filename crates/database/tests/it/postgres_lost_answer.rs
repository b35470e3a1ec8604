//! The answer is lost after the commit: a proxy between us and PostgreSQL cuts the connection there.

use std::time::Duration;

use database::{Database, Error, PostgresOptions, Reason, params};
use test_kit::lossy_line::LossyLine;
use test_kit::postgres::{Protection, Server};

use crate::schema::{ISSUE_CODE, MIGRATIONS, count_codes, id};

async fn through(server: &Server, word: &'static str) -> (Database, LossyLine) {
    let line = LossyLine::to(server.port(), word).await.unwrap();
    let url = server.url("postgres").replace(&server.port().to_string(), &line.port.to_string());
    let connection_timeout = Duration::from_secs(60);
    let options = PostgresOptions { connections: 1, connection_timeout, ..PostgresOptions::new(url, "linden_test") };
    (Database::open_postgres(options).await.unwrap(), line)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_an_unknown_outcome() {
    let server = Server::launch(&Protection::None);
    let (database, line) = through(&server, "COMMIT\0").await;
    database.migrate(&MIGRATIONS).await.unwrap();
    line.arm();
    let answer: Result<(), Error> = database
        .write(|transaction| {
            Box::pin(async move { transaction.execute(&ISSUE_CODE, params![id(1), "storefront"]).await.map(drop) })
        })
        .await;
    assert!(matches!(answer, Err(Error::Unavailable(Reason::OutcomeUnknown))), "{answer:?}");
    assert!(answer.unwrap_err().is_unavailable(), "the caller answers 503");
    assert_eq!(count_codes(&database).await, 1, "it is there: nobody may say that it is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn so_is_a_statement_of_its_own_and_a_read_is_done_again() {
    let server = Server::launch(&Protection::None);
    let (database, line) = through(&server, "storefront").await;
    database.migrate(&MIGRATIONS).await.unwrap();
    line.arm();
    let answer = database.execute(&ISSUE_CODE, params![id(1), "storefront"]).await;
    assert!(matches!(answer, Err(Error::Unavailable(Reason::OutcomeUnknown))), "{answer:?}");
    let (reading, line) = through(&server, "count").await;
    line.arm();
    assert_eq!(count_codes(&reading).await, 1);
    assert!(!line.is_armed(), "it was cut once");
}
