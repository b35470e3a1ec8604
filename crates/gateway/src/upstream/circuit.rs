use std::time::Duration;

use tokio::time::Instant;

/// Failures in a row after which an address is left alone.
const FAILURES: u32 = 3;
const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(8);

/// Whether an address is worth a connection, judged by how the last ones went. After some failures in a row it rests; then
/// one request at a time may try it, and the first that gets through has it back among the others.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Circuit {
    /// Whether a request may go there now; otherwise when one may.
    pub(super) fn admit(&mut self, now: Instant) -> Result<(), Instant> {
        match self.rests_until {
            None => Ok(()),
            Some(until) if now < until => Err(until),
            // The one that tries may never tell, so the next one's turn is a matter of time.
            Some(_) => {
                self.rests_until = Some(now + self.rest());
                Ok(())
            }
        }
    }

    pub(super) fn connected(&mut self) {
        *self = Self::default();
    }

    /// Whether it rests from now on.
    pub(super) fn failed(&mut self, now: Instant) -> bool {
        self.failures = self.failures.saturating_add(1);
        if self.failures >= FAILURES {
            self.rests_until = Some(now + self.rest());
        }
        self.failures == FAILURES
    }

    fn rest(&self) -> Duration {
        let doublings = self.failures.saturating_sub(FAILURES).min(8);
        (FIRST_REST * 2_u32.pow(doublings)).min(LONGEST_REST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(times: u32, now: Instant) -> Circuit {
        let mut circuit = Circuit::default();
        for _ in 0..times {
            circuit.failed(now);
        }
        circuit
    }

    #[test]
    fn failures_in_a_row_make_it_rest_and_others_do_not() {
        let now = Instant::now();
        assert_eq!(failing(2, now).admit(now), Ok(()));
        assert_eq!(failing(3, now).admit(now), Err(now + FIRST_REST));
        let mut between = failing(2, now);
        between.connected();
        between.failed(now);
        assert_eq!(between.admit(now), Ok(()));
    }

    #[test]
    fn after_its_rest_one_tries_and_the_others_wait_for_the_outcome() {
        let now = Instant::now();
        let mut circuit = failing(3, now);
        let later = now + FIRST_REST;
        assert_eq!(circuit.admit(later), Ok(()));
        assert_eq!(circuit.admit(later), Err(later + FIRST_REST));
        circuit.connected();
        assert_eq!(circuit.admit(later), Ok(()));
    }

    #[test]
    fn each_vain_try_makes_the_rest_longer_up_to_a_bound() {
        let now = Instant::now();
        let mut circuit = failing(3, now);
        circuit.failed(now);
        assert_eq!(circuit.admit(now), Err(now + 2 * FIRST_REST));
        let mut worn_out = failing(u32::from(u16::MAX), now);
        assert_eq!(worn_out.admit(now), Err(now + LONGEST_REST));
        assert_eq!(worn_out.admit(now + LONGEST_REST), Ok(()), "one who never tells does not bar it for ever");
        assert_eq!(worn_out.admit(now + LONGEST_REST), Err(now + 2 * LONGEST_REST));
        assert_eq!(worn_out.admit(now + 2 * LONGEST_REST), Ok(()));
    }
}
