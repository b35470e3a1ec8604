use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Measured, Unit};

/// What a figure must reach, or aims at.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    pub bound: f64,
    side: Side,
    unit: Unit,
    /// CPU time an operation, at most this multiple of the base's.
    processor: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Side {
    AtLeast,
    AtMost,
}

impl Limit {
    /// Of a ratio.
    pub const fn at_least(ratio: f64) -> Self {
        Self { bound: ratio, side: Side::AtLeast, unit: Unit::Ratio, processor: None }
    }

    pub const fn at_most(bound: f64, unit: Unit) -> Self {
        Self { bound, side: Side::AtMost, unit, processor: None }
    }

    pub const fn within(self, processor: f64) -> Self {
        Self { processor: Some(processor), ..self }
    }

    pub fn reached(&self, measured: &Measured) -> bool {
        let value = measured.value();
        let reached = match self.side {
            Side::AtLeast => value >= self.bound,
            Side::AtMost => value <= self.bound,
        };
        let processor = match measured {
            Measured::Ratio { processor_ratio, .. } => processor_ratio.median,
            Measured::Amount { .. } => 0.0,
        };
        reached && self.processor.is_none_or(|most| processor <= most)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.side {
            Side::AtLeast => "≥ ",
            Side::AtMost => "≤ ",
        })?;
        f.write_str(&self.unit.say(self.bound))?;
        self.processor.map_or(Ok(()), |most| write!(f, ", CPU ≤ {most:.2}"))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Aim,
    Must,
    Missed,
    ForComparison,
}

impl Outcome {
    pub fn of(measured: &Measured, must: Limit, aim: Limit) -> Self {
        match (must.reached(measured), aim.reached(measured)) {
            (true, true) => Outcome::Aim,
            (true, false) => Outcome::Must,
            (false, _) => Outcome::Missed,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Aim => "aim met",
            Outcome::Must => "must met",
            Outcome::Missed => "missed",
            Outcome::ForComparison => "–",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::spread;

    fn amount(milliseconds: f64) -> Measured {
        Measured::Amount { unit: Unit::Milliseconds, linden: spread([milliseconds]), base: None }
    }

    #[test]
    fn must_and_aim_are_told_apart() {
        let (must, aim) = (Limit::at_most(200.0, Unit::Milliseconds), Limit::at_most(80.0, Unit::Milliseconds));
        assert_eq!(Outcome::of(&amount(70.0), must, aim), Outcome::Aim);
        assert_eq!(Outcome::of(&amount(90.0), must, aim), Outcome::Must);
        assert_eq!(Outcome::of(&amount(201.0), must, aim), Outcome::Missed);
    }

    #[test]
    fn limits_say_what_they_ask() {
        assert_eq!(Limit::at_least(0.8).within(1.25).to_string(), "≥ 0.80, CPU ≤ 1.25");
        assert_eq!(Limit::at_most(40.0, Unit::Mebibytes).to_string(), "≤ 40.0 MiB");
    }
}
