use crate::tenant::policy::READ_APPLICATION;
use crate::tenant::{applications, internal};
use crate::web::routes::Routes;

pub(crate) fn routes() -> Routes {
    let read = [READ_APPLICATION.requirement()];
    Routes::new().get("/applications/resolve", read, applications::resolve).get(
        "/applications/{application}",
        read,
        applications::get,
    )
}

/// Never behind the gateway: it demands nothing of callers.
pub(crate) fn internal_routes() -> Routes {
    Routes::new()
        .get("/internal/applications/resolve", [], internal::resolve)
        .get("/internal/generation", [], internal::generation)
        .get("/internal/hosts", [], internal::host)
        .get("/internal/issuers", [], internal::issuers)
}
