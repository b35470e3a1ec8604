use auth_protocol::id::ItemListId;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use resource_guard::Caller;
use serde::Deserialize;

use crate::Services;
use crate::audit::Deed;
use crate::cart::item_list::{ItemList, WrongValue};
use crate::cart::policy::{CREATE_OWN, DELETE_OWN, READ_OWN, READ_PUBLIC, UPDATE_OWN};
use crate::cart::query::Query;
use crate::cart::store::{Creation, ItemListStore, NotChanged};
use crate::cart::wanted::{Position, Wanted};
use crate::cart::{ListName, MOST_ITEMS, MOST_LISTS};
use crate::web::answer::List;
use crate::web::body::Body;
use crate::web::failure::{Failure, field_error};
use crate::web::paging::{Listing, PageSize, Paging};
use crate::web::parameters::Parameters;
use crate::web::path_id::PathId;

const LISTS: PageSize = PageSize { by_default: 25, most: 100 };

/// Customers get their own lists, `visibility=PUBLIC` and guests get the public ones.
pub(crate) async fn list(
    State(services): State<Services>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Json<List<ItemList>>, Failure> {
    let store = ItemListStore::new(&services.database);
    if wants_public(&parameters, &caller)? {
        let permit = READ_PUBLIC.check(&caller, ())?;
        let listing = Listing::new("public item lists").with(&permit.tenant_id().bytes());
        let application = caller.application_id().map_or([0; 16], |application| application.bytes());
        let (wanted, paging) = wanted(&parameters, listing.with(&application))?;
        return Ok(Json(paging.answer(store.public(&permit, &wanted).await?)));
    }
    let permit = READ_OWN.check_own(&caller)?;
    let listing = Listing::new("own item lists").with(&permit.tenant_id().bytes()).with(&permit.owner().bytes());
    let (wanted, paging) = wanted(&parameters, listing)?;
    Ok(Json(paging.answer(store.own(&permit, &wanted).await?)))
}

fn wanted(parameters: &Parameters, listing: Listing) -> Result<(Wanted, Paging), Failure> {
    if parameters.single("sort")?.is_some() {
        let detail = "Lists come in the order of their names; sort is not supported.".to_owned();
        return Err(Failure::WrongParameter { name: "sort", detail });
    }
    let query = parameters.single("cq")?.map(Query::parse).transpose();
    let query = query.map_err(|error| Failure::QueryNotSupported(error.to_string()))?;
    let meaning = query.as_ref().map(ToString::to_string).unwrap_or_default();
    let paging = Paging::read(parameters, LISTS, listing.with(meaning.as_bytes()))?;
    let after = paging.after.as_deref().map(|bytes| Position::from_bytes(bytes).ok_or(Failure::CursorInvalid));
    Ok((Wanted { query, limit: paging.limit, after: after.transpose()? }, paging))
}

fn wants_public(parameters: &Parameters, caller: &Caller) -> Result<bool, Failure> {
    match parameters.single("visibility")? {
        None => Ok(caller.customer_id().is_none()),
        Some("PUBLIC") => Ok(true),
        Some("PRIVATE") => Ok(false),
        Some(_) => {
            let detail = "The visibility is PRIVATE or PUBLIC.".to_owned();
            Err(Failure::WrongParameter { name: "visibility", detail })
        }
    }
}

pub(crate) async fn get(
    State(services): State<Services>,
    caller: Caller,
    PathId(id): PathId<ItemListId>,
) -> Result<Json<ItemList>, Failure> {
    readable(&services, &caller, id).await.map(Json)
}

/// The caller's own list of that id, or a public one.
pub(super) async fn readable(services: &Services, caller: &Caller, id: ItemListId) -> Result<ItemList, Failure> {
    let store = ItemListStore::new(&services.database);
    let public = READ_PUBLIC.check(caller, ())?;
    if caller.customer_id().is_some()
        && let Some(own) = store.own_by_id(&READ_OWN.check_own(caller)?, id).await?
    {
        return Ok(own);
    }
    store.public_by_id(&public, id).await?.ok_or(Failure::NotFound)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    name: Option<String>,
}

impl Named {
    fn read(self) -> Result<ListName, Failure> {
        let name = self.name.ok_or(WrongValue::Missing).and_then(|name| ListName::parse(&name));
        name.map_err(|wrong| Failure::Fields(vec![field_error("name", wrong.code(), format!("The name {wrong}."))]))
    }
}

/// 201 with the new list. A customer who has a list of that name gets that one with 200, so that a repeated request does
/// no harm.
pub(crate) async fn create(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    Body(named): Body<Named>,
) -> Result<Response, Failure> {
    let permit = CREATE_OWN.check_own(&caller)?;
    let name = named.read()?;
    let (millis, random) = services.id_parts();
    let store = ItemListStore::new(&services.database);
    let creation = store.create(&permit, ItemListId::new(millis, random), &name, deed).await?;
    let (status, list) = match creation {
        Creation::Created(list) => (StatusCode::CREATED, list),
        Creation::Existing(list) => (StatusCode::OK, list),
    };
    Ok((status, Json(list)).into_response())
}

pub(crate) async fn rename(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    PathId(id): PathId<ItemListId>,
    Body(named): Body<Named>,
) -> Result<Json<ItemList>, Failure> {
    let permit = UPDATE_OWN.check_own(&caller)?;
    let name = named.read()?;
    let store = ItemListStore::new(&services.database);
    store.rename(&permit, id, &name, deed).await.map(Json).map_err(Failure::from)
}

pub(crate) async fn delete(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    PathId(id): PathId<ItemListId>,
) -> Result<StatusCode, Failure> {
    let permit = DELETE_OWN.check_own(&caller)?;
    ItemListStore::new(&services.database).delete(&permit, id, deed).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<NotChanged> for Failure {
    fn from(reason: NotChanged) -> Self {
        match reason {
            NotChanged::NotFound => Failure::NotFound,
            NotChanged::NoSuchItem { place } => {
                let message = "There is no such item on this list.";
                Failure::Fields(vec![field_error(&format!("change[{place}].id"), "not_found", message)])
            }
            NotChanged::NameTaken => Failure::NameTaken,
            NotChanged::TooManyLists => Failure::LimitReached { what: "item lists of one customer", limit: MOST_LISTS },
            NotChanged::TooManyItems => Failure::LimitReached { what: "items on one list", limit: MOST_ITEMS },
            NotChanged::Storage(error) => Failure::Storage(error),
        }
    }
}
