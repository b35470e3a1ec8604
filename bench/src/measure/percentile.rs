use std::time::Duration;

/// What so many in a hundred took at most, in microseconds.
pub fn percentile(took: &[Duration], percent: usize) -> f64 {
    let mut sorted = took.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(f64::NAN, |took| took.as_secs_f64() * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_in_a_hundred_took_no_longer() {
        let took: Vec<Duration> = (1..=200).rev().map(Duration::from_micros).collect();
        assert_eq!((percentile(&took, 50), percentile(&took, 99), percentile(&took, 100)), (100.0, 198.0, 200.0));
        assert_eq!(percentile(&took[..1], 50), 200.0);
        assert!(percentile(&[], 99).is_nan());
    }
}
