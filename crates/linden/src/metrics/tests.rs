use std::collections::{BTreeMap, BTreeSet};

use super::*;

const DOCUMENT: &str = include_str!("../../../../docs/operations.md");
const RULES: &str = include_str!("../../../../docs/examples/linden.rules.yml");

/// Names in `` `backquotes` ``.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Every metric with its labels' names and values, as Prometheus sees them; `le` and what the configuration names apart.
fn exposed() -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let text = text(&new(), &Watched::default());
    let mut exposed = BTreeMap::<_, BTreeMap<_, BTreeSet<_>>>::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, _) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let known = exposed.entry(histogram.unwrap_or(name).to_owned()).or_default();
        for label in labels.trim_end_matches('}').split(',').filter(|label| !label.is_empty()) {
            let (label, value) = label.split_once('=').unwrap();
            if !matches!(label, "le" | "version") {
                known.entry(label.to_owned()).or_default().insert(value.trim_matches('"').to_owned());
            }
        }
    }
    exposed
}

/// The rows of the document's tables of metrics: the name, and what stands beside it.
fn documented() -> BTreeMap<String, &'static str> {
    let rows = DOCUMENT.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let metrics = rows.filter(|(name, _)| name.starts_with("linden_") || name.starts_with("process_"));
    metrics.map(|(name, rest)| (name.to_owned(), rest.split(" | ").next().unwrap())).collect()
}

#[test]
fn the_document_and_the_program_name_the_same_metrics_with_the_same_labels() {
    let (documented, mut exposed) = (documented(), exposed());
    // Their series are made of the names in the gateway's configuration.
    for name in ["linden_upstream_seconds", "linden_upstream_failures_total"] {
        assert!(exposed.insert(name.to_owned(), BTreeMap::new()).is_none(), "{name}");
    }
    let names = |of: Vec<&String>| of.into_iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(documented.keys().collect()), names(exposed.keys().collect()));
    for (name, labels) in &exposed {
        let told: BTreeSet<&str> = quoted(documented[name]).collect();
        for (label, values) in labels {
            assert!(told.contains(label.as_str()), "{name} does not tell its label {label}");
            // "… all but …" and "`1xx` … `5xx`" are told in words.
            if !documented[name].contains("all but") && label != "status" {
                for value in values {
                    assert!(told.contains(value.as_str()), "{name} does not tell {label}=\"{value}\"");
                }
            }
        }
    }
}

/// Few series: what is scraped does not grow with what is asked.
#[test]
fn the_text_is_of_a_size_that_is_known_beforehand() {
    let lines = text(&new(), &Watched::default()).lines().count();
    assert!(lines < 600, "{lines} lines");
}

#[test]
fn the_process_tells_of_itself() {
    let text = text(&new(), &Watched::default());
    let figure = |name: &str| -> f64 {
        let line =
            text.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap_or_else(|| panic!("{name}: {text}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(figure("process_resident_memory_bytes") > 1_000_000.0);
    assert!(figure("process_open_fds") > 2.0);
    assert!(figure("process_start_time_seconds") > 1_700_000_000.0);
    assert!(text.contains(concat!("linden_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1")));
}

#[derive(Debug, serde::Deserialize)]
struct Rules {
    groups: Vec<Group>,
}

#[derive(Debug, serde::Deserialize)]
struct Group {
    rules: Vec<Rule>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    alert: String,
    expr: String,
    #[serde(rename = "for")]
    lasting: String,
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

#[test]
fn the_example_rules_are_read_and_ask_for_what_there_is() {
    let rules: Rules = serde_yaml_ng::from_str(RULES).unwrap();
    let rules: Vec<Rule> = rules.groups.into_iter().flat_map(|group| group.rules).collect();
    let exposed = exposed();
    for Rule { alert, expr, lasting, labels, annotations } in &rules {
        let count = |letter| expr.matches(letter).count();
        assert!(count('(') == count(')') && count('{') == count('}') && count('[') == count(']'), "{alert}: {expr}");
        assert!(lasting.ends_with(['m', 'h']) && annotations.contains_key("summary"), "{alert}");
        assert!(matches!(labels["severity"].as_str(), "critical" | "warning"), "{alert}");
        let words = expr.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        for name in words.filter(|word| word.starts_with("linden_")) {
            let name = name.strip_suffix("_bucket").unwrap_or(name);
            assert!(exposed.contains_key(name) || name.starts_with("linden_upstream_"), "{alert} asks for {name}");
        }
        assert!(DOCUMENT.contains(&format!("| `{alert}` |")), "docs/operations.md does not tell {alert}");
    }
    let told = DOCUMENT.lines().filter(|line| line.starts_with("| `Linden")).count();
    assert_eq!(told, rules.len());
}
