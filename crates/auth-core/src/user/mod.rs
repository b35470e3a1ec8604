//! Users: who can sign in at one authorization server, and the canonical names by which they are found.

mod attributes;
mod canonical;

pub use attributes::{AttributeValue, Attributes, InvalidAttributes, VALUE_BYTES, is_attribute_name};
pub use canonical::{Identifier, InvalidIdentifier, canonical_email, canonical_username};

use auth_protocol::claims::UserType;
use auth_protocol::id::{AccountId, CustomerContextId, CustomerId, UserId};
use auth_protocol::permission::Permission;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub user_type: UserType,
    pub username: String,
    pub email: Option<String>,
    pub full_name: Option<String>,
    pub phone: Option<String>,
    pub customer_id: Option<CustomerId>,
    pub customer_context_id: Option<CustomerContextId>,
    pub roles: Vec<String>,
    /// Permissions of their own, beside those of their roles.
    pub permissions: Vec<Permission>,
    pub attributes: Attributes,
    pub enabled: bool,
}

/// That a customer belongs to an account, with the roles that count only there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub account_id: AccountId,
    pub roles: Vec<String>,
    /// Nearest first.
    pub parent_accounts: Vec<AccountId>,
}
