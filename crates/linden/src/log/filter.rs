//! How much is logged. A bare level is meant for the program's own crates: what libraries say at `debug` and `trace` may
//! be heads of requests, with all that is secret in them, so they stay at `info` unless somebody names one
//! (`h2=trace`).

use tracing_subscriber::EnvFilter;

use super::LogLevel;

pub const OWN_CRATES: [&str; 10] = [
    "auth_core",
    "auth_protocol",
    "auth_server",
    "auth_store",
    "commerce",
    "database",
    "gateway",
    "linden",
    "resource_guard",
    "telemetry",
];

impl LogLevel {
    fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// `wanted` as `LINDEN_LOG` says it: levels, and levels of single crates. One that cannot be read is told and passed over.
pub fn filter(wanted: Option<&str>, configured: LogLevel) -> EnvFilter {
    let wanted = wanted.filter(|wanted| !wanted.trim().is_empty());
    let read = wanted.map(|wanted| EnvFilter::try_new(bounded(wanted)));
    match read {
        Some(Ok(filter)) => filter,
        Some(Err(error)) => {
            eprintln!("linden: LINDEN_LOG is not read: {error}");
            EnvFilter::new(bounded(configured.name()))
        }
        None => EnvFilter::new(bounded(configured.name())),
    }
}

/// The same with bare levels below `info` held to our own crates.
fn bounded(directives: &str) -> String {
    let each = directives.split(',').map(str::trim).filter(|directive| !directive.is_empty());
    let bounded = each.map(|directive| {
        let is_talkative = ["debug", "trace", "4", "5"].iter().any(|level| directive.eq_ignore_ascii_case(level));
        match is_talkative {
            true => format!("info,{}", OWN_CRATES.map(|own| format!("{own}={directive}")).join(",")),
            false => directive.to_owned(),
        }
    });
    bounded.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_level_is_for_our_own_crates() {
        let told = bounded("Trace");
        assert!(told.starts_with("info,auth_core=Trace,") && told.contains(",linden=Trace"), "{told}");
        assert_eq!(bounded("warn, h2=trace"), "warn,h2=trace");
        assert_eq!(bounded("gateway=debug"), "gateway=debug");
    }

    #[test]
    fn what_cannot_be_read_leaves_the_configured_level() {
        assert_eq!(filter(Some("gateway=loud"), LogLevel::Error).to_string(), "error");
        assert_eq!(filter(Some(" "), LogLevel::Info).to_string(), "info");
        assert_eq!(filter(None, LogLevel::Warn).to_string(), "warn");
    }

    #[test]
    fn every_crate_that_the_program_is_made_of_is_listed() {
        let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut found: Vec<String> = std::fs::read_dir(crates)
            .unwrap()
            .filter_map(|entry| entry.unwrap().file_name().into_string().ok())
            .filter(|name| !matches!(name.as_str(), "test-kit" | "xtask"))
            .map(|name| name.replace('-', "_"))
            .collect();
        found.sort();
        assert_eq!(found, OWN_CRATES);
    }
}
