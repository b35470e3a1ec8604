//! Claims that were asked for one by one (OpenID Connect Core §5.5), beside those of the granted scopes: as far as the
//! client may ask for the scope that carries them.

use auth_protocol::claims::ProfileClaims;
use auth_protocol::scope::ScopeSet;
use serde_json::Value as Json;

use super::attribute_claims::{AttributeClaims, attribute_claims};
use super::claims::profile;
use crate::client::Client;
use crate::server::{ClaimMapping, ClaimPlace};
use crate::user::{Attributes, User};

fn scopes_of(client: &Client) -> ScopeSet {
    client.settings.scopes.iter().map(String::as_str).collect()
}

pub fn profile_with(user: &User, granted: &ScopeSet, requested: &[String], client: &Client) -> ProfileClaims {
    let given = profile(user, granted);
    if requested.is_empty() {
        return given;
    }
    let allowed = profile(user, &scopes_of(client));
    let (Ok(Json::Object(mut more)), Ok(Json::Object(allowed))) =
        (serde_json::to_value(&given), serde_json::to_value(allowed))
    else {
        return given;
    };
    more.extend(allowed.into_iter().filter(|(name, _)| requested.contains(name)));
    serde_json::from_value(Json::Object(more)).unwrap_or(given)
}

pub fn attribute_claims_with<'a>(
    mappings: &'a [ClaimMapping],
    attributes: &'a Attributes,
    place: ClaimPlace,
    client: &Client,
    granted: &ScopeSet,
    requested: &[String],
) -> AttributeClaims<'a> {
    let mut given = attribute_claims(mappings, attributes, place, client, granted);
    if !requested.is_empty() {
        let allowed = attribute_claims(mappings, attributes, place, client, &scopes_of(client));
        given.extend(allowed.into_iter().filter(|(name, _)| requested.iter().any(|asked| asked == name)));
    }
    given
}
