//! When an identifier is locked (the server's `lock_out` settings).
//!
//! 1. Failures older than the decay no longer count.
//! 2. As many failures in a row as are allowed are forgiven; the next one locks.
//! 3. A lock ends by itself after its duration, if it has one; what was counted before it is then forgotten.
//! 4. A success forgets what was counted; a locked identifier does not succeed, whatever the password.

use crate::server::LockOut;
use crate::time::{Span, Timestamp};

/// What is remembered of an identifier's failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailureRecord {
    pub failures: u32,
    pub last_failed_at: Timestamp,
    pub locked_at: Option<Timestamp>,
}

pub fn is_locked(policy: &LockOut, record: Option<&FailureRecord>, now: Timestamp) -> bool {
    let Some(locked_at) = record.and_then(|record| record.locked_at) else { return false };
    match policy.duration_minutes {
        Some(minutes) => now.since(locked_at) < Span::minutes(minutes.into()),
        None => true,
    }
}

/// The record after one more failure now.
pub fn after_failure(policy: &LockOut, record: Option<&FailureRecord>, now: Timestamp) -> FailureRecord {
    let counted = record.map_or(0, |record| {
        let decayed = policy
            .decay_minutes
            .is_some_and(|minutes| now.since(record.last_failed_at) >= Span::minutes(minutes.into()));
        let lock_over = record.locked_at.is_some() && !is_locked(policy, Some(record), now);
        if decayed || lock_over { 0 } else { record.failures }
    });
    let still_locked = record.filter(|record| is_locked(policy, Some(record), now)).and_then(|record| record.locked_at);
    let failures = counted.saturating_add(1);
    let locks = policy.failed_sign_ins_allowed > 0 && failures > policy.failed_sign_ins_allowed;
    FailureRecord { failures, last_failed_at: now, locked_at: still_locked.or(locks.then_some(now)) }
}

/// How long the answer to a failure waits: nothing at first, then doubling from a quarter of a second to four.
pub fn answer_delay(record: &FailureRecord) -> Span {
    match record.failures {
        0..=2 => Span(0),
        more => Span((250_000_i64 << (more - 3).min(4)).min(4_000_000)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: LockOut = LockOut { failed_sign_ins_allowed: 5, duration_minutes: Some(15), decay_minutes: Some(60) };

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_seconds(1_000_000) + Span::minutes(minute)
    }

    fn failing(policy: &LockOut, times: u32) -> FailureRecord {
        let first = after_failure(policy, None, at(0));
        (1..times).fold(first, |record, _| after_failure(policy, Some(&record), at(0)))
    }

    #[test]
    fn with_five_allowed_the_sixth_locks() {
        assert!(!is_locked(&POLICY, Some(&failing(&POLICY, 5)), at(0)));
        let sixth = failing(&POLICY, 6);
        assert!(is_locked(&POLICY, Some(&sixth), at(14)));
        assert!(!is_locked(&POLICY, Some(&sixth), at(15)));
        assert_eq!(after_failure(&POLICY, Some(&sixth), at(15)).failures, 1);
    }

    #[test]
    fn old_failures_do_not_count_and_a_lock_is_not_prolonged() {
        let fifth = failing(&POLICY, 5);
        assert_eq!(after_failure(&POLICY, Some(&fifth), at(60)).failures, 1);
        let locked = failing(&POLICY, 6);
        assert_eq!(after_failure(&POLICY, Some(&locked), at(10)).locked_at, Some(at(0)));
    }

    #[test]
    fn without_a_limit_nothing_locks_and_without_a_duration_nothing_unlocks() {
        let unlimited = LockOut { failed_sign_ins_allowed: 0, ..POLICY };
        assert!(!is_locked(&unlimited, Some(&failing(&unlimited, 1000)), at(0)));
        let forever = LockOut { duration_minutes: None, ..POLICY };
        assert!(is_locked(&forever, Some(&failing(&forever, 6)), at(1_000_000)));
    }

    #[test]
    fn answers_wait_longer_the_more_failures_there_were() {
        let waits: Vec<i64> = (1..10).map(|times| answer_delay(&failing(&POLICY, times)).0 / 1000).collect();
        assert_eq!(waits, [0, 0, 250, 500, 1000, 2000, 4000, 4000, 4000]);
    }

    proptest! {
        #[test]
        fn a_clock_set_back_never_unlocks_early(back in 0i64..10_000) {
            let locked = failing(&POLICY, 6);
            prop_assert!(is_locked(&POLICY, Some(&locked), at(-back)));
        }
    }
}
