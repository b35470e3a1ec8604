//! What the machine and the program bring along: disk, clock, storefront.

use std::path::Path;
use std::time::UNIX_EPOCH;

use auth_core::time::{Span, Timestamp};
use rustix::fs::statvfs;

use super::finding::Finding;
use crate::storefront::Storefront;

/// Below this a day of sign-ins, or the log of one busy hour, may not find room.
const LEAST_FREE_BYTES: u64 = 256 * 1024 * 1024;
/// The program is younger than this: 2026-01-01T00:00:00Z.
const LONG_AGO: Timestamp = Timestamp::from_seconds(1_767_225_600);
const TOLERANCE: Span = Span::minutes(5);

pub fn disk_space(directory: &Path) -> Finding {
    match statvfs(directory) {
        Ok(found) => of_free_bytes(found.f_bavail.saturating_mul(found.f_frsize)),
        Err(error) => Finding::wrong("disk", format!("its free space is not told: {error}"), "df shows it"),
    }
}

fn of_free_bytes(free: u64) -> Finding {
    let free_mebibytes = free / (1024 * 1024);
    match free >= LEAST_FREE_BYTES {
        true => Finding::fine("disk", format!("{free_mebibytes} MiB are free")),
        false => Finding::wrong(
            "disk",
            format!("only {free_mebibytes} MiB are free; a full disk stops sign-ins"),
            "make room for 256 MiB at least, or move the directory",
        ),
    }
}

/// Files that were written later than now tell that the clock was set back since: sessions and codes would live on.
pub fn clock(directory: &Path, now: Timestamp) -> Finding {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let written = entries.filter_map(|entry| {
        let since_epoch = entry.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Timestamp(i64::try_from(since_epoch.as_micros()).ok()?))
    });
    of_times(now, written.max())
}

/// Where nothing of ours tells when it was written.
pub fn clock_alone(now: Timestamp) -> Finding {
    of_times(now, None)
}

fn of_times(now: Timestamp, last_written: Option<Timestamp>) -> Finding {
    let advice = "set the clock (timedatectl set-ntp true)";
    if now < LONG_AGO {
        Finding::wrong("clock", "stands before 2026, when this program was made", advice)
    } else if last_written.is_some_and(|written| written > now + TOLERANCE) {
        Finding::wrong("clock", "was set back: files here were written later than now", advice)
    } else {
        Finding::fine("clock", "is plausible")
    }
}

pub fn storefront() -> Finding {
    of_storefront(Storefront::get("index.html").is_some())
}

fn of_storefront(is_there: bool) -> Finding {
    match is_there {
        true => Finding::fine("storefront", "is in this program"),
        false => Finding::wrong(
            "storefront",
            "is not in this program, which was built before it",
            "npm ci && npm run build && npm run build -w apps/storefront, then build linden again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Fine, Wrong};
    use super::*;

    #[test]
    fn little_room_is_wrong() {
        assert_eq!(of_free_bytes(LEAST_FREE_BYTES).verdict, Fine);
        assert_eq!(of_free_bytes(LEAST_FREE_BYTES - 1).verdict, Wrong);
    }

    #[test]
    fn a_clock_that_stands_before_the_past_is_wrong() {
        let now = LONG_AGO + Span::minutes(100);
        assert_eq!(of_times(now, None).verdict, Fine);
        assert_eq!(of_times(now, Some(now + TOLERANCE)).verdict, Fine);
        assert_eq!(of_times(now, Some(now + TOLERANCE + Span(1))).verdict, Wrong);
        assert_eq!(of_times(LONG_AGO - Span(1), None).verdict, Wrong);
    }

    #[test]
    fn a_program_without_the_storefront_says_how_it_gets_one() {
        assert_eq!(of_storefront(true).verdict, Fine);
        let without = of_storefront(false);
        assert_eq!(without.verdict, Wrong);
        assert!(without.advice.unwrap().contains("-w apps/storefront"));
    }
}
