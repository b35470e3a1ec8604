use auth_protocol::id::{ItemListId, ItemListItemId};
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use resource_guard::Caller;
use serde::Deserialize;

use crate::Services;
use crate::audit::Deed;
use crate::cart::item_list::{Item, WrongValue};
use crate::cart::lists::readable;
use crate::cart::policy::UPDATE_OWN;
use crate::cart::store::{ItemChange, ItemListStore, NewItem, PutItem};
use crate::cart::wrong_fields::WrongFields;
use crate::cart::{ProductId, ProductName, Quantity};
use crate::web::answer::List;
use crate::web::body::Body;
use crate::web::failure::Failure;
use crate::web::paging::{Listing, Page, PageSize, Paging};
use crate::web::parameters::Parameters;
use crate::web::path_id::{PathId, PathIds};

const ITEMS: PageSize = PageSize { by_default: 100, most: 500 };

pub(crate) async fn list(
    State(services): State<Services>,
    caller: Caller,
    PathId(list): PathId<ItemListId>,
    parameters: Parameters,
) -> Result<Json<List<Item>>, Failure> {
    let listing = Listing::new("items of a list").with(&caller.tenant_id().bytes()).with(&list.bytes());
    let paging = Paging::read(&parameters, ITEMS, listing)?;
    let items = readable(&services, &caller, list).await?.items;
    Ok(Json(paging.answer(page(items, &paging)?)))
}

/// Items come in the order of their ids, which is the order in which they were added. A list holds so few that all of them
/// are read, and the page is taken from them.
fn page(items: Vec<Item>, paging: &Paging) -> Result<Page<Item>, Failure> {
    let after = paging.after.as_deref().map(|bytes| bytes.try_into().map(ItemListItemId::from_bytes));
    let after = after.transpose().map_err(|_| Failure::CursorInvalid)?;
    let mut left = items.into_iter().skip_while(|item| after.is_some_and(|after| item.id <= after));
    let content: Vec<Item> = left.by_ref().take(paging.limit).collect();
    let end = left.next().and(content.last()).map(|last| last.id.bytes().to_vec());
    Ok(Page { content, end })
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
    deed: Deed,
    PathId(list): PathId<ItemListId>,
    Body(body): Body<PutBody>,
) -> Result<Response, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    let (millis, random) = services.id_parts();
    let mut wrong = WrongFields::default();
    let item = body.read(ItemListItemId::new(millis, random), &mut wrong).ok_or(wrong)?;
    let store = ItemListStore::new(&services.database);
    Ok(match store.put_item(&permit, list, item, deed).await? {
        PutItem::Added(item) => (StatusCode::CREATED, Json(item)).into_response(),
        PutItem::Replaced(item) => Json(item).into_response(),
    })
}

impl PutBody {
    /// `None` when `wrong` was told what is wrong.
    pub(super) fn read(self, id: ItemListItemId, wrong: &mut WrongFields) -> Option<NewItem> {
        let product_id = self.product_id.ok_or(WrongValue::Missing).and_then(|text| ProductId::parse(&text));
        let product_id = wrong.unless("productId", product_id);
        let name =
            wrong.unless("name", self.name.ok_or(WrongValue::Missing).and_then(|text| ProductName::parse(&text)));
        let quantity = wrong.unless("quantity", self.quantity.map_or(Ok(Quantity::ONE), Quantity::new));
        Some(NewItem { id, product_id: product_id?, name: name?, quantity: quantity? })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeBody {
    pub(super) name: Option<String>,
    pub(super) quantity: Option<i64>,
}

pub(crate) async fn change(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    PathIds(list, item): PathIds<ItemListId, ItemListItemId>,
    Body(body): Body<ChangeBody>,
) -> Result<Json<Item>, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    let mut wrong = WrongFields::default();
    let change = body.read(&mut wrong).ok_or(wrong)?;
    let store = ItemListStore::new(&services.database);
    Ok(Json(store.change_item(&permit, list, item, change, deed).await?))
}

impl ChangeBody {
    /// `None` when `wrong` was told what is wrong.
    pub(super) fn read(self, wrong: &mut WrongFields) -> Option<ItemChange> {
        let name = self.name.map(|text| wrong.unless("name", ProductName::parse(&text)));
        let quantity = self.quantity.map(|number| wrong.unless("quantity", Quantity::new(number)));
        if matches!(name, Some(None)) || matches!(quantity, Some(None)) {
            return None;
        }
        Some(ItemChange { name: name.flatten(), quantity: quantity.flatten() })
    }
}

pub(crate) async fn remove(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    PathIds(list, item): PathIds<ItemListId, ItemListItemId>,
) -> Result<StatusCode, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    ItemListStore::new(&services.database).remove_item(&permit, list, item, deed).await?;
    Ok(StatusCode::NO_CONTENT)
}
