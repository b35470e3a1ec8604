use auth_protocol::id::{ItemListId, ItemListItemId};
use database::{Transaction, Value, params, statements};
use resource_guard::{Customer, Permit, Update};

use super::{ItemListStore, NotChanged, item};
use crate::cart::item_list::Item;
use crate::cart::policy::ItemLists;
use crate::cart::{MOST_ITEMS, ProductId, ProductName, Quantity};

statements! {
    /// Also finds out whether the list is the customer's.
    LOCK_LIST = "UPDATE item_list SET updated_at = $4 WHERE tenant_id = $1 AND item_list_id = $2 AND customer_id = $3";
    COUNT_ONE_MORE = "UPDATE item_list SET items = items + 1 WHERE tenant_id = $1 AND item_list_id = $2 AND items < $3";
    COUNT_ONE_LESS = "UPDATE item_list SET items = items - 1 WHERE tenant_id = $1 AND item_list_id = $2";
    REPLACE_ITEM = "UPDATE item_list_item SET name = $4, quantity = $5
        WHERE tenant_id = $1 AND item_list_id = $2 AND product_id = $3 RETURNING item_id, product_id, name, quantity";
    ADD_ITEM = "INSERT INTO item_list_item (tenant_id, item_list_id, product_id, name, quantity, item_id)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING item_id, product_id, name, quantity";
    READ_ITEM = "SELECT item_id, product_id, name, quantity FROM item_list_item
        WHERE tenant_id = $1 AND item_list_id = $2 AND item_id = $3";
    CHANGE_ITEM = "UPDATE item_list_item SET name = $4, quantity = $5
        WHERE tenant_id = $1 AND item_list_id = $2 AND item_id = $3 RETURNING item_id, product_id, name, quantity";
    REMOVE_ITEM = "DELETE FROM item_list_item WHERE tenant_id = $1 AND item_list_id = $2 AND item_id = $3";
}

#[derive(Debug, Clone)]
pub(crate) struct NewItem {
    /// Taken when the product is not on the list yet.
    pub(crate) id: ItemListItemId,
    pub(crate) product_id: ProductId,
    pub(crate) name: ProductName,
    pub(crate) quantity: Quantity,
}

/// What is `None` stays.
#[derive(Debug, Clone)]
pub(crate) struct ItemChange {
    pub(crate) name: Option<ProductName>,
    pub(crate) quantity: Option<Quantity>,
}

/// A product is on a list once: putting it there again sets its name and quantity.
#[derive(Debug)]
pub(crate) enum PutItem {
    Added(Item),
    Replaced(Item),
}

/// A list that must be the permit's owner's, and the time of the change.
#[derive(Clone)]
struct Changing {
    list: Vec<Value>,
    lock: Vec<Value>,
}

impl Changing {
    fn new(permit: &Permit<Update, ItemLists, Customer>, list: ItemListId, now: i64) -> Self {
        let list = params![permit.tenant_id().bytes(), list.bytes()].to_vec();
        let lock = [&list[..], params![permit.owner().bytes(), now]].concat();
        Self { list, lock }
    }

    async fn lock(&self, transaction: &mut Transaction) -> Result<(), NotChanged> {
        match transaction.execute(&LOCK_LIST, &self.lock).await? {
            0 => Err(NotChanged::NotFound),
            _ => Ok(()),
        }
    }

    fn with(&self, values: &[Value]) -> Vec<Value> {
        [&self.list[..], values].concat()
    }
}

impl ItemListStore {
    pub(crate) async fn put_item(
        &self,
        permit: &Permit<Update, ItemLists, Customer>,
        list: ItemListId,
        new: NewItem,
        now: i64,
    ) -> Result<PutItem, NotChanged> {
        let changing = Changing::new(permit, list, now);
        self.database
            .write(move |transaction| {
                let (changing, new) = (changing.clone(), new.clone());
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    let NewItem { id, product_id, name, quantity } = new;
                    let values = changing.with(params![product_id.as_str(), name.as_str(), quantity.get()]);
                    if let Some(row) = transaction.optional(&REPLACE_ITEM, &values).await? {
                        return Ok(PutItem::Replaced(item(&row, 0)?));
                    }
                    if transaction.execute(&COUNT_ONE_MORE, &changing.with(params![MOST_ITEMS])).await? == 0 {
                        return Err(NotChanged::TooManyItems);
                    }
                    let values = [values, params![id.bytes()].to_vec()].concat();
                    Ok(PutItem::Added(item(&transaction.one(&ADD_ITEM, &values).await?, 0)?))
                })
            })
            .await
    }

    pub(crate) async fn change_item(
        &self,
        permit: &Permit<Update, ItemLists, Customer>,
        list: ItemListId,
        id: ItemListItemId,
        change: ItemChange,
        now: i64,
    ) -> Result<Item, NotChanged> {
        let changing = Changing::new(permit, list, now);
        self.database
            .write(move |transaction| {
                let (changing, change) = (changing.clone(), change.clone());
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    let row = transaction.optional(&READ_ITEM, &changing.with(params![id.bytes()])).await?;
                    let before = item(&row.ok_or(NotChanged::NotFound)?, 0)?;
                    let name = change.name.as_ref().map_or(before.name.as_str(), ProductName::as_str);
                    let quantity = change.quantity.map_or(before.quantity, Quantity::get);
                    let values = changing.with(params![id.bytes(), name, quantity]);
                    Ok(item(&transaction.one(&CHANGE_ITEM, &values).await?, 0)?)
                })
            })
            .await
    }

    pub(crate) async fn remove_item(
        &self,
        permit: &Permit<Update, ItemLists, Customer>,
        list: ItemListId,
        id: ItemListItemId,
        now: i64,
    ) -> Result<(), NotChanged> {
        let changing = Changing::new(permit, list, now);
        self.database
            .write(move |transaction| {
                let changing = changing.clone();
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    if transaction.execute(&REMOVE_ITEM, &changing.with(params![id.bytes()])).await? == 0 {
                        return Err(NotChanged::NotFound);
                    }
                    transaction.execute(&COUNT_ONE_LESS, &changing.list).await?;
                    Ok(())
                })
            })
            .await
    }
}
