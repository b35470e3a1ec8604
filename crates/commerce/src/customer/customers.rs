use auth_protocol::id::CustomerId;
use axum::Json;
use axum::extract::State;
use resource_guard::Caller;

use crate::Services;
use crate::customer::policy::READ_CUSTOMER;
use crate::customer::store::{Customer, CustomerStore};
use crate::web::failure::Failure;
use crate::web::path_id::PathId;

pub(crate) async fn get(
    State(services): State<Services>,
    caller: Caller,
    PathId(customer): PathId<CustomerId>,
) -> Result<Json<Customer>, Failure> {
    let permit = READ_CUSTOMER.check(&caller, customer)?;
    CustomerStore::new(&services.database).customer(&permit).await?.map(Json).ok_or(Failure::NotFound)
}
