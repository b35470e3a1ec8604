//! A session's two clocks.
//!
//! 1. It ends by inactivity, which slides on authorize and token, and at a hard end, which never moves.
//! 2. Sliding is written when it moves by the smaller of 30 s and 1/60 of the time-out; what is stored is what is
//!    reported, so nobody is promised time that a crash could take back.
//! 3. A clock set back neither prolongs nor revives: sliding only moves forward, and never beyond the hard end.

use crate::server::Lifetimes;
use crate::time::{Span, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    pub inactivity_at: Timestamp,
    pub hard_end_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    Alive,
    /// Idle for too long: no sign-on any more, though tokens may still be refreshed until the hard end.
    Inactive,
    Ended,
}

impl SessionTimes {
    pub fn begin(lifetimes: &Lifetimes, now: Timestamp) -> Self {
        let hard_end_at = now + Span::seconds(lifetimes.session_seconds.into());
        let inactivity_at = now + Span::seconds(lifetimes.session_inactivity_seconds.into());
        Self { inactivity_at: inactivity_at.min(hard_end_at), hard_end_at, ended_at: None }
    }

    pub fn state(&self, now: Timestamp) -> SessionState {
        if self.ended_at.is_some() || now >= self.hard_end_at {
            SessionState::Ended
        } else if now >= self.inactivity_at {
            SessionState::Inactive
        } else {
            SessionState::Alive
        }
    }

    /// The inactivity time to write after use now, if it moved enough to be worth a write.
    pub fn slide(&self, lifetimes: &Lifetimes, now: Timestamp) -> Option<Timestamp> {
        if self.state(now) != SessionState::Alive {
            return None;
        }
        let timeout = Span::seconds(lifetimes.session_inactivity_seconds.into());
        let step = Span::seconds(30).min(Span(timeout.0 / 60));
        let wanted = (now + timeout).min(self.hard_end_at);
        (wanted.0 - self.inactivity_at.0 >= step.0.max(1)).then_some(wanted)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn lifetimes() -> Lifetimes {
        Lifetimes { session_inactivity_seconds: 1800, session_seconds: 43_200, ..Lifetimes::default() }
    }

    #[test]
    fn small_steps_are_not_written() {
        let times = SessionTimes::begin(&lifetimes(), START);
        assert_eq!(times.slide(&lifetimes(), START + Span::seconds(29)), None);
        assert_eq!(times.slide(&lifetimes(), START + Span::seconds(30)), Some(START + Span::seconds(1830)));
    }

    #[test]
    fn an_inactive_session_does_not_come_back() {
        let times = SessionTimes::begin(&lifetimes(), START);
        let late = START + Span::seconds(1800);
        assert_eq!(times.state(late), SessionState::Inactive);
        assert_eq!(times.slide(&lifetimes(), late), None);
    }

    proptest! {
        #[test]
        fn use_in_any_order_never_passes_the_hard_end_and_never_shortens(uses in proptest::collection::vec(-5_000i64..60_000, 1..50)) {
            let begun = SessionTimes::begin(&lifetimes(), START);
            let mut times = begun;
            for second in uses {
                let now = START + Span::seconds(second);
                let before = times;
                if let Some(moved) = times.slide(&lifetimes(), now) {
                    prop_assert!(moved > before.inactivity_at);
                    times.inactivity_at = moved;
                }
                prop_assert!(times.inactivity_at <= begun.hard_end_at);
                prop_assert_eq!(times.hard_end_at, begun.hard_end_at);
                if now >= before.inactivity_at {
                    prop_assert_eq!(times, before);
                }
            }
        }
    }
}
