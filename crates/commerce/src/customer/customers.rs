use auth_protocol::id::CustomerId;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::ETAG;
use resource_guard::Caller;

use crate::Services;
use crate::audit::Deed;
use crate::customer::policy::{READ_CUSTOMER, UPDATE_CUSTOMER};
use crate::customer::profile::ProfilePatch;
use crate::customer::store::{Customer, CustomerStore, NotChanged};
use crate::web::body::MergePatch;
use crate::web::failure::Failure;
use crate::web::path_id::PathId;
use crate::web::version::{IfMatch, etag};

pub(crate) async fn get(
    State(services): State<Services>,
    caller: Caller,
    PathId(customer): PathId<CustomerId>,
) -> Result<Response, Failure> {
    let permit = READ_CUSTOMER.check(&caller, customer)?;
    let found = CustomerStore::new(&services.database).customer(&permit).await?;
    found.map(answer).ok_or(Failure::NotFound)
}

/// 200 with the record as it is now. 412 when `If-Match` names another version than the one that there is.
pub(crate) async fn change(
    State(services): State<Services>,
    caller: Caller,
    deed: Deed,
    PathId(customer): PathId<CustomerId>,
    if_match: IfMatch,
    MergePatch(patch): MergePatch<ProfilePatch>,
) -> Result<Response, Failure> {
    let permit = UPDATE_CUSTOMER.check(&caller, customer)?;
    let change = patch.read()?;
    let changed = CustomerStore::new(&services.database).change(&permit, change, if_match, deed).await?;
    Ok(answer(changed))
}

fn answer(customer: Customer) -> Response {
    let etag = etag(customer.version);
    let mut answer = Json(customer).into_response();
    answer.headers_mut().extend(etag.map(|etag| (ETAG, etag)));
    answer
}

impl From<NotChanged> for Failure {
    fn from(reason: NotChanged) -> Self {
        match reason {
            NotChanged::NotFound => Failure::NotFound,
            NotChanged::OtherVersion => Failure::VersionConflict,
            NotChanged::Storage(error) => Failure::Storage(error),
        }
    }
}
