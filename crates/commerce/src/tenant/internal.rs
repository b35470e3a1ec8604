use auth_protocol::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use resource_guard::ProblemAnswer;
use serde_json::json;

use crate::Services;
use crate::tenant::host::HostName;
use crate::tenant::resolution::{Asked, Unresolved, choices, resolve as resolved};
use crate::tenant::store::ApplicationStore;
use crate::trusted_issuer;
use crate::web::failure::Failure;
use crate::web::parameters::Parameters;

/// 200 with the whole application, 404 `application_unknown`, 400 `application_mismatch`.
pub(crate) async fn resolve(State(services): State<Services>, parameters: Parameters) -> Result<Response, Failure> {
    let Ok(host) = needed_host(&parameters)?.parse::<HostName>() else { return Ok(unresolved(Unresolved::Unknown)) };
    let asked = Asked {
        host: &host,
        path: parameters.single("path")?.unwrap_or("/"),
        parameter: parameters.single("application")?,
        token: parameters.single("token")?,
    };
    let candidates = ApplicationStore::new(&services.database).by_host_of_any_tenant(&host).await?;
    Ok(match resolved(&asked, &candidates) {
        Ok(application) => Json(application).into_response(),
        Err(reason) => unresolved(reason),
    })
}

/// 200 with what tells the host's applications apart, 404 `application_unknown`.
pub(crate) async fn host(State(services): State<Services>, parameters: Parameters) -> Result<Response, Failure> {
    let Ok(host) = needed_host(&parameters)?.parse::<HostName>() else { return Ok(unresolved(Unresolved::Unknown)) };
    let candidates = ApplicationStore::new(&services.database).by_host_of_any_tenant(&host).await?;
    Ok(match choices(&host, &candidates) {
        Some(choices) => Json(choices).into_response(),
        None => unresolved(Unresolved::Unknown),
    })
}

/// 200 with all issuers whose tokens count.
pub(crate) async fn issuers(State(services): State<Services>) -> Result<Response, Failure> {
    Ok(Json(trusted_issuer::all(&services.database).await?).into_response())
}

/// 200 with the number that rises when any answer of this address may be another. The gateway asks each second, and forgets
/// what it was told when the number moved.
pub(crate) async fn generation(State(services): State<Services>) -> Result<Response, Failure> {
    let generation = crate::generation(&services.database).await?;
    Ok(Json(json!({ "generation": generation })).into_response())
}

fn needed_host(parameters: &Parameters) -> Result<&str, Failure> {
    parameters.single("host")?.ok_or_else(|| Failure::Malformed("The parameter host is needed.".to_owned()))
}

fn unresolved(reason: Unresolved) -> Response {
    let problem = match reason {
        Unresolved::Unknown => Problem::new(404, "unknown_application", "No shop is registered at this address"),
        Unresolved::Disagreement => Problem::new(400, "application_mismatch", "The request names different shops")
            .detail("Host, path, the parameter application and the header X-Application-Token must agree."),
    };
    ProblemAnswer::from(problem).into_response()
}
