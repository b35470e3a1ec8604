use std::collections::HashMap;

use auth_protocol::id::ItemListId;
use database::{Error, Row, Snapshot, Value, params, statements};
use resource_guard::{Customer, Nobody, Permit, Read};

use super::{ItemListStore, item, item_list};
use crate::cart::ListName;
use crate::cart::item_list::{Item, ItemList};
use crate::cart::policy::ItemLists;

statements! {
    OWN_LISTS = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND customer_id = $2 ORDER BY name";
    OWN_LIST_BY_NAME = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND customer_id = $2 AND name = $3";
    OWN_LIST = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND item_list_id = $2 AND customer_id = $3";
    PUBLIC_LISTS = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND visibility = 'PUBLIC' AND (application_id IS NULL OR application_id = $2)
        ORDER BY name, item_list_id";
    PUBLIC_LISTS_BY_NAME = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND visibility = 'PUBLIC' AND (application_id IS NULL OR application_id = $2) AND name = $3
        ORDER BY item_list_id";
    PUBLIC_LIST = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND visibility = 'PUBLIC' AND (application_id IS NULL OR application_id = $2)
        AND item_list_id = $3";
    ITEMS_OF_LISTS = "SELECT item_list_id, item_id, product_id, name, quantity FROM item_list_item
        WHERE tenant_id = $1 AND item_list_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ORDER BY item_list_id, item_id";
}

/// How many lists [`ITEMS_OF_LISTS`] reads at once.
const BLOCK: usize = 10;

impl ItemListStore {
    /// The customer's own lists, or the one of that name.
    pub(crate) async fn own(
        &self,
        permit: &Permit<Read, ItemLists, Customer>,
        name: Option<&ListName>,
    ) -> Result<Vec<ItemList>, Error> {
        let owner = params![permit.tenant_id().bytes(), permit.owner().bytes()].to_vec();
        match name {
            Some(name) => self.lists(&OWN_LIST_BY_NAME, [owner, vec![name.as_str().into()]].concat()).await,
            None => self.lists(&OWN_LISTS, owner).await,
        }
    }

    pub(crate) async fn own_by_id(
        &self,
        permit: &Permit<Read, ItemLists, Customer>,
        id: ItemListId,
    ) -> Result<Option<ItemList>, Error> {
        let values = params![permit.tenant_id().bytes(), id.bytes(), permit.owner().bytes()].to_vec();
        Ok(self.lists(&OWN_LIST, values).await?.pop())
    }

    /// The public lists of the caller's tenant and application, or those of that name.
    pub(crate) async fn public(
        &self,
        permit: &Permit<Read, ItemLists, Nobody>,
        name: Option<&ListName>,
    ) -> Result<Vec<ItemList>, Error> {
        let place = place(permit);
        match name {
            Some(name) => self.lists(&PUBLIC_LISTS_BY_NAME, [place, vec![name.as_str().into()]].concat()).await,
            None => self.lists(&PUBLIC_LISTS, place).await,
        }
    }

    pub(crate) async fn public_by_id(
        &self,
        permit: &Permit<Read, ItemLists, Nobody>,
        id: ItemListId,
    ) -> Result<Option<ItemList>, Error> {
        Ok(self.lists(&PUBLIC_LIST, [place(permit), vec![id.bytes().into()]].concat()).await?.pop())
    }

    async fn lists(&self, which: &'static database::Statement, values: Vec<Value>) -> Result<Vec<ItemList>, Error> {
        self.database
            .read(move |snapshot| {
                let values = values.clone();
                Box::pin(async move {
                    let rows = snapshot.rows(which, &values).await?;
                    let lists = rows.iter().map(item_list).collect::<Result<Vec<_>, _>>()?;
                    with_items(snapshot, &values[0], lists).await
                })
            })
            .await
    }
}

fn place(permit: &Permit<Read, ItemLists, Nobody>) -> Vec<Value> {
    let application = permit.caller().application_id().map(|application| application.bytes());
    params![permit.tenant_id().bytes(), application].to_vec()
}

async fn with_items(snapshot: &mut Snapshot, tenant: &Value, mut lists: Vec<ItemList>) -> Result<Vec<ItemList>, Error> {
    for block in lists.chunks_mut(BLOCK) {
        // A block that is not full names its first list again.
        let ids = (0..BLOCK).map(|place| block.get(place).unwrap_or(&block[0]).id.bytes().into());
        let values: Vec<Value> = [tenant.clone()].into_iter().chain(ids).collect();
        let mut items: HashMap<ItemListId, Vec<Item>> = HashMap::new();
        for row in snapshot.rows(&ITEMS_OF_LISTS, &values).await? {
            let (list, item) = listed(&row)?;
            items.entry(list).or_default().push(item);
        }
        for list in block {
            list.items = items.remove(&list.id).unwrap_or_default();
        }
    }
    Ok(lists)
}

fn listed(row: &Row) -> Result<(ItemListId, Item), Error> {
    Ok((ItemListId::from_bytes(row.get(0)?), item(row, 1)?))
}
