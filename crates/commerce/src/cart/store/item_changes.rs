use auth_protocol::id::{ItemListId, ItemListItemId};
use resource_guard::{Customer, Permit, Update};

use super::items::{Changing, ItemChange, NewItem};
use super::{ItemListStore, NotChanged};
use crate::audit::{AuditKind, Deed};
use crate::cart::item_list::Item;
use crate::cart::policy::ItemLists;

/// Several changes of one list: all of them are made, or none.
#[derive(Debug, Clone, Default)]
pub(crate) struct ItemChanges {
    pub(crate) remove: Vec<ItemListItemId>,
    pub(crate) change: Vec<(ItemListItemId, ItemChange)>,
    pub(crate) put: Vec<NewItem>,
}

impl ItemListStore {
    /// Removes first, so that a full list takes new items for old ones. An item that is not there counts as removed: a
    /// request whose answer was lost can be sent again. Answers what was changed, then what was put.
    pub(crate) async fn change_items(
        &self,
        permit: &Permit<Update, ItemLists, Customer>,
        list: ItemListId,
        changes: ItemChanges,
        deed: Deed,
    ) -> Result<Vec<Item>, NotChanged> {
        let changing = Changing::new(permit, list, deed);
        self.database
            .write(move |transaction| {
                let (changing, changes) = (changing.clone(), changes.clone());
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    let mut removed = 0;
                    for id in &changes.remove {
                        removed += usize::from(changing.remove(transaction, *id).await?);
                    }
                    let mut items = Vec::new();
                    for (place, (id, change)) in changes.change.iter().enumerate() {
                        let changed = changing.change(transaction, *id, change).await?;
                        items.push(changed.ok_or(NotChanged::NoSuchItem { place })?);
                    }
                    for new in &changes.put {
                        items.push(changing.put(transaction, new).await?.into_item());
                    }
                    if removed + items.len() > 0 {
                        let (changed, put) = (changes.change.len(), changes.put.len());
                        let told = format!("{removed} removed, {changed} changed, {put} put");
                        changing.record(transaction, AuditKind::ItemsChanged, &told).await?;
                    }
                    Ok(items)
                })
            })
            .await
    }
}
