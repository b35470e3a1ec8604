use serde::{Deserialize, Serialize};

/// Of one value in all rounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    pub median: f64,
    pub least: f64,
    pub most: f64,
    /// Round by round.
    pub each: Vec<f64>,
}

pub fn spread(values: impl IntoIterator<Item = f64>) -> Spread {
    let each: Vec<f64> = values.into_iter().collect();
    let mut values = each.clone();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let median = match values.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => (values[middle - 1] + values[middle]) / 2.0,
        _ => values[middle],
    };
    Spread {
        median,
        least: values.first().copied().unwrap_or(f64::NAN),
        most: values.last().copied().unwrap_or(f64::NAN),
        each,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_both_ends() {
        let odd = spread([3.0, 1.0, 2.0]);
        assert_eq!((odd.median, odd.least, odd.most), (2.0, 1.0, 3.0));
        assert_eq!(odd.each, [3.0, 1.0, 2.0], "in the order of the rounds");
        assert_eq!(spread([4.0, 1.0, 2.0, 3.0]).median, 2.5);
        assert!(spread([]).median.is_nan());
    }
}
