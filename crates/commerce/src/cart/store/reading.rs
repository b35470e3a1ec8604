use std::collections::HashMap;

use auth_protocol::id::ItemListId;
use database::{Error, Row, Snapshot, Value, params, statements};
use resource_guard::{Customer, Nobody, Permit, Read};

use super::{ItemListStore, item, item_list};
use crate::cart::item_list::{Item, ItemList};
use crate::cart::policy::ItemLists;
use crate::cart::wanted::{MOST_LOOKED_AT, Position, Wanted};
use crate::web::paging::Page;

statements! {
    OWN_LISTS = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND customer_id = $2 AND (name, item_list_id) > ($3, $4)
        ORDER BY name, item_list_id LIMIT $5";
    OWN_LIST = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND item_list_id = $2 AND customer_id = $3";
    PUBLIC_LISTS = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND visibility = 'PUBLIC' AND (application_id IS NULL OR application_id = $2)
        AND (name, item_list_id) > ($3, $4) ORDER BY name, item_list_id LIMIT $5";
    PUBLIC_LIST = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND visibility = 'PUBLIC' AND (application_id IS NULL OR application_id = $2)
        AND item_list_id = $3";
    ITEMS_OF_LISTS = "SELECT item_list_id, item_id, product_id, name, quantity FROM item_list_item
        WHERE tenant_id = $1 AND item_list_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ORDER BY item_list_id, item_id";
}

/// How many lists [`ITEMS_OF_LISTS`] reads at once.
const BLOCK: usize = 10;

/// A page ends with the list that brings it here, however many lists it may have: a list has hundreds of items.
const ENOUGH_ITEMS: usize = 2_000;

impl ItemListStore {
    /// The customer's own lists.
    pub(crate) async fn own(
        &self,
        permit: &Permit<Read, ItemLists, Customer>,
        wanted: &Wanted,
    ) -> Result<Page<ItemList>, Error> {
        self.page(&OWN_LISTS, params![permit.tenant_id().bytes(), permit.owner().bytes()].to_vec(), wanted).await
    }

    pub(crate) async fn own_by_id(
        &self,
        permit: &Permit<Read, ItemLists, Customer>,
        id: ItemListId,
    ) -> Result<Option<ItemList>, Error> {
        let values = params![permit.tenant_id().bytes(), id.bytes(), permit.owner().bytes()].to_vec();
        Ok(self.lists(&OWN_LIST, values).await?.pop())
    }

    /// The public lists of the caller's tenant and application.
    pub(crate) async fn public(
        &self,
        permit: &Permit<Read, ItemLists, Nobody>,
        wanted: &Wanted,
    ) -> Result<Page<ItemList>, Error> {
        self.page(&PUBLIC_LISTS, place(permit), wanted).await
    }

    pub(crate) async fn public_by_id(
        &self,
        permit: &Permit<Read, ItemLists, Nobody>,
        id: ItemListId,
    ) -> Result<Option<ItemList>, Error> {
        Ok(self.lists(&PUBLIC_LIST, [place(permit), vec![id.bytes().into()]].concat()).await?.pop())
    }

    /// Reads no more than [`MOST_LOOKED_AT`] lists and asks the query of each; items are read for those that are
    /// answered.
    async fn page(
        &self,
        which: &'static database::Statement,
        whose: Vec<Value>,
        wanted: &Wanted,
    ) -> Result<Page<ItemList>, Error> {
        let begin = wanted.after.clone().unwrap_or_default();
        let values = [whose, params![begin.name, begin.id.bytes(), MOST_LOOKED_AT].to_vec()].concat();
        let wanted = wanted.clone();
        self.database
            .read(move |snapshot| {
                let (values, wanted) = (values.clone(), wanted.clone());
                Box::pin(async move {
                    let rows = snapshot.rows(which, &values).await?;
                    let lists = rows.iter().map(item_list).collect::<Result<Vec<_>, _>>()?;
                    let (lists, end) = wanted.of(lists);
                    let chosen = lists.len();
                    let content = with_items(snapshot, &values[0], lists).await?;
                    let early = content.last().filter(|_| content.len() < chosen);
                    Ok(Page { end: early.map(|last| Position::of(last).bytes()).or(end), content })
                })
            })
            .await
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

/// The lists with their items, as far as [`ENOUGH_ITEMS`] go.
async fn with_items(snapshot: &mut Snapshot, tenant: &Value, mut lists: Vec<ItemList>) -> Result<Vec<ItemList>, Error> {
    let (mut read, mut held) = (0, 0);
    for block in lists.chunks_mut(BLOCK) {
        if held >= ENOUGH_ITEMS {
            break;
        }
        // A block that is not full names its first list again.
        let ids = (0..BLOCK).map(|place| block.get(place).unwrap_or(&block[0]).id.bytes().into());
        let values: Vec<Value> = [tenant.clone()].into_iter().chain(ids).collect();
        let mut items: HashMap<ItemListId, Vec<Item>> = HashMap::new();
        for row in snapshot.rows(&ITEMS_OF_LISTS, &values).await? {
            let (list, item) = listed(&row)?;
            items.entry(list).or_default().push(item);
        }
        for list in block {
            if held >= ENOUGH_ITEMS {
                break;
            }
            list.items = items.remove(&list.id).unwrap_or_default();
            held += list.items.len();
            read += 1;
        }
    }
    lists.truncate(read);
    Ok(lists)
}

fn listed(row: &Row) -> Result<(ItemListId, Item), Error> {
    Ok((ItemListId::from_bytes(row.get(0)?), item(row, 1)?))
}
