//! How old what the gateway remembers of applications may be. All is in memory and tokio's clock is paused, so that seconds
//! pass when nothing else is to be done.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::origin::Origin;

/// Questions about hosts and about applications so far.
fn asked(origin: &Origin) -> [usize; 2] {
    [&origin.seen.hosts, &origin.seen.resolutions].map(|count| count.load(Ordering::SeqCst))
}

async fn status(origin: &Origin) -> u16 {
    origin.get("/api/cart/lists").await.status()
}

async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_is_used_for_as_long_as_nothing_changed() {
    let origin = Origin::new();
    for _ in 0..10 {
        assert_eq!(status(&origin).await, 200);
        pass(60).await;
    }
    assert_eq!(asked(&origin), [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn what_changed_is_asked_for_anew_within_two_seconds() {
    let origin = Origin::new();
    status(&origin).await;
    for change in 1..=10 {
        origin.seen.generation.fetch_add(1, Ordering::SeqCst);
        pass(2).await;
        for _ in 0..3 {
            assert_eq!(status(&origin).await, 200);
        }
        assert_eq!(asked(&origin), [1 + change, 1 + change], "once for each change");
    }
}

#[tokio::test(start_paused = true)]
async fn while_nobody_can_tell_what_changed_applications_are_used_for_a_minute() {
    let origin = Origin::new();
    status(&origin).await;
    pass(10).await;
    origin.seen.tenant_is_broken.store(true, Ordering::SeqCst);
    pass(58).await;
    assert_eq!(status(&origin).await, 200);
    pass(3).await;
    assert_eq!(status(&origin).await, 503);
    origin.seen.tenant_is_broken.store(false, Ordering::SeqCst);
    assert_eq!(status(&origin).await, 200, "asked anew before the number is known again");
    pass(2).await;
    status(&origin).await;
    let before = asked(&origin);
    pass(600).await;
    assert_eq!(status(&origin).await, 200);
    assert_eq!(asked(&origin), before, "remembered as ever");
}

/// As behind a tenant service of an older version: slower, and right.
#[tokio::test(start_paused = true)]
async fn without_the_number_every_request_asks() {
    let origin = Origin::new();
    origin.seen.generation_is_unknown.store(true, Ordering::SeqCst);
    for count in 1..=3 {
        assert_eq!(status(&origin).await, 200);
        assert_eq!(asked(&origin), [count, count]);
        pass(10).await;
    }
}
