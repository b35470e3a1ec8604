use std::time::Duration;

use tokio::time::Instant;

/// What moves in a lease's row when its holder lives, or changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) epoch: i64,
    pub(super) renewals: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Wait,
    Take,
}

/// What a node saw of another's lease, and since when it has not moved.
pub(super) struct Watch {
    length: Duration,
    seen: Option<(Seen, Instant)>,
}

impl Watch {
    pub(super) fn new(length: Duration) -> Watch {
        Watch { length, seen: None }
    }

    /// The row stood like this at some moment between the question and its answer. Both ends are taken so that the holder
    /// always has the whole length: the wait begins when the first answer came and is over when the last question was asked.
    pub(super) fn saw(&mut self, seen: Seen, asked_at: Instant, answered_at: Instant) -> Verdict {
        match self.seen {
            Some((before, since)) if before == seen => {
                let still = asked_at.saturating_duration_since(since);
                if still >= self.length { Verdict::Take } else { Verdict::Wait }
            }
            _ => {
                self.seen = Some((seen, answered_at));
                Verdict::Wait
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Duration = Duration::from_secs(60);

    /// Asked and answered at these seconds; what was seen then.
    fn verdicts(observations: &[(u64, u64, i64)]) -> Vec<Verdict> {
        let start = Instant::now();
        let at = |second: u64| start + Duration::from_secs(second);
        let mut watch = Watch::new(LENGTH);
        let saw = |&(asked, answered, renewals): &(u64, u64, i64)| {
            watch.saw(Seen { epoch: 1, renewals }, at(asked), at(answered))
        };
        observations.iter().map(saw).collect()
    }

    #[test]
    fn a_lease_is_over_when_nothing_moved_for_its_length() {
        use Verdict::{Take, Wait};
        assert_eq!(verdicts(&[(0, 0, 7), (59, 59, 7), (60, 60, 7)]), [Wait, Wait, Take]);
        assert_eq!(
            verdicts(&[(0, 0, 7), (59, 59, 8), (60, 60, 8), (118, 118, 8), (119, 119, 8)])[2..],
            [Wait, Wait, Take]
        );
    }

    /// A slow answer tells of the row at an unknown moment: it never shortens the holder's time.
    #[test]
    fn a_slow_answer_is_counted_for_the_holder() {
        use Verdict::{Take, Wait};
        assert_eq!(verdicts(&[(0, 50, 7), (100, 115, 7), (110, 125, 7)]), [Wait, Wait, Take]);
    }

    #[test]
    fn the_first_sight_of_a_lease_never_takes_it() {
        assert_eq!(verdicts(&[(1_000_000, 1_000_000, 7)]), [Verdict::Wait]);
    }
}
