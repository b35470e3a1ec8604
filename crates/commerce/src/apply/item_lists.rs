use auth_protocol::id::{ApplicationId, CustomerId};
use database::{DeclaredTable, Error, Transaction, Value, params, statements};

use crate::apply::applications::check_tenant;
use crate::apply::customers::READ_CUSTOMER;
use crate::apply::{ApplyError, Changes, ItemListEntry, Kind, Outcome};
use crate::cart::MOST_LISTS;

statements! {
    READ_LIST = "SELECT customer_id, application_id, visibility, name, items FROM item_list
        WHERE tenant_id = $1 AND item_list_id = $2";
    INSERT_LIST = "INSERT INTO item_list (tenant_id, item_list_id, customer_id, application_id, visibility, name, items,
        created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    UPDATE_LIST = "UPDATE item_list SET customer_id = $3, application_id = $4, visibility = $5, name = $6, items = $7,
        updated_at = $8 WHERE tenant_id = $1 AND item_list_id = $2";
    TOUCH_LIST = "UPDATE item_list SET updated_at = $3 WHERE tenant_id = $1 AND item_list_id = $2";
    FIND_OWN_BY_NAME = "SELECT item_list_id FROM item_list WHERE tenant_id = $1 AND customer_id = $2 AND name = $3";
    COUNT_PUBLIC = "SELECT count(*) AS lists FROM item_list WHERE tenant_id = $1 AND visibility = 'PUBLIC'";
    LOCK_OWNER = "UPDATE item_list_owner SET lists = lists WHERE tenant_id = $1 AND customer_id = $2";
    BECOME_OWNER = "INSERT INTO item_list_owner (tenant_id, customer_id, lists) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING";
    COUNT_ONE_MORE = "UPDATE item_list_owner SET lists = lists + 1 WHERE tenant_id = $1 AND customer_id = $2 AND lists < $3";
    ITEMS_OF = "SELECT item_id, product_id, name, quantity FROM item_list_item
        WHERE tenant_id = $1 AND item_list_id = $2 ORDER BY item_id";
    REMOVE_ITEMS = "DELETE FROM item_list_item WHERE tenant_id = $1 AND item_list_id = $2";
    ADD_ITEM = "INSERT INTO item_list_item (tenant_id, item_list_id, item_id, product_id, name, quantity)
        VALUES ($1, $2, $3, $4, $5, $6)";
}

const LISTS: DeclaredTable = DeclaredTable { read: &READ_LIST, insert: &INSERT_LIST, update: &UPDATE_LIST };

pub(crate) async fn item_list(
    transaction: &mut Transaction,
    entry: &ItemListEntry,
    now: i64,
    changes: &mut Changes,
) -> Result<(), ApplyError> {
    check_tenant(transaction, &entry.name, entry.tenant_id).await?;
    let outcome = match entry.customer_id {
        Some(customer) => own_list(transaction, entry, customer, now).await?,
        None => public_list(transaction, entry, now).await?,
    };
    changes.add(entry.tenant_id, Kind::ItemList, entry.id, &entry.name, outcome);
    Ok(())
}

/// Created when the customer has neither the list nor one of that name.
async fn own_list(
    transaction: &mut Transaction,
    entry: &ItemListEntry,
    customer: CustomerId,
    now: i64,
) -> Result<Outcome, ApplyError> {
    let owner = params![entry.tenant_id.bytes(), customer.bytes()];
    if transaction.optional(&READ_CUSTOMER, owner).await?.is_none() {
        return Err(ApplyError::Missing { entry: entry.name.clone(), what: format!("customer {customer}") });
    }
    transaction.execute(&BECOME_OWNER, owner).await?;
    transaction.execute(&LOCK_OWNER, owner).await?;
    if let Some(row) = transaction.optional(&READ_LIST, &key(entry)).await? {
        return match row.get::<Option<[u8; 16]>>(0)? {
            Some(holder) if holder == customer.bytes() => Ok(Outcome::Unchanged),
            _ => Err(taken(entry)),
        };
    }
    if transaction.optional(&FIND_OWN_BY_NAME, &[&owner[..], params![&entry.name]].concat()).await?.is_some() {
        return Ok(Outcome::Unchanged);
    }
    if transaction.execute(&COUNT_ONE_MORE, &[&owner[..], params![MOST_LISTS]].concat()).await? == 0 {
        return Err(too_many(entry, "the customer"));
    }
    LISTS.write(transaction, &key(entry), &content(entry), params![now]).await?;
    add_items(transaction, entry).await?;
    Ok(Outcome::Created)
}

async fn public_list(transaction: &mut Transaction, entry: &ItemListEntry, now: i64) -> Result<Outcome, ApplyError> {
    let key = key(entry);
    if let Some(row) = transaction.optional(&READ_LIST, &key).await?
        && row.get::<Option<[u8; 16]>>(0)?.is_some()
    {
        return Err(taken(entry));
    }
    let outcome = LISTS.write(transaction, &key, &content(entry), params![now]).await?;
    if outcome == Outcome::Created && transaction.one(&COUNT_PUBLIC, &key[..1]).await?.get::<i64>(0)? > MOST_LISTS {
        return Err(too_many(entry, "the tenant"));
    }
    if has_items(transaction, entry).await? {
        return Ok(outcome);
    }
    transaction.execute(&REMOVE_ITEMS, &key).await?;
    add_items(transaction, entry).await?;
    transaction.execute(&TOUCH_LIST, &[&key[..], params![now]].concat()).await?;
    Ok(if outcome == Outcome::Unchanged { Outcome::Changed } else { outcome })
}

async fn has_items(transaction: &mut Transaction, entry: &ItemListEntry) -> Result<bool, Error> {
    let mut declared: Vec<_> = entry
        .items
        .iter()
        .map(|item| (item.id.bytes(), item.product_id.clone(), item.name.clone(), item.quantity))
        .collect();
    declared.sort();
    let rows = transaction.rows(&ITEMS_OF, &key(entry)).await?;
    let present = rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
    Ok(present.collect::<Result<Vec<_>, Error>>()? == declared)
}

async fn add_items(transaction: &mut Transaction, entry: &ItemListEntry) -> Result<(), Error> {
    for item in &entry.items {
        let item = params![item.id.bytes(), &item.product_id, &item.name, item.quantity];
        transaction.execute(&ADD_ITEM, &[&key(entry)[..], item].concat()).await?;
    }
    Ok(())
}

fn key(entry: &ItemListEntry) -> [Value; 2] {
    [entry.tenant_id.bytes().into(), entry.id.bytes().into()]
}

fn content(entry: &ItemListEntry) -> Vec<Value> {
    let visibility = if entry.customer_id.is_some() { "PRIVATE" } else { "PUBLIC" };
    let (customer, application) =
        (entry.customer_id.map(CustomerId::bytes), entry.application_id.map(ApplicationId::bytes));
    let count = i64::try_from(entry.items.len()).unwrap_or(i64::MAX);
    params![customer, application, visibility, &entry.name, count].to_vec()
}

fn taken(entry: &ItemListEntry) -> ApplyError {
    ApplyError::Taken { entry: entry.name.clone(), what: format!("the id {}", entry.id) }
}

fn too_many(entry: &ItemListEntry, owner: &str) -> ApplyError {
    let reason = format!("is one more than the {MOST_LISTS} lists that {owner} may have");
    ApplyError::Invalid { entry: entry.name.clone(), field: "item list", reason }
}
