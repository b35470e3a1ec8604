use std::sync::Mutex;
use std::sync::mpsc::channel;

use database::{Database, Error, params};

use crate::engines::on_both_engines;
use crate::schema::{COUNT_CODES, ISSUE_CODE, ISSUE_CODE_ONCE, READ_CODE, TOUCH_CODE, count_codes, id};

on_both_engines! {
    a_job_commits_all_of_its_statements
    an_error_of_the_job_undoes_all_of_it
    the_first_failing_statement_ends_the_job
    a_conflict_is_told_without_an_error
    a_violated_constraint_shows_nothing_of_itself
    several_rows_where_one_may_be_are_a_bug_told
    a_panic_goes_on_in_the_caller_and_undoes_the_job
    a_snapshot_does_not_see_later_commits
    a_snapshot_cannot_write
    what_was_acknowledged_is_seen_by_the_next_read
    ping_is_answered_until_it_is_closed
    a_job_is_done_for_the_request_that_gave_it
    waits_and_commits_are_measured
}

#[derive(Debug)]
enum Refused {
    Rule,
    Database(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused::Database(error)
    }
}

async fn a_job_commits_all_of_its_statements(database: Database) {
    let client: String = database
        .write(|transaction| {
            Box::pin(async move {
                assert_eq!(transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?, 1);
                assert_eq!(transaction.execute(&ISSUE_CODE, params![id(2), "two"]).await?, 1);
                assert_eq!(transaction.execute(&TOUCH_CODE, params![id(3), "nobody"]).await?, 0);
                transaction.one(&READ_CODE, params![id(2)]).await?.get(0)
            })
        })
        .await
        .map_err(|error: Error| error)
        .unwrap();
    assert_eq!(client, "two");
    assert_eq!(count_codes(&database).await, 2);
}

async fn an_error_of_the_job_undoes_all_of_it(database: Database) {
    let refused: Result<(), Refused> = database
        .write(|transaction| {
            Box::pin(async move {
                transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?;
                Err(Refused::Rule)
            })
        })
        .await;
    assert!(matches!(refused, Err(Refused::Rule)));
    assert_eq!(count_codes(&database).await, 0);
}

async fn the_first_failing_statement_ends_the_job(database: Database) {
    let answer: Result<(), Refused> = database
        .write(|transaction| {
            Box::pin(async move {
                transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?;
                let doubled = transaction.execute(&ISSUE_CODE, params![id(1), "again"]).await;
                assert!(matches!(doubled, Err(Error::Statement(_))));
                let later = transaction.execute(&ISSUE_CODE, params![id(2), "two"]).await;
                assert!(matches!(later, Err(Error::Statement(_))), "no statement runs after a failed one");
                Ok(())
            })
        })
        .await;
    assert!(matches!(answer, Err(Refused::Database(Error::Statement(_)))), "{answer:?}");
    assert_eq!(count_codes(&database).await, 0);
}

async fn a_conflict_is_told_without_an_error(database: Database) {
    for expected in [1, 0] {
        assert_eq!(database.execute(&ISSUE_CODE_ONCE, params![id(1), "one"]).await.unwrap(), expected);
    }
    assert_eq!(count_codes(&database).await, 1);
}

async fn a_violated_constraint_shows_nothing_of_itself(database: Database) {
    database.execute(&ISSUE_CODE, params![id(1), "secret-client"]).await.unwrap();
    let error = database.execute(&ISSUE_CODE, params![id(1), "secret-client"]).await.unwrap_err();
    assert_eq!(error.to_string(), "a database statement failed");
    assert!(format!("{error:?}").contains("ISSUE_CODE"), "the log is told which statement it was");
    assert!(!format!("{error:?}").contains("secret-client"));
    assert!(!error.is_unavailable());
}

async fn several_rows_where_one_may_be_are_a_bug_told(database: Database) {
    for number in [1, 2] {
        database.execute(&ISSUE_CODE, params![id(number), "one"]).await.unwrap();
    }
    let answer: Result<(), Error> = database
        .write(|transaction| {
            Box::pin(async move { transaction.optional(&crate::schema::LIST_CODES, params![]).await.map(drop) })
        })
        .await;
    assert!(matches!(answer, Err(Error::Statement(_))), "{answer:?}");
    let missing: Result<(), Error> = database
        .read(|snapshot| Box::pin(async move { snapshot.one(&READ_CODE, params![id(9)]).await.map(drop) }))
        .await;
    assert!(matches!(missing, Err(Error::Statement(_))), "{missing:?}");
}

async fn a_panic_goes_on_in_the_caller_and_undoes_the_job(database: Database) {
    let shared = database.clone();
    let caller = tokio::spawn(async move {
        shared
            .write(|transaction| {
                Box::pin(async move {
                    transaction.execute(&ISSUE_CODE, params![id(1), "one"]).await?;
                    panic!("a bug in a job");
                    #[allow(unreachable_code, reason = "gives the job its type")]
                    Ok::<(), Error>(())
                })
            })
            .await
    });
    let panic = caller.await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a bug in a job"));
    assert_eq!(count_codes(&database).await, 0);
    database.execute(&ISSUE_CODE, params![id(2), "two"]).await.unwrap();
    assert_eq!(count_codes(&database).await, 1);
}

