use crate::cart::policy::{CREATE_OWN, DELETE_OWN, READ_OWN, READ_PUBLIC, UPDATE_OWN};
use crate::cart::{item_changes, items, lists};
use crate::web::routes::Routes;

pub(crate) fn routes() -> Routes {
    let own_or_public = [READ_OWN.requirement(), READ_PUBLIC.requirement()];
    let update = [UPDATE_OWN.requirement()];
    Routes::new()
        .get("/item-lists", own_or_public, lists::list)
        .post("/item-lists", [CREATE_OWN.requirement()], lists::create)
        .get("/item-lists/{id}", own_or_public, lists::get)
        .patch("/item-lists/{id}", update, lists::rename)
        .delete("/item-lists/{id}", [DELETE_OWN.requirement()], lists::delete)
        .get("/item-lists/{id}/items", own_or_public, items::list)
        .post("/item-lists/{id}/items", update, items::put)
        .patch("/item-lists/{id}/items", update, item_changes::change_many)
        .patch("/item-lists/{id}/items/{item}", update, items::change)
        .delete("/item-lists/{id}/items/{item}", update, items::remove)
}
