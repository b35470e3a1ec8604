use auth_protocol::id::{ItemListId, ItemListItemId};
use database::{Error, Transaction, Value, params, statements};
use resource_guard::{Customer, Permit, Update};

use super::{ItemListStore, NotChanged, item};
use crate::audit::{AuditKind, Deed};
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

impl PutItem {
    pub(crate) fn item(&self) -> &Item {
        match self {
            PutItem::Added(item) | PutItem::Replaced(item) => item,
        }
    }

    pub(crate) fn into_item(self) -> Item {
        match self {
            PutItem::Added(item) | PutItem::Replaced(item) => item,
        }
    }
}

/// A list that must be the permit's owner's, and the request that changes it.
#[derive(Clone)]
pub(super) struct Changing {
    list: Vec<Value>,
    lock: Vec<Value>,
    id: ItemListId,
    deed: Deed,
}

impl Changing {
    pub(super) fn new(permit: &Permit<Update, ItemLists, Customer>, list: ItemListId, deed: Deed) -> Self {
        let id = list;
        let list = params![permit.tenant_id().bytes(), list.bytes()].to_vec();
        let lock = [&list[..], params![permit.owner().bytes(), deed.at]].concat();
        Self { list, lock, id, deed }
    }

    pub(super) async fn lock(&self, transaction: &mut Transaction) -> Result<(), NotChanged> {
        match transaction.execute(&LOCK_LIST, &self.lock).await? {
            0 => Err(NotChanged::NotFound),
            _ => Ok(()),
        }
    }

    pub(super) async fn put(&self, transaction: &mut Transaction, new: &NewItem) -> Result<PutItem, NotChanged> {
        let NewItem { id, product_id, name, quantity } = new;
        let values = self.with(params![product_id.as_str(), name.as_str(), quantity.get()]);
        if let Some(row) = transaction.optional(&REPLACE_ITEM, &values).await? {
            return Ok(PutItem::Replaced(item(&row, 0)?));
        }
        if transaction.execute(&COUNT_ONE_MORE, &self.with(params![MOST_ITEMS])).await? == 0 {
            return Err(NotChanged::TooManyItems);
        }
        let values = [values, params![id.bytes()].to_vec()].concat();
        Ok(PutItem::Added(item(&transaction.one(&ADD_ITEM, &values).await?, 0)?))
    }

    /// `None` when there is no such item.
    pub(super) async fn change(
        &self,
        transaction: &mut Transaction,
        id: ItemListItemId,
        change: &ItemChange,
    ) -> Result<Option<Item>, Error> {
        let Some(row) = transaction.optional(&READ_ITEM, &self.with(params![id.bytes()])).await? else {
            return Ok(None);
        };
        let before = item(&row, 0)?;
        let name = change.name.as_ref().map_or(before.name.as_str(), ProductName::as_str);
        let quantity = change.quantity.map_or(before.quantity, Quantity::get);
        let values = self.with(params![id.bytes(), name, quantity]);
        item(&transaction.one(&CHANGE_ITEM, &values).await?, 0).map(Some)
    }

    /// Whether it was there.
    pub(super) async fn remove(&self, transaction: &mut Transaction, id: ItemListItemId) -> Result<bool, Error> {
        if transaction.execute(&REMOVE_ITEM, &self.with(params![id.bytes()])).await? == 0 {
            return Ok(false);
        }
        transaction.execute(&COUNT_ONE_LESS, &self.list).await?;
        Ok(true)
    }

    pub(super) async fn record(&self, transaction: &mut Transaction, kind: AuditKind, what: &str) -> Result<(), Error> {
        self.deed.record(transaction, kind, &self.id.to_string(), what).await
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
        deed: Deed,
    ) -> Result<PutItem, NotChanged> {
        let changing = Changing::new(permit, list, deed);
        self.database
            .write(move |transaction| {
                let (changing, new) = (changing.clone(), new.clone());
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    let put = changing.put(transaction, &new).await?;
                    changing.record(transaction, AuditKind::ItemPut, &put.item().id.to_string()).await?;
                    Ok(put)
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
        deed: Deed,
    ) -> Result<Item, NotChanged> {
        let changing = Changing::new(permit, list, deed);
        self.database
            .write(move |transaction| {
                let (changing, change) = (changing.clone(), change.clone());
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    let changed = changing.change(transaction, id, &change).await?.ok_or(NotChanged::NotFound)?;
                    changing.record(transaction, AuditKind::ItemChanged, &id.to_string()).await?;
                    Ok(changed)
                })
            })
            .await
    }

    pub(crate) async fn remove_item(
        &self,
        permit: &Permit<Update, ItemLists, Customer>,
        list: ItemListId,
        id: ItemListItemId,
        deed: Deed,
    ) -> Result<(), NotChanged> {
        let changing = Changing::new(permit, list, deed);
        self.database
            .write(move |transaction| {
                let changing = changing.clone();
                Box::pin(async move {
                    changing.lock(transaction).await?;
                    if !changing.remove(transaction, id).await? {
                        return Err(NotChanged::NotFound);
                    }
                    Ok(changing.record(transaction, AuditKind::ItemRemoved, &id.to_string()).await?)
                })
            })
            .await
    }
}
