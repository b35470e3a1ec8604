use auth_protocol::id::{CustomerId, ItemListId};
use database::{Error, Transaction, Value, params, statements};
use resource_guard::{Create, Customer, Delete, Ownership, Permit, Update};

use super::{ItemListStore, NotChanged, item, item_list};
use crate::audit::{AuditKind, Deed};
use crate::cart::item_list::ItemList;
use crate::cart::policy::ItemLists;
use crate::cart::{ListName, MOST_LISTS};

statements! {
    BECOME_OWNER = "INSERT INTO item_list_owner (tenant_id, customer_id, lists) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING";
    LOCK_OWNER = "UPDATE item_list_owner SET lists = lists WHERE tenant_id = $1 AND customer_id = $2";
    COUNT_ONE_MORE = "UPDATE item_list_owner SET lists = lists + 1 WHERE tenant_id = $1 AND customer_id = $2 AND lists < $3";
    COUNT_ONE_LESS = "UPDATE item_list_owner SET lists = lists - 1 WHERE tenant_id = $1 AND customer_id = $2";
    FIND_BY_NAME = "SELECT item_list_id, name, visibility, created_at, updated_at FROM item_list
        WHERE tenant_id = $1 AND customer_id = $2 AND name = $3";
    CREATE_LIST = "INSERT INTO item_list
        (tenant_id, customer_id, item_list_id, application_id, visibility, name, items, created_at, updated_at)
        VALUES ($1, $2, $3, NULL, 'PRIVATE', $4, 0, $5, $5)
        RETURNING item_list_id, name, visibility, created_at, updated_at";
    RENAME_LIST = "UPDATE item_list SET name = $4, updated_at = $5
        WHERE tenant_id = $1 AND customer_id = $2 AND item_list_id = $3
        RETURNING item_list_id, name, visibility, created_at, updated_at";
    ITEMS_OF_LIST = "SELECT item_id, product_id, name, quantity FROM item_list_item
        WHERE tenant_id = $1 AND item_list_id = $2 ORDER BY item_id";
    DELETE_LIST = "DELETE FROM item_list WHERE tenant_id = $1 AND customer_id = $2 AND item_list_id = $3";
    DELETE_ITEMS = "DELETE FROM item_list_item WHERE tenant_id = $1 AND item_list_id = $2";
}

/// A request that was repeated finds what the first one made.
#[derive(Debug)]
pub(crate) enum Creation {
    Created(ItemList),
    Existing(ItemList),
}

impl ItemListStore {
    /// A private list, unless the customer has one of that name.
    pub(crate) async fn create(
        &self,
        permit: &Permit<Create, ItemLists, Customer>,
        id: ItemListId,
        name: &ListName,
        deed: Deed,
    ) -> Result<Creation, NotChanged> {
        let (owner, name) = (owner(permit), name.as_str().to_owned());
        self.database
            .write(move |transaction| {
                let (owner, name, deed) = (owner.clone(), name.clone(), deed.clone());
                Box::pin(async move {
                    transaction.execute(&BECOME_OWNER, &owner).await?;
                    if let Some(existing) = locked_find(transaction, &owner, &name).await? {
                        return Ok(Creation::Existing(with_items(transaction, &owner[0], existing).await?));
                    }
                    let limited = [owner.clone(), params![MOST_LISTS].to_vec()].concat();
                    if transaction.execute(&COUNT_ONE_MORE, &limited).await? == 0 {
                        return Err(NotChanged::TooManyLists);
                    }
                    let list = [owner, params![id.bytes(), name, deed.at].to_vec()].concat();
                    deed.record(transaction, AuditKind::ItemListCreated, &id.to_string(), "").await?;
                    Ok(Creation::Created(item_list(&transaction.one(&CREATE_LIST, &list).await?)?))
                })
            })
            .await
    }

    pub(crate) async fn rename(
        &self,
        permit: &Permit<Update, ItemLists, Customer>,
        id: ItemListId,
        name: &ListName,
        deed: Deed,
    ) -> Result<ItemList, NotChanged> {
        let (owner, name) = (owner(permit), name.as_str().to_owned());
        self.database
            .write(move |transaction| {
                let (owner, name, deed) = (owner.clone(), name.clone(), deed.clone());
                Box::pin(async move {
                    match locked_find(transaction, &owner, &name).await? {
                        Some(same) if same.id == id => return Ok(with_items(transaction, &owner[0], same).await?),
                        Some(_) => return Err(NotChanged::NameTaken),
                        None => {}
                    }
                    let list = [owner.clone(), params![id.bytes(), name, deed.at].to_vec()].concat();
                    let renamed = transaction.optional(&RENAME_LIST, &list).await?.ok_or(NotChanged::NotFound)?;
                    deed.record(transaction, AuditKind::ItemListRenamed, &id.to_string(), "").await?;
                    Ok(with_items(transaction, &owner[0], item_list(&renamed)?).await?)
                })
            })
            .await
    }

    pub(crate) async fn delete(
        &self,
        permit: &Permit<Delete, ItemLists, Customer>,
        id: ItemListId,
        deed: Deed,
    ) -> Result<(), NotChanged> {
        let (owner, tenant) = (owner(permit), permit.tenant_id());
        self.database
            .write(move |transaction| {
                let (owner, deed) = (owner.clone(), deed.clone());
                Box::pin(async move {
                    transaction.execute(&LOCK_OWNER, &owner).await?;
                    let list = [owner.clone(), params![id.bytes()].to_vec()].concat();
                    if transaction.execute(&DELETE_LIST, &list).await? == 0 {
                        return Err(NotChanged::NotFound);
                    }
                    transaction.execute(&DELETE_ITEMS, params![tenant.bytes(), id.bytes()]).await?;
                    transaction.execute(&COUNT_ONE_LESS, &owner).await?;
                    deed.record(transaction, AuditKind::ItemListDeleted, &id.to_string(), "").await?;
                    Ok(())
                })
            })
            .await
    }
}

fn owner<O, W: Ownership<Id = CustomerId>>(permit: &Permit<O, ItemLists, W>) -> Vec<Value> {
    params![permit.tenant_id().bytes(), permit.owner().bytes()].to_vec()
}

/// Until the transaction's end nobody else names a list of this owner.
async fn locked_find(transaction: &mut Transaction, owner: &[Value], name: &str) -> Result<Option<ItemList>, Error> {
    transaction.execute(&LOCK_OWNER, owner).await?;
    let wanted = [owner, params![name]].concat();
    transaction.optional(&FIND_BY_NAME, &wanted).await?.as_ref().map(item_list).transpose()
}

async fn with_items(transaction: &mut Transaction, tenant: &Value, mut list: ItemList) -> Result<ItemList, Error> {
    let values = [tenant.clone(), list.id.bytes().into()];
    let rows = transaction.rows(&ITEMS_OF_LIST, &values).await?;
    list.items = rows.iter().map(|row| item(row, 0)).collect::<Result<_, _>>()?;
    Ok(list)
}
