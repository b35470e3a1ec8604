//! Who may see customers and their accounts.

use resource_guard::{Customer, Policy, Read, Resource, Update};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Customers;

impl Resource for Customers {
    const ROOT: &'static str = "CUSTOMER";
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Accounts;

impl Resource for Accounts {
    const ROOT: &'static str = "ACCOUNT";
}

pub(crate) const READ_CUSTOMER: Policy<Read, Customers, Customer> =
    Policy::operation(Read).root(Customers).owned_by(Customer);
/// Customers change their own record, as far as [`crate::customer::profile`] goes.
pub(crate) const UPDATE_CUSTOMER: Policy<Update, Customers, Customer> =
    Policy::operation(Update).root(Customers).owned_by(Customer);
/// The accounts that a customer is a member of.
pub(crate) const READ_ACCOUNTS: Policy<Read, Accounts, Customer> =
    Policy::operation(Read).root(Accounts).owned_by(Customer);
