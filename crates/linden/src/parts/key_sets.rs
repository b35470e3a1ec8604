//! An issuer's key set lies at its public address. Where authorization servers can be reached from inside, they are asked
//! by that way, under the issuer's own host: no forwarding header needs to be believed.

use axum::body::Body;
use bytes::Bytes;
use gateway::upstream::{CallLimits, Client, Upstream};
use http::{Request, Uri, header};
use resource_guard::FetchError;

#[derive(Clone)]
pub struct KeySets {
    pub client: Client,
    /// Authorization servers, when they are not asked at their public address.
    pub auth: Option<Upstream>,
}

impl KeySets {
    pub async fn fetch(self, url: String) -> Result<Bytes, FetchError> {
        let failed = |error: &dyn std::fmt::Display| FetchError::new(error.to_string());
        let uri: Uri = url.parse().map_err(|error| failed(&error))?;
        let host = uri.authority().map(ToString::to_string).unwrap_or_default();
        let request =
            |base: &str| Request::get(format!("{base}{}", uri.path())).header(header::HOST, &host).body(Body::empty());
        let answer = match &self.auth {
            Some(auth) => auth.call(&self.client, CallLimits::default(), request).await,
            None => {
                let request = Request::get(&url).body(Body::empty()).map_err(|error| failed(&error))?;
                self.client.call(request, CallLimits::default()).await
            }
        };
        let answer = answer.map_err(|error| failed(&error))?;
        match answer.status().is_success() {
            true => Ok(answer.into_body()),
            false => Err(failed(&answer.status())),
        }
    }
}
