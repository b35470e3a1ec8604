use auth_protocol::jws::Algorithm;
use serde::{Deserialize, Serialize};

use super::ClaimMapping;

/// What an operator decides for a server; every value has a default (the contract's table of lifetimes).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSettings {
    /// What access tokens name as their audience beside the issuer; services require it.
    pub api_audience: String,
    pub access_token_algorithm: Algorithm,
    /// Absent means what suits each client.
    pub id_token_algorithm: Option<Algorithm>,
    pub lifetimes: Lifetimes,
    pub lock_out: LockOut,
    pub limits: Limits,
    pub keys: KeyRotation,
    /// How long the audit trail keeps its events.
    pub audit_days: u32,
    /// Which attributes of users are told as claims.
    pub claims: Vec<ClaimMapping>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            api_audience: "linden-api".to_owned(),
            access_token_algorithm: Algorithm::Es256,
            id_token_algorithm: None,
            lifetimes: Lifetimes::default(),
            lock_out: LockOut::default(),
            limits: Limits::default(),
            keys: KeyRotation::default(),
            audit_days: 400,
            claims: Vec::new(),
        }
    }
}

/// All in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Lifetimes {
    pub code_seconds: u32,
    pub access_token_seconds: u32,
    pub id_token_seconds: u32,
    /// A session ends after this time without an authorization or a token.
    pub session_inactivity_seconds: u32,
    /// A session ends this long after the sign-in, whatever happens.
    pub session_seconds: u32,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            code_seconds: 60,
            access_token_seconds: 300,
            id_token_seconds: 300,
            session_inactivity_seconds: 30 * 60,
            session_seconds: 12 * 60 * 60,
        }
    }
}

/// How failed sign-ins are answered. Counted by canonical identifier, whether such a user exists or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LockOut {
    /// Failures in a row that are forgiven: with 5 the sixth locks. 0 never locks.
    pub failed_sign_ins_allowed: u32,
    /// How long a lock lasts; absent means until an operator lifts it.
    pub duration_minutes: Option<u32>,
    /// Failures older than this no longer count; absent means that they always do.
    pub decay_minutes: Option<u32>,
}

impl Default for LockOut {
    fn default() -> Self {
        Self { failed_sign_ins_allowed: 10, duration_minutes: Some(15), decay_minutes: Some(60) }
    }
}

/// What a request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// The largest form that is read.
    pub form_bytes: u32,
    /// How long a request may wait for its sign-in form.
    pub sign_in_minutes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { form_bytes: 64 * 1024, sign_in_minutes: 30 }
    }
}

/// When signing keys are replaced (`crate::signing_key`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyRotation {
    /// How long a key signs; 0 means until an operator rotates.
    pub rotation_days: u32,
    /// How long a key is published before it signs: longer than anybody keeps a key set.
    pub publish_hours: u32,
}

impl Default for KeyRotation {
    fn default() -> Self {
        Self { rotation_days: 90, publish_hours: 24 }
    }
}
