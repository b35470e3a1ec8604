use auth_protocol::id::ApplicationId;
use axum::Json;
use axum::extract::State;
use resource_guard::{Caller, Nobody, Permit, Read};
use url::Url;

use crate::Services;
use crate::tenant::host::HostName;
use crate::tenant::model::PublicApplication;
use crate::tenant::policy::{Applications, READ_APPLICATION};
use crate::tenant::resolution::{Asked, resolve as resolved};
use crate::tenant::store::ApplicationStore;
use crate::web::failure::Failure;
use crate::web::parameters::Parameters;
use crate::web::path_id::PathId;

pub(crate) async fn get(
    State(services): State<Services>,
    caller: Caller,
    PathId(id): PathId<ApplicationId>,
) -> Result<Json<PublicApplication>, Failure> {
    let permit = READ_APPLICATION.check(&caller, ())?;
    let application = ApplicationStore::new(&services.database).by_id(&permit, id).await?;
    application.map(|application| Json(application.into())).ok_or(Failure::NotFound)
}

/// By exactly one of `url`, `token` and `id`, among the applications of the token's tenant.
pub(crate) async fn resolve(
    State(services): State<Services>,
    caller: Caller,
    parameters: Parameters,
) -> Result<Json<PublicApplication>, Failure> {
    let permit = READ_APPLICATION.check(&caller, ())?;
    let store = ApplicationStore::new(&services.database);
    let named = (parameters.single("url")?, parameters.single("token")?, parameters.single("id")?);
    let application = match named {
        (Some(url), None, None) => by_url(&store, &permit, url).await?,
        (None, Some(token), None) => store.by_token(&permit, token).await?,
        (None, None, Some(id)) => match id.parse() {
            Ok(id) => store.by_id(&permit, id).await?,
            Err(_) => None,
        },
        _ => return Err(Failure::Malformed("Name the application by one of url, token and id.".to_owned())),
    };
    application.map(|application| Json(application.into())).ok_or(Failure::NotFound)
}

async fn by_url(
    store: &ApplicationStore,
    permit: &Permit<Read, Applications, Nobody>,
    url: &str,
) -> Result<Option<crate::tenant::Application>, Failure> {
    let not_an_address = || Failure::Malformed("The parameter url is not an http or https address.".to_owned());
    let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(not_an_address)?;
    let host = HostName::of(&url).map_err(|_| not_an_address())?;
    let parameter = url.query_pairs().find(|(name, _)| name == "application").map(|(_, value)| value.into_owned());
    let asked = Asked { host: &host, path: url.path(), parameter: parameter.as_deref(), token: None };
    Ok(resolved(&asked, &store.by_host(permit, &host).await?).ok())
}
