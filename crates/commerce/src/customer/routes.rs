use crate::customer::policy::{READ_ACCOUNTS, READ_CUSTOMER, UPDATE_CUSTOMER};
use crate::customer::{accounts, customers};
use crate::web::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .get("/accounts/mine", [READ_ACCOUNTS.requirement()], accounts::mine)
        .get("/accounts/customer/{customer}", [READ_ACCOUNTS.requirement()], accounts::of_customer)
        .get("/customers/{customer}", [READ_CUSTOMER.requirement()], customers::get)
        .patch("/customers/{customer}", [UPDATE_CUSTOMER.requirement()], customers::change)
}