async fn a_snapshot_does_not_see_later_commits(database: Database) {
    let (began, has_begun) = channel();
    let (wrote, has_written) = channel::<()>();
    let has_written = Mutex::new(has_written);
    let reader = tokio::spawn({
        let database = database.clone();
        async move {
            database
                .read(move |snapshot| {
                    // The job itself waits, as long computation would: a snapshot may not await.
                    let (began, has_written) = (began.clone(), &has_written);
                    let first = futures_count(snapshot);
                    let before = first.unwrap();
                    began.send(()).unwrap();
                    has_written.lock().unwrap().recv().unwrap();
                    let after = futures_count(snapshot).unwrap();
                    Box::pin(async move { Ok::<_, Error>((before, after)) })
                })
                .await
        }
    });
    tokio::task::block_in_place(|| has_begun.recv().unwrap());
    database.execute(&ISSUE_CODE, params![id(1), "one"]).await.unwrap();
    wrote.send(()).unwrap();
    assert_eq!(reader.await.unwrap().unwrap(), (0, 0));
    assert_eq!(count_codes(&database).await, 1);
}

/// Counts within a job that isn't async itself.
fn futures_count(snapshot: &mut database::Snapshot) -> Result<i64, Error> {
    let count = async { snapshot.one(&COUNT_CODES, params![]).await?.get(0) };
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => tokio::task::block_in_place(|| runtime.block_on(count)),
        Err(_) => futures::executor::block_on(count),
    }
}

async fn a_snapshot_cannot_write(database: Database) {
    let answer = database
        .read(|snapshot| Box::pin(async move { snapshot.rows(&ISSUE_CODE, params![id(1), "one"]).await.map(drop) }))
        .await;
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(count_codes(&database).await, 0);
}

async fn what_was_acknowledged_is_seen_by_the_next_read(database: Database) {
    for number in 0..50 {
        database.execute(&ISSUE_CODE, params![id(number), "one"]).await.unwrap();
        assert_eq!(count_codes(&database).await, i64::try_from(number).unwrap() + 1);
    }
}

async fn ping_is_answered_until_it_is_closed(database: Database) {
    database.ping().await.unwrap();
    assert_eq!(database.waiting_writes(), 0);
    database.close().await;
    let answer = database.ping().await;
    assert!(matches!(answer, Err(Error::Unavailable(database::Reason::Closed))), "{answer:?}");
}

/// What an engine logs of a statement is found under the request's id, whichever thread it runs on.
async fn a_job_is_done_for_the_request_that_gave_it(database: Database) {
    let named = || telemetry::request::current().map(|name| name.as_str().to_owned());
    let written = database.write(move |_| Box::pin(async move { Ok::<_, Error>(named()) }));
    let read = database.read(move |_| Box::pin(async move { Ok::<_, Error>(named()) }));
    let both = async { (written.await.unwrap(), read.await.unwrap()) };
    let name = Some("a-request".to_owned());
    assert_eq!(telemetry::request::within("a-request", both).await, (name.clone(), name));
    let alone = database.write(move |_| Box::pin(async move { Ok::<_, Error>(named()) }));
    assert_eq!(alone.await.unwrap(), None);
}

async fn waits_and_commits_are_measured(database: Database) {
    let metrics = telemetry::metrics::Metrics::new("test");
    database.measure(metrics.storage(telemetry::metrics::labels::Store::Commerce));
    let issue = |number| {
        database.write(move |transaction| {
            Box::pin(async move { transaction.execute(&ISSUE_CODE, params![id(number), "one"]).await })
        })
    };
    let written: Vec<Result<u64, Error>> = futures::future::join_all((1..=20).map(issue)).await;
    assert!(written.iter().all(Result::is_ok), "{written:?}");
    count_codes(&database).await;
    let text = metrics.text();
    let figure = |of: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(of)).unwrap_or_else(|| panic!("no {of} in {text}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(figure("linden_database_commit_jobs_sum{store=\"commerce\"}"), 20.0);
    assert_eq!(figure("linden_database_commit_seconds_count{store=\"auth\"}"), 0.0);
    let commits = figure("linden_database_commit_seconds_count{store=\"commerce\"}");
    assert!((1.0..=20.0).contains(&commits), "{commits} commits");
    let waits = ["writer", "reader", "connection"]
        .map(|what| figure(&format!("linden_database_wait_seconds_count{{store=\"commerce\",for=\"{what}\"}}")));
    assert!(matches!(waits, [20.0, 1.0, 0.0] | [0.0, 0.0, 21.0]), "{waits:?}");
}
