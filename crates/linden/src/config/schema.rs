//! The whole file as one type: for the JSON Schema, of which `docs/linden.schema.json` is a copy that a test compares.

use schemars::JsonSchema;
use serde::Serialize;

use super::{AuthSection, GatewaySection, ServicesSection};
use crate::log::LogConfig;
use crate::reading;

/// Sections of which each command reads its own, and `[log]`.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "The configuration of `linden auth`, `linden gateway` and `linden services`")]
pub(super) struct File {
    #[serde(default)]
    log: LogConfig,
    auth: Option<AuthSection>,
    gateway: Option<GatewaySection>,
    services: Option<ServicesSection>,
}

pub fn schema() -> String {
    reading::schema::<File>()
}
