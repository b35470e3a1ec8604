//! Permissions: a root (`PAYMENT`) and what may be done with it (`READ_PAYMENT`, `ALL_PAYMENT`).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a permission is READ_, CREATE_, UPDATE_, DELETE_ or ALL_ before a root of A-Z, 0-9 and _")]
pub struct InvalidPermission;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Operation {
    Read,
    Create,
    Update,
    Delete,
    All,
}

impl Operation {
    pub const EVERY: [Operation; 5] =
        [Operation::Read, Operation::Create, Operation::Update, Operation::Delete, Operation::All];

    pub const fn name(self) -> &'static str {
        match self {
            Operation::Read => "READ",
            Operation::Create => "CREATE",
            Operation::Update => "UPDATE",
            Operation::Delete => "DELETE",
            Operation::All => "ALL",
        }
    }
}

/// What permissions are about: `ITEM_LIST`, `PAYMENT`, …
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", inline))]
pub struct PermissionRoot(String);

impl PermissionRoot {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PermissionRoot {
    type Err = InvalidPermission;
    fn from_str(text: &str) -> Result<Self, InvalidPermission> {
        let well_formed = text.starts_with(|first: char| first.is_ascii_uppercase())
            && text.len() <= 64
            && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
        if well_formed { Ok(Self(text.to_owned())) } else { Err(InvalidPermission) }
    }
}

impl TryFrom<String> for PermissionRoot {
    type Error = InvalidPermission;
    fn try_from(text: String) -> Result<Self, InvalidPermission> {
        text.parse()
    }
}

impl From<PermissionRoot> for String {
    fn from(root: PermissionRoot) -> String {
        root.0
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "String", inline))]
pub struct Permission {
    pub operation: Operation,
    pub root: PermissionRoot,
}

impl Permission {
    pub fn new(operation: Operation, root: PermissionRoot) -> Self {
        Self { operation, root }
    }

    /// `ALL_X` stands for all five of `X`, itself included; any other permission for itself.
    pub fn expand(&self) -> Vec<Permission> {
        match self.operation {
            Operation::All => Operation::EVERY.iter().map(|op| Self::new(*op, self.root.clone())).collect(),
            _ => vec![self.clone()],
        }
    }

    /// Whether who holds this may do what `wanted` says.
    pub fn implies(&self, wanted: &Permission) -> bool {
        self.root == wanted.root && (self.operation == wanted.operation || self.operation == Operation::All)
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Each token names some: this does without the machinery of formats.
        [self.operation.name(), "_", &self.root.0].into_iter().try_for_each(|part| f.write_str(part))
    }
}

impl FromStr for Permission {
    type Err = InvalidPermission;
    fn from_str(text: &str) -> Result<Self, InvalidPermission> {
        let (operation, root) = text.split_once('_').ok_or(InvalidPermission)?;
        let operation =
            Operation::EVERY.into_iter().find(|known| known.name() == operation).ok_or(InvalidPermission)?;
        Ok(Self { operation, root: root.parse()? })
    }
}

impl TryFrom<String> for Permission {
    type Error = InvalidPermission;
    fn try_from(text: String) -> Result<Self, InvalidPermission> {
        text.parse()
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> String {
        permission.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_expands_to_every_operation_of_its_root() {
        let all: Permission = "ALL_ITEM_LIST".parse().unwrap();
        let names: Vec<String> = all.expand().iter().map(ToString::to_string).collect();
        let wanted = ["READ_ITEM_LIST", "CREATE_ITEM_LIST", "UPDATE_ITEM_LIST", "DELETE_ITEM_LIST", "ALL_ITEM_LIST"];
        assert_eq!(names, wanted);
        assert!(all.implies(&"DELETE_ITEM_LIST".parse().unwrap()));
        assert!(!all.implies(&"DELETE_ITEM".parse().unwrap()));
    }

    #[test]
    fn what_is_no_permission_is_refused() {
        for text in ["ITEM_LIST", "READ", "READ_", "read_ITEM", "READ_item", "WRITE_ITEM", "READ_ITEM LIST"] {
            assert_eq!(text.parse::<Permission>(), Err(InvalidPermission), "{text}");
        }
    }
}
