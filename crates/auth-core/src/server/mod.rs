//! An authorization server: a pool of users with one issuer, one set of keys, policies and pages.

mod claim_mapping;
mod settings;

pub use claim_mapping::{ClaimMapping, ClaimPlace};
pub use settings::{KeyRotation, Lifetimes, Limits, LockOut, ServerSettings};

use auth_protocol::claims::UserType;
use auth_protocol::id::{ServerId, TenantId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub id: ServerId,
    pub tenant_id: TenantId,
    /// Unique on the installation; in cookie names where one host serves several.
    pub name: String,
    /// What pages call it.
    pub friendly_name: String,
    /// Its base URL and issuer, without a slash at the end.
    pub issuer: String,
    pub user_type: UserType,
    pub settings: ServerSettings,
}
