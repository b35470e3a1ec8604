//! Who may call: a permission, and an owner. Both are checked, in that order, and both must hold.

#[cfg(test)]
mod tests;

use std::marker::PhantomData;

use auth_protocol::id::{AccountId, CustomerId};
use auth_protocol::permission::Operation;

use crate::{Caller, Permit, Refusal};

/// What permissions are about. Implement it on a unit struct of your service.
pub trait Resource: Copy + Send + Sync + 'static {
    /// The permission root: A-Z, 0-9 and `_`, e.g. `ITEM_LIST`.
    const ROOT: &'static str;
}

/// What is done with it: [`Read`], [`Create`], [`Update`] or [`Delete`].
pub trait OperationKind: Copy + Send + Sync + 'static {
    const OPERATION: Operation;
}

/// To whom a record may belong: [`Customer`], [`Account`] or [`Nobody`].
pub trait Ownership: Copy + Send + Sync + 'static {
    const KIND: OwnerKind;
    /// Which owner in particular.
    type Id: Copy + Send + Sync + 'static;

    fn owns(caller: &Caller, owner: Self::Id) -> bool;
}

/// An [`Ownership`] as a value, for lists of endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerKind {
    Customer,
    Account,
    Nobody,
}

macro_rules! operations {
    ($($name:ident)*) => {$(
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl OperationKind for $name {
            const OPERATION: Operation = Operation::$name;
        }
    )*};
}

operations! { Read Create Update Delete }

/// One customer's; the token's `customer_id` must be the same.
#[derive(Debug, Clone, Copy)]
pub struct Customer;

/// One account's; it must be the token's `acct_id` or among its `parent_accts`.
#[derive(Debug, Clone, Copy)]
pub struct Account;

/// Nobody's in particular: the permission is enough. For public records.
#[derive(Debug, Clone, Copy)]
pub struct Nobody;

impl Ownership for Customer {
    const KIND: OwnerKind = OwnerKind::Customer;
    type Id = CustomerId;

    fn owns(caller: &Caller, owner: CustomerId) -> bool {
        caller.customer_id() == Some(owner)
    }
}

impl Ownership for Account {
    const KIND: OwnerKind = OwnerKind::Account;
    type Id = AccountId;

    fn owns(caller: &Caller, owner: AccountId) -> bool {
        caller.account_id().is_some_and(|active| active == owner || caller.parent_accounts().contains(&owner))
    }
}

impl Ownership for Nobody {
    const KIND: OwnerKind = OwnerKind::Nobody;
    type Id = ();

    fn owns(_: &Caller, (): ()) -> bool {
        true
    }
}

/// Begun by [`Policy::operation`]; not yet about anything.
#[derive(Debug, Clone, Copy)]
pub struct AboutNothing;

/// Says who may call, in one line: `Policy::operation(Read).root(Payment).owned_by(Customer)`.
#[derive(Debug, Clone, Copy)]
pub struct Policy<O, R, W> {
    says: PhantomData<(O, R, W)>,
}

/// A [`Policy`] as a value, for lists of endpoints and the tests that read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    pub operation: Operation,
    pub root: &'static str,
    pub owner: OwnerKind,
}

impl Policy<(), AboutNothing, Nobody> {
    pub const fn operation<O: OperationKind>(_: O) -> Policy<O, AboutNothing, Nobody> {
        Policy { says: PhantomData }
    }
}

impl<O: OperationKind> Policy<O, AboutNothing, Nobody> {
    pub const fn root<R: Resource>(self, _: R) -> Policy<O, R, Nobody> {
        Policy { says: PhantomData }
    }
}

impl<O: OperationKind, R: Resource> Policy<O, R, Nobody> {
    pub const fn owned_by<W: Ownership>(self, _: W) -> Policy<O, R, W> {
        Policy { says: PhantomData }
    }
}

impl<O: OperationKind, R: Resource, W: Ownership> Policy<O, R, W> {
    /// A permit for the records of `owner`, who must be the caller.
    pub fn check(&self, caller: &Caller, owner: W::Id) -> Result<Permit<O, R, W>, Refusal> {
        self.check_permission(caller)?;
        if W::owns(caller, owner) { Ok(Permit::granted(caller.clone(), owner)) } else { Err(Refusal::NotTheOwner) }
    }

    pub const fn requirement(&self) -> Requirement {
        Requirement { operation: O::OPERATION, root: R::ROOT, owner: W::KIND }
    }

    fn check_permission(&self, caller: &Caller) -> Result<(), Refusal> {
        if caller.holds(O::OPERATION, R::ROOT) {
            Ok(())
        } else {
            Err(Refusal::PermissionMissing { operation: O::OPERATION.name(), root: R::ROOT })
        }
    }
}

impl<O: OperationKind, R: Resource> Policy<O, R, Customer> {
    /// A permit for the caller's own records. Who is no customer (a guest, an administrator) owns none.
    pub fn check_own(&self, caller: &Caller) -> Result<Permit<O, R, Customer>, Refusal> {
        self.check_permission(caller)?;
        let customer = caller.customer_id().ok_or(Refusal::NotTheOwner)?;
        self.check(caller, customer)
    }
}
