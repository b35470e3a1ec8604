//! Who may do what with item lists.

use resource_guard::{Create, Customer, Delete, Nobody, Policy, Read, Resource, Update};

#[derive(Debug, Clone, Copy)]
pub(crate) struct ItemLists;

impl Resource for ItemLists {
    const ROOT: &'static str = "ITEM_LIST";
}

pub(crate) const READ_OWN: Policy<Read, ItemLists, Customer> =
    Policy::operation(Read).root(ItemLists).owned_by(Customer);
pub(crate) const READ_PUBLIC: Policy<Read, ItemLists, Nobody> =
    Policy::operation(Read).root(ItemLists).owned_by(Nobody);
pub(crate) const CREATE_OWN: Policy<Create, ItemLists, Customer> =
    Policy::operation(Create).root(ItemLists).owned_by(Customer);
/// Also for what is on a list: to add or remove an item is to change the list.
pub(crate) const UPDATE_OWN: Policy<Update, ItemLists, Customer> =
    Policy::operation(Update).root(ItemLists).owned_by(Customer);
pub(crate) const DELETE_OWN: Policy<Delete, ItemLists, Customer> =
    Policy::operation(Delete).root(ItemLists).owned_by(Customer);
