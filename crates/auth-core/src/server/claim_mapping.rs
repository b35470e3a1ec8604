use serde::{Deserialize, Serialize};

/// That an attribute of the user is told as a claim, where, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimMapping {
    pub attribute: String,
    pub claim: String,
    pub places: Vec<ClaimPlace>,
    /// Told to whoever was granted this scope; without one to first-party clients alone.
    pub scope: Option<String>,
    /// The longest value that is told, in bytes of JSON: what the size of a token is reckoned with.
    pub longest_bytes: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
pub enum ClaimPlace {
    AccessToken,
    IdToken,
    Userinfo,
}
