use serde::{Deserialize, Serialize};

use super::{Limit, Outcome};
use crate::measure::Spread;

#[derive(Debug, Serialize, Deserialize)]
pub struct Row {
    /// Such as `P1`.
    pub figure: String,
    pub name: String,
    /// What it is compared with, such as `floor`.
    pub against: String,
    pub measured: Measured,
    pub must: Option<Limit>,
    pub aim: Option<Limit>,
    pub outcome: Outcome,
    /// What else the run saw, such as who had the processor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// Operations a second, Linden's to the base's.
    Ratio {
        base_a_second: Spread,
        linden_a_second: Spread,
        ratio: Spread,
        /// CPU time of what the ratio below is taken to: the base's, or of a sign-in the hash alone.
        base_processor_micros: Spread,
        linden_processor_micros: Spread,
        processor_ratio: Spread,
    },
    Amount {
        unit: Unit,
        linden: Spread,
        base: Option<Spread>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Ratio,
    Microseconds,
    Milliseconds,
    Seconds,
    Mebibytes,
    Megabytes,
}

impl Unit {
    pub fn say(self, value: f64) -> String {
        match self {
            Unit::Ratio => format!("{value:.2}"),
            Unit::Microseconds => format!("{value:.0} µs"),
            Unit::Milliseconds => format!("{value:.0} ms"),
            Unit::Seconds => format!("{value:.1} s"),
            Unit::Mebibytes => format!("{value:.1} MiB"),
            Unit::Megabytes => format!("{value:.1} MB"),
        }
    }
}

impl Measured {
    pub fn unit(&self) -> Unit {
        match self {
            Measured::Ratio { .. } => Unit::Ratio,
            Measured::Amount { unit, .. } => *unit,
        }
    }

    /// The spread that limits speak of.
    pub fn spread(&self) -> &Spread {
        match self {
            Measured::Ratio { ratio, .. } => ratio,
            Measured::Amount { linden, .. } => linden,
        }
    }

    pub fn value(&self) -> f64 {
        self.spread().median
    }

    /// `0.89 [0.80–0.95]`, or `72 ms beside 60 ms`.
    pub fn say(&self) -> String {
        let unit = self.unit();
        let Spread { median, least, most, each } = self.spread();
        let spread = match each.len() {
            0 | 1 => unit.say(*median),
            _ => format!("{} [{}–{}]", unit.say(*median), unit.say(*least), unit.say(*most)),
        };
        match self {
            Measured::Amount { base: Some(base), .. } => format!("{spread} beside {}", unit.say(base.median)),
            _ => spread,
        }
    }

    /// CPU time an operation in microseconds, Linden's and the base's, and their ratio.
    pub fn say_processor(&self) -> [String; 2] {
        match self {
            Measured::Amount { .. } => [String::new(), String::new()],
            Measured::Ratio { linden_processor_micros, base_processor_micros, processor_ratio, .. } => [
                format!("{:.0} : {:.0}", linden_processor_micros.median, base_processor_micros.median),
                format!("{:.2}", processor_ratio.median),
            ],
        }
    }
}

impl Row {
    /// With limits that it must reach, and aims at.
    pub fn limited(figure: &str, name: &str, against: &str, measured: Measured, must: Limit, aim: Limit) -> Self {
        let outcome = Outcome::of(&measured, must, aim);
        Self { must: Some(must), aim: Some(aim), outcome, ..Self::compared(figure, name, against, measured) }
    }

    /// Measured beside the figures, without a limit.
    pub fn compared(figure: &str, name: &str, against: &str, measured: Measured) -> Self {
        Self {
            figure: figure.to_owned(),
            name: name.to_owned(),
            against: against.to_owned(),
            measured,
            must: None,
            aim: None,
            outcome: Outcome::ForComparison,
            note: None,
        }
    }

    pub fn noting(self, note: String) -> Self {
        Self { note: Some(note), ..self }
    }

    pub(super) fn line(&self) -> String {
        let (base, linden) = match &self.measured {
            Measured::Ratio { base_a_second, linden_a_second, .. } => {
                (format!("{:.0}", base_a_second.median), format!("{:.0}", linden_a_second.median))
            }
            Measured::Amount { .. } => (String::new(), String::new()),
        };
        let [micros, processor] = self.measured.say_processor();
        let limit = |limit: &Option<Limit>| limit.map_or_else(|| "–".to_owned(), |limit| limit.to_string());
        columns([
            &self.figure,
            &self.name,
            &base,
            &linden,
            &self.measured.say(),
            &micros,
            &processor,
            &limit(&self.must),
            &limit(&self.aim),
            &self.outcome.to_string(),
        ])
    }
}

pub(super) fn heading() -> String {
    columns(["", "figure", "base /s", "Linden /s", "", "CPU µs", "CPU ratio", "must", "aim", ""])
}

fn columns([figure, name, base, linden, value, micros, processor, must, aim, outcome]: [&str; 10]) -> String {
    format!(
        "{figure:<6}{name:<56}{base:>9}{linden:>11}  {value:<30}{micros:>15}  {processor:<10}{must:<20}{aim:<20}{outcome}"
    )
}
