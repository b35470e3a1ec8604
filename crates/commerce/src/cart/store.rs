//! Item lists in the database. Every operation takes a permit, and finds tenant and owner in it.
//!
//! Who changes lists locks their owner's row first, who changes items locks their list's row first; both by an update that
//! repeats what is there. So counts and names are decided one after the other on any engine.

mod changes;
mod item_changes;
mod items;
mod reading;

use auth_protocol::id::{ItemListId, ItemListItemId};
use database::{Database, Row};

use crate::cart::item_list::{Item, ItemList};

pub(crate) use changes::Creation;
pub(crate) use item_changes::ItemChanges;
pub(crate) use items::{ItemChange, NewItem, PutItem};

/// Every statement of this store, for the test that prepares them.
#[cfg(test)]
pub(crate) fn statements() -> Vec<&'static database::Statement> {
    [reading::STATEMENTS, changes::STATEMENTS, items::STATEMENTS].concat()
}

#[derive(Clone)]
pub(crate) struct ItemListStore {
    database: Database,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotChanged {
    /// There is none, or it is another's.
    #[error("there is no such list or item")]
    NotFound,
    /// Of several that were to be changed, counted from 0.
    #[error("there is no such item")]
    NoSuchItem { place: usize },
    #[error("the customer has a list of that name")]
    NameTaken,
    #[error("the customer has as many lists as may be")]
    TooManyLists,
    #[error("the list holds as many items as may be")]
    TooManyItems,
    #[error(transparent)]
    Storage(#[from] database::Error),
}

impl ItemListStore {
    pub(crate) fn new(database: &Database) -> Self {
        Self { database: database.clone() }
    }
}

/// Reads `item_list_id, name, visibility, created_at, updated_at`.
fn item_list(row: &Row) -> Result<ItemList, database::Error> {
    Ok(ItemList {
        id: ItemListId::from_bytes(row.get(0)?),
        name: row.get(1)?,
        visibility: row.get(2)?,
        items: Vec::new(),
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
    })
}

/// Reads `item_id, product_id, name, quantity`, from the column `first` on.
fn item(row: &Row, first: usize) -> Result<Item, database::Error> {
    Ok(Item {
        id: ItemListItemId::from_bytes(row.get(first)?),
        product_id: row.get(first + 1)?,
        name: row.get(first + 2)?,
        quantity: row.get(first + 3)?,
    })
}
