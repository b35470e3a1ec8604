use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::values::FilePath;

/// TLS by files, which are read again when they change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TlsSection {
    /// PEM file with the certificate and those that sign it.
    pub certificate: FilePath,
    /// PEM file with the private key.
    pub key: FilePath,
}
