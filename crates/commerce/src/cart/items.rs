use auth_protocol::id::{ItemListId, ItemListItemId};
use auth_protocol::problem::FieldError;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use resource_guard::Caller;
use serde::Deserialize;

use crate::Services;
use crate::cart::item_list::{Item, WrongValue};
use crate::cart::lists::readable;
use crate::cart::policy::UPDATE_OWN;
use crate::cart::store::{ItemChange, ItemListStore, NewItem, PutItem};
use crate::cart::{ProductId, ProductName, Quantity};
use crate::web::answer::List;
use crate::web::body::Body;
use crate::web::failure::{Failure, field_error};
use crate::web::path_id::{PathId, PathIds};

pub(crate) async fn list(
    State(services): State<Services>,
    caller: Caller,
    PathId(list): PathId<ItemListId>,
) -> Result<Json<List<Item>>, Failure> {
    Ok(Json(List::complete(readable(&services, &caller, list).await?.items)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct PutBody {
    product_id: Option<String>,
    name: Option<String>,
    quantity: Option<i64>,
}

/// 201 with the new item. A product that is on the list already takes the new name and quantity, with 200.
pub(crate) async fn put(
    State(services): State<Services>,
    caller: Caller,
    PathId(list): PathId<ItemListId>,
    Body(body): Body<PutBody>,
) -> Result<Response, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    let (millis, random) = services.id_parts();
    let item = body.read(ItemListItemId::new(millis, random))?;
    let store = ItemListStore::new(&services.database);
    Ok(match store.put_item(&permit, list, item, services.now()).await? {
        PutItem::Added(item) => (StatusCode::CREATED, Json(item)).into_response(),
        PutItem::Replaced(item) => Json(item).into_response(),
    })
}

impl PutBody {
    fn read(self, id: ItemListItemId) -> Result<NewItem, Failure> {
        let mut wrong = WrongFields::default();
        let product_id = self.product_id.ok_or(WrongValue::Missing).and_then(|text| ProductId::parse(&text));
        let product_id = wrong.unless("productId", product_id);
        let name =
            wrong.unless("name", self.name.ok_or(WrongValue::Missing).and_then(|text| ProductName::parse(&text)));
        let quantity = wrong.unless("quantity", self.quantity.map_or(Ok(Quantity::ONE), Quantity::new));
        match (product_id, name, quantity) {
            (Some(product_id), Some(name), Some(quantity)) => Ok(NewItem { id, product_id, name, quantity }),
            _ => Err(Failure::Fields(wrong.0)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBody {
    name: Option<String>,
    quantity: Option<i64>,
}

pub(crate) async fn change(
    State(services): State<Services>,
    caller: Caller,
    PathIds(list, item): PathIds<ItemListId, ItemListItemId>,
    Body(body): Body<ChangeBody>,
) -> Result<Json<Item>, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    let change = body.read()?;
    let store = ItemListStore::new(&services.database);
    Ok(Json(store.change_item(&permit, list, item, change, services.now()).await?))
}

impl ChangeBody {
    fn read(self) -> Result<ItemChange, Failure> {
        let mut wrong = WrongFields::default();
        let name = self.name.and_then(|text| wrong.unless("name", ProductName::parse(&text)));
        let quantity = self.quantity.and_then(|number| wrong.unless("quantity", Quantity::new(number)));
        if wrong.0.is_empty() { Ok(ItemChange { name, quantity }) } else { Err(Failure::Fields(wrong.0)) }
    }
}

pub(crate) async fn remove(
    State(services): State<Services>,
    caller: Caller,
    PathIds(list, item): PathIds<ItemListId, ItemListItemId>,
) -> Result<StatusCode, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    ItemListStore::new(&services.database).remove_item(&permit, list, item, services.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// All that is wrong is told at once.
#[derive(Default)]
struct WrongFields(Vec<FieldError>);

impl WrongFields {
    fn unless<T>(&mut self, field: &str, value: Result<T, WrongValue>) -> Option<T> {
        value.map_err(|wrong| self.0.push(field_error(field, wrong.code(), format!("The {field} {wrong}.")))).ok()
    }
}
