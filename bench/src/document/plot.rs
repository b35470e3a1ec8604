//! One SVG a figure: a dot for each round, a bar at the median, lines where must and aim lie.

use anyhow::{Result, anyhow};
use plotters::prelude::*;

use crate::report::{Measured, Row, SdkSize, Unit};

const LINE: u32 = 46;
const MARGIN: u32 = 56;
/// From nothing to the most that is drawn.
const AXIS: u32 = 370;
const LABELS: u32 = 90;
/// Of a letter, at the size of names; and beside a name.
const LETTER: f64 = 6.7;
const GAP: u32 = 24;
const LINDEN: RGBColor = RGBColor(0x1f, 0x6f, 0x54);
const OTHERS: RGBColor = RGBColor(0x7a, 0x82, 0x8c);
const MUST: RGBColor = RGBColor(0xb4, 0x2d, 0x2d);
const AIM: RGBColor = RGBColor(0x9a, 0x6b, 0x00);
const TEXT: RGBColor = RGBColor(0x22, 0x26, 0x2b);

/// One line of a plot.
struct Bar {
    name: String,
    label: String,
    /// Values of one unit share a scale; those of two cannot.
    unit: Unit,
    value: f64,
    rounds: Vec<f64>,
    marks: Vec<(f64, RGBColor)>,
    colour: RGBColor,
}

impl Bar {
    fn most(&self) -> f64 {
        let marks = self.marks.iter().map(|(at, _)| *at);
        self.rounds.iter().copied().chain(marks).chain([self.value]).fold(f64::MIN_POSITIVE, f64::max)
    }
}

pub fn rounds(rows: &[&Row]) -> Result<String> {
    let mut bars = Vec::new();
    for row in rows {
        let marks = [(row.must, MUST), (row.aim, AIM)];
        let spread = row.measured.spread();
        bars.push(Bar {
            name: row.name.replace('`', ""),
            unit: row.measured.unit(),
            label: row.measured.unit().say(spread.median),
            value: spread.median,
            rounds: spread.each.clone(),
            marks: marks.into_iter().filter_map(|(limit, colour)| Some((limit?.bound, colour))).collect(),
            colour: LINDEN,
        });
        if let Measured::Amount { base: Some(base), unit, .. } = &row.measured {
            bars.push(Bar {
                name: row.against.clone(),
                unit: *unit,
                label: unit.say(base.median),
                value: base.median,
                rounds: base.each.clone(),
                marks: Vec::new(),
                colour: OTHERS,
            });
        }
    }
    draw(&bars, "red: must · amber: aim · a dot a round")
}

pub fn sizes(sizes: &[SdkSize]) -> Result<String> {
    let bars: Vec<Bar> = sizes
        .iter()
        .map(|size| Bar {
            name: format!("{} {}", size.name, size.version),
            unit: Unit::Megabytes,
            label: format!("{:.1} kB", size.at_once as f64 / 1000.0),
            value: size.at_once as f64 / 1e6,
            rounds: Vec::new(),
            marks: Vec::new(),
            colour: if size.name.starts_with("@linden/") { LINDEN } else { OTHERS },
        })
        .collect();
    draw(&bars, "bytes loaded at once, minified and gzipped")
}

fn draw(bars: &[Bar], legend: &str) -> Result<String> {
    let longest = bars.iter().map(|bar| bar.name.chars().count()).max().unwrap_or_default();
    let names = (longest as f64 * LETTER) as u32 + GAP;
    let (width, height) = (names + AXIS + LABELS, LINE * bars.len() as u32 + MARGIN);
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
        area.fill(&WHITE).map_err(unplotted)?;
        let font = |size: i32, colour: RGBColor| ("sans-serif", size).into_font().color(&colour);
        for (place, bar) in bars.iter().enumerate() {
            let most = bars.iter().filter(|other| other.unit == bar.unit).map(Bar::most).fold(0.0, f64::max);
            let across = |value: f64| names as i32 + (value / most * f64::from(AXIS)) as i32;
            let top = (LINE * place as u32 + 12) as i32;
            let (middle, bottom) = (top + 13, top + 26);
            area.draw_text(&bar.name, &font(14, TEXT), (12, middle - 7)).map_err(unplotted)?;
            let body = Rectangle::new([(across(0.0), top), (across(bar.value), bottom)], bar.colour.mix(0.35).filled());
            area.draw(&body).map_err(unplotted)?;
            for (at, colour) in &bar.marks {
                let line =
                    PathElement::new([(across(*at), top - 6), (across(*at), bottom + 6)], colour.stroke_width(2));
                area.draw(&line).map_err(unplotted)?;
            }
            for round in &bar.rounds {
                area.draw(&Circle::new((across(*round), middle), 3, bar.colour.filled())).map_err(unplotted)?;
            }
            let beside = (names + AXIS) as i32 + 12;
            area.draw_text(&bar.label, &font(14, TEXT), (beside, middle - 7)).map_err(unplotted)?;
        }
        area.draw_text(legend, &font(12, OTHERS), (12, height as i32 - 26)).map_err(unplotted)?;
        area.present().map_err(unplotted)?;
    }
    Ok(svg)
}

fn unplotted(error: impl std::fmt::Display) -> anyhow::Error {
    anyhow!("a plot could not be drawn: {error}")
}
