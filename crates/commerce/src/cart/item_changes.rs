//! Many items of one list at once: `PATCH /item-lists/{id}/items`.

use std::collections::HashSet;
use std::hash::Hash;

use auth_protocol::id::{ItemListId, ItemListItemId};
use axum::Json;
use axum::extract::State;
use resource_guard::Caller;
use serde::Deserialize;

use crate::Services;
use crate::audit::Deed;
use crate::cart::MOST_CHANGES;
use crate::cart::item_list::{Item, WrongValue};
use crate::cart::items::{ChangeBody, PutBody};
use crate::cart::policy::UPDATE_OWN;
use crate::cart::store::{ItemChanges, ItemListStore};
use crate::cart::wrong_fields::WrongFields;
use crate::web::answer::List;
use crate::web::body::{Body, Object};
use crate::web::failure::{Failure, field_error};
use crate::web::path_id::PathId;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangesBody {
    #[serde(default)]
    put: Vec<Object<PutBody>>,
    #[serde(default)]
    change: Vec<Object<IdentifiedChange>>,
    /// Ids.
    #[serde(default)]
    remove: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IdentifiedChange {
    id: Option<String>,
    name: Option<String>,
    quantity: Option<i64>,
}

/// All of it or nothing: 200 with the items that were changed, then those that were put, each as it is now. An empty
/// request changes nothing.
pub(crate) async fn change_many(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    PathId(list): PathId<ItemListId>,
    Body(body): Body<ChangesBody>,
) -> Result<Json<List<Item>>, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    let changes = body.read(&services)?;
    let items = ItemListStore::new(&services.database).change_items(&permit, list, changes, deed).await?;
    Ok(Json(List::complete(items)))
}

impl ChangesBody {
    fn read(self, services: &Services) -> Result<ItemChanges, Failure> {
        let count = self.put.len() + self.change.len() + self.remove.len();
        if count > MOST_CHANGES {
            let message = format!("One request changes at most {MOST_CHANGES} items, not {count}.");
            return Err(Failure::Fields(vec![field_error("", "too_many", message)]));
        }
        let (mut changes, mut wrong) = (ItemChanges::default(), WrongFields::default());
        let (mut products, mut items) = (HashSet::new(), HashSet::new());
        for (place, Object(body)) in self.put.into_iter().enumerate() {
            let (millis, random) = services.id_parts();
            let wrong = wrong.at(format!("put[{place}]."));
            if let Some(new) = body.read(ItemListItemId::new(millis, random), wrong) {
                wrong.unless("productId", once(&mut products, new.product_id.as_str().to_owned()));
                changes.put.push(new);
            }
        }
        for (place, Object(body)) in self.change.into_iter().enumerate() {
            let wrong = wrong.at(format!("change[{place}]."));
            let id = body.id.ok_or(WrongValue::Missing).and_then(|id| item_id(&id));
            let id = wrong.unless("id", id.and_then(|id| once(&mut items, id)));
            let change = ChangeBody { name: body.name, quantity: body.quantity }.read(wrong);
            changes.change.extend(id.zip(change));
        }
        for (place, id) in self.remove.iter().enumerate() {
            let id = item_id(id).and_then(|id| once(&mut items, id));
            changes.remove.extend(wrong.at(String::new()).unless(&format!("remove[{place}]"), id));
        }
        wrong.none()?;
        Ok(changes)
    }
}

fn item_id(text: &str) -> Result<ItemListItemId, WrongValue> {
    text.parse().map_err(|_| WrongValue::Id)
}

/// What is named twice has two meanings.
fn once<T: Hash + Eq + Clone>(known: &mut HashSet<T>, name: T) -> Result<T, WrongValue> {
    if known.insert(name.clone()) { Ok(name) } else { Err(WrongValue::Twice) }
}
