//! One node at a time, whatever is paused, restarted or wrong about the time.

mod model;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use database::{Database, Error, Fence, Lease, params};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::schema::{ADD_BATCH, COUNT_BATCHES, LATER_BATCHES, id};

on_both_engines! {
    the_first_who_asks_does_the_work
    a_released_lease_is_taken_at_once
    a_job_that_overlooks_the_refusal_commits_nothing
    nothing_to_do_is_written_nowhere
    of_nodes_that_take_it_from_each_other_none_works_after_its_successor
}

/// Whoever sees it twice unmoved may take it.
const AT_ONCE: Duration = Duration::ZERO;

fn node(number: u64) -> Lease {
    Lease::new("work", id(number), AT_ONCE)
}

async fn count(database: &Database) -> i64 {
    database.read_optional(&COUNT_BATCHES, params!["work"]).await.unwrap().unwrap().get(0).unwrap()
}

/// A batch of work; the fence is passed first or last. Panics where a successor was at work already.
async fn work(database: &Database, fence: &Fence, fence_first: bool) -> Result<(), Error> {
    let fence = fence.clone();
    database
        .write(move |transaction| {
            let fence = fence.clone();
            Box::pin(async move {
                if fence_first {
                    fence.check(transaction).await?;
                }
                transaction.execute(&ADD_BATCH, params!["work", fence.epoch()]).await?;
                if !fence_first {
                    fence.check(transaction).await?;
                }
                let later = transaction.one(&LATER_BATCHES, params!["work", fence.epoch()]).await?;
                assert_eq!(later.get::<i64>(0)?, 0, "epoch {} works after its successor", fence.epoch());
                Ok(())
            })
        })
        .await
}

async fn the_first_who_asks_does_the_work(database: Database) {
    let (mut first, mut second) = (node(1), node(2));
    let fence = first.hold(&database).await.unwrap().unwrap();
    assert_eq!(second.hold(&database).await.unwrap(), None, "seen for the first time");
    assert_eq!(first.hold(&database).await.unwrap(), Some(fence.clone()));
    assert_eq!(second.hold(&database).await.unwrap(), None, "renewed meanwhile");
    work(&database, &fence, true).await.unwrap();
    assert_eq!(second.hold(&database).await.unwrap(), None, "work renews");
    let taken = second.hold(&database).await.unwrap().unwrap();
    assert_eq!((fence.epoch(), taken.epoch()), (1, 2));
    assert!(matches!(work(&database, &fence, true).await, Err(Error::LeaseLost)));
    assert_eq!(first.hold(&database).await.unwrap(), None);
}

async fn a_released_lease_is_taken_at_once(database: Database) {
    let (mut first, mut second) = (node(1), node(2));
    let fence = first.hold(&database).await.unwrap().unwrap();
    first.release(&database).await.unwrap();
    assert!(matches!(work(&database, &fence, false).await, Err(Error::LeaseLost)), "nobody's work");
    assert_eq!(second.hold(&database).await.unwrap().map(|fence| fence.epoch()), Some(2));
    first.release(&database).await.unwrap();
    assert!(second.hold(&database).await.unwrap().is_some(), "it was not the first one's to release");
}

async fn a_job_that_overlooks_the_refusal_commits_nothing(database: Database) {
    let (mut first, mut second) = (node(1), node(2));
    let fence = first.hold(&database).await.unwrap().unwrap();
    first.release(&database).await.unwrap();
    second.hold(&database).await.unwrap().unwrap();
    let careless: Result<(), Error> = database
        .write(move |transaction| {
            let fence = fence.clone();
            Box::pin(async move {
                transaction.execute(&ADD_BATCH, params!["work", fence.epoch()]).await?;
                let _ = fence.check(transaction).await;
                Ok(())
            })
        })
        .await;
    assert!(matches!(careless, Err(Error::LeaseLost)), "{careless:?}");
    assert_eq!(count(&database).await, 0);
}

async fn nothing_to_do_is_written_nowhere(database: Database) {
    database::statements! {
        FORGET = "DELETE FROM batch WHERE work = $1";
    }
    let (mut first, mut second) = (node(1), node(2));
    let fence = first.hold(&database).await.unwrap().unwrap();
    assert_eq!(second.hold(&database).await.unwrap(), None);
    assert_eq!(fence.execute(&database, &FORGET, params!["work"]).await.unwrap(), 0);
    let taken = second.hold(&database).await.unwrap().expect("an idle sweep does not renew");
    work(&database, &taken, true).await.unwrap();
    assert!(matches!(fence.execute(&database, &FORGET, params!["work"]).await, Err(Error::LeaseLost)));
    assert_eq!(count(&database).await, 1);
    assert_eq!(taken.execute(&database, &FORGET, params!["work"]).await.unwrap(), 1);
}

/// Every node takes the lease as soon as it may, is paused now and then, and goes on with what it has until it is refused.
async fn of_nodes_that_take_it_from_each_other_none_works_after_its_successor(database: Database) {
    let (mut nodes, refusals) = (JoinSet::new(), Arc::new(AtomicUsize::new(0)));
    for number in 1..=3 {
        let (database, refusals) = (database.clone(), Arc::clone(&refusals));
        nodes.spawn(async move {
            let (mut lease, mut fence, mut done) = (node(number), None::<Fence>, 0);
            for round in 0..5_000_u64 {
                if refusals.load(Ordering::SeqCst) >= 20 {
                    break;
                }
                let Some(held) = fence.clone() else {
                    fence = lease.hold(&database).await.unwrap();
                    continue;
                };
                match work(&database, &held, round % 2 == 0).await {
                    Ok(()) => done += 1,
                    Err(Error::LeaseLost) => {
                        refusals.fetch_add(1, Ordering::SeqCst);
                        fence = None;
                    }
                    Err(error) => panic!("{error:?}"),
                }
                if round % 4 == 0 {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            done
        });
    }
    let done: i64 = nodes.join_all().await.into_iter().sum();
    assert_eq!(count(&database).await, done);
    assert!(refusals.load(Ordering::SeqCst) >= 20, "they hardly met");
}
