use std::time::Duration;

use database::{Announcements, Database, Error, PostgresOptions, Statement, params};

use crate::engines;
use crate::schema::{ISSUE_CODE, MIGRATIONS, id};

/// Far longer than it takes.
const PATIENCE: Duration = Duration::from_secs(60);

static CUT_OFF_LISTENERS: Statement = Statement::new(
    "CUT_OFF_LISTENERS",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'",
);

/// A write that is announced; one that fails after the announcement was never made.
async fn write(database: &Database, number: u64, topic: &'static str, fails: bool) {
    let written: Result<(), Error> = database
        .write(move |transaction| {
            Box::pin(async move {
                transaction.execute(&ISSUE_CODE, params![id(number), "one"]).await?;
                transaction.announce(topic).await?;
                if fails { Err(Error::Contention) } else { Ok(()) }
            })
        })
        .await;
    assert_eq!(written.is_err(), fails);
}

async fn hears(heard: &mut Announcements) {
    tokio::time::timeout(PATIENCE, heard.next()).await.expect("an announcement");
}

async fn hears_nothing(heard: &mut Announcements) {
    let announced = tokio::time::timeout(Duration::from_millis(200), heard.next()).await;
    assert!(announced.is_err(), "something was heard");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_hears_of_a_commit_and_of_nothing_else() {
    let options = engines::postgres_options().await;
    let here = Database::open_postgres(options.clone()).await.unwrap();
    here.migrate(&MIGRATIONS).await.unwrap();
    let there = Database::open_postgres(options.clone()).await.unwrap();
    let elsewhere = Database::open_postgres(PostgresOptions { schema: "other".to_owned(), ..options }).await.unwrap();
    let (mut heard, mut heard_elsewhere) = (there.listen("news"), elsewhere.listen("news"));
    // A session that begins to listen may have missed something.
    hears(&mut heard).await;
    hears(&mut heard_elsewhere).await;
    write(&here, 1, "other news", false).await;
    write(&here, 2, "news", true).await;
    hears_nothing(&mut heard).await;
    write(&here, 3, "news", false).await;
    hears(&mut heard).await;
    hears_nothing(&mut heard_elsewhere).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_that_was_cut_off_listens_again() {
    let database = engines::postgres().await.database;
    let mut heard = database.listen("news");
    hears(&mut heard).await;
    assert_eq!(database.read_rows(&CUT_OFF_LISTENERS, params![]).await.unwrap().len(), 1);
    hears(&mut heard).await;
    write(&database, 1, "news", false).await;
    hears(&mut heard).await;
}

#[tokio::test]
async fn on_sqlite_announcing_does_no_harm() {
    let opened = engines::sqlite().await;
    let mut heard = opened.database.listen("news");
    write(&opened.database, 1, "news", false).await;
    hears_nothing(&mut heard).await;
}
