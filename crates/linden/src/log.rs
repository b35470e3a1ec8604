//! What the program logs: one line an event, to stderr, each with the request that it is about. stdout carries what
//! other programs read: ready lines and secrets shown once.

mod filter;
mod line;

use std::io::IsTerminal;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::fmt::format::JsonFields;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Registry, fmt};

use self::line::{HumanFields, JsonLine};

/// `[log]`: how much is logged, and in which form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `human` for people, `json` for programs: one object a line.
    pub format: LogFormat,
    /// `error`, `warn`, `info` (a line a request), `debug` (why something was refused) or `trace`; other crates stay at
    /// `info` at most. The environment's `LINDEN_LOG` goes before it.
    pub level: LogLevel,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    #[default]
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Error,
    #[default]
    Warn,
    Info,
    Debug,
    Trace,
}

impl LogConfig {
    /// For commands that read no configuration file: `LINDEN__LOG__FORMAT` and `LINDEN__LOG__LEVEL`, as they go before a
    /// file's too.
    pub fn of_environment() -> anyhow::Result<Self> {
        let mut values = toml::Table::new();
        for (name, variable) in [("format", "LINDEN__LOG__FORMAT"), ("level", "LINDEN__LOG__LEVEL")] {
            if let Ok(value) = std::env::var(variable) {
                values.insert(name.to_owned(), value.into());
            }
        }
        values.try_into().map_err(|error: toml::de::Error| anyhow::anyhow!("LINDEN__LOG__…: {}", error.message()))
    }
}

/// Logs from now on. The first set-up of a process counts.
pub fn set_up(config: &LogConfig) {
    let wanted = std::env::var("LINDEN_LOG").ok();
    let filter = filter::filter(wanted.as_deref(), config.level);
    // Where a line finds no room, that would be said on stderr, too, and the thread that logs would end by it.
    let lines = fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    let set = match config.format {
        LogFormat::Human => {
            let lines = lines.with_ansi(std::io::stderr().is_terminal()).fmt_fields(HumanFields::default());
            Registry::default().with(filter).with(lines).try_init()
        }
        LogFormat::Json => {
            let lines = lines.with_ansi(false).fmt_fields(JsonFields::new());
            Registry::default().with(filter).with(lines.event_format(JsonLine::default())).try_init()
        }
    };
    if let Err(error) = set {
        eprintln!("linden: {error}");
    }
}
