use auth_protocol::id::CustomerId;
use axum::Json;
use axum::extract::State;
use resource_guard::Caller;

use crate::Services;
use crate::customer::policy::READ_ACCOUNTS;
use crate::customer::store::{Account, CustomerStore};
use crate::web::answer::List;
use crate::web::failure::Failure;
use crate::web::path_id::PathId;

pub(crate) async fn mine(State(services): State<Services>, caller: Caller) -> Result<Json<List<Account>>, Failure> {
    let permit = READ_ACCOUNTS.check_own(&caller)?;
    Ok(Json(List::complete(CustomerStore::new(&services.database).accounts(&permit).await?)))
}

pub(crate) async fn of_customer(
    State(services): State<Services>,
    caller: Caller,
    PathId(customer): PathId<CustomerId>,
) -> Result<Json<List<Account>>, Failure> {
    let permit = READ_ACCOUNTS.check(&caller, customer)?;
    Ok(Json(List::complete(CustomerStore::new(&services.database).accounts(&permit).await?)))
}
