//! The `claims` parameter (OpenID Connect Core §5.5): claims asked for one by one, and conditions on whom and how well the
//! user is authenticated.
//!
//! 1. It is a JSON object; what it holds beside `userinfo` and `id_token` is passed over, and so are claims and members of
//!    a claim that are not known.
//! 2. `sub` of the ID token with a value: nobody else's sign-in will do (§3.1.2.2).
//! 3. `acr` of the ID token, essential and with values of which none is ours, cannot be met (§5.5.1.1).
//! 4. What else is asked for is given as far as the client may ask for the scope that carries it.

use std::collections::BTreeMap;

use auth_protocol::oauth_error::ErrorCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Rejection;
use crate::session::ACR_VALUES;

/// Names of claims, for each place that may say them. Kept with the grant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestedClaims {
    pub id_token: Vec<String>,
    pub user_info: Vec<String>,
}

impl RequestedClaims {
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.user_info.is_empty()
    }
}

/// What a `claims` parameter comes to.
#[derive(Debug, Default)]
pub(super) struct ReadClaims {
    pub requested: RequestedClaims,
    /// The only users whose sign-in will do.
    pub subjects: Option<Vec<String>>,
    /// It asks for a way of authentication that there is not.
    pub unmet_authentication: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parameter {
    userinfo: Option<BTreeMap<String, Option<Wish>>>,
    id_token: Option<BTreeMap<String, Option<Wish>>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(try_from = "Map<String, Json>")]
struct Wish {
    essential: bool,
    value: Option<Json>,
    values: Option<Vec<Json>>,
}

/// Derived reading would take a list, too.
impl TryFrom<Map<String, Json>> for Wish {
    type Error = &'static str;

    fn try_from(mut members: Map<String, Json>) -> Result<Self, Self::Error> {
        let essential = match members.get("essential") {
            None => false,
            Some(essential) => essential.as_bool().ok_or("essential is true or false")?,
        };
        let values = match members.remove("values") {
            None => None,
            Some(Json::Array(values)) => Some(values),
            Some(_) => return Err("values is a list"),
        };
        Ok(Self { essential, value: members.remove("value"), values })
    }
}

impl Wish {
    /// The values that will do; none means any.
    fn values(&self) -> Option<Vec<&Json>> {
        let values: Vec<&Json> = self.value.iter().chain(self.values.iter().flatten()).collect();
        (self.value.is_some() || self.values.is_some()).then_some(values)
    }
}

pub(super) fn read_claims(text: Option<&str>) -> Result<ReadClaims, Rejection> {
    let Some(text) = text else { return Ok(ReadClaims::default()) };
    let invalid = |description: &str| Rejection::new(ErrorCode::InvalidRequest, description);
    // serde would take a list for an object whose members come in order.
    let json: Json = serde_json::from_str(text).map_err(|_| invalid("claims is no JSON"))?;
    let parameter: Option<Parameter> = json.is_object().then(|| serde_json::from_value(json).ok()).flatten();
    let parameter = parameter.ok_or_else(|| invalid("claims is not as OpenID Connect Core section 5.5 wants it"))?;
    let id_token = parameter.id_token.unwrap_or_default();
    let wish = |name: &str| id_token.get(name).cloned().flatten().unwrap_or_default();
    let subjects = match wish("sub").values() {
        None => None,
        Some(values) => {
            let names: Option<Vec<String>> =
                values.into_iter().map(|value| value.as_str().map(str::to_owned)).collect();
            Some(names.ok_or_else(|| invalid("claims wants a sub that is no text"))?)
        }
    };
    let authentication = wish("acr");
    let unmet_authentication = authentication.essential
        && authentication.values().is_some_and(|values| {
            !values.iter().any(|value| value.as_str().is_some_and(|acr| ACR_VALUES.contains(&acr)))
        });
    let requested = RequestedClaims {
        id_token: id_token.into_keys().collect(),
        user_info: parameter.userinfo.unwrap_or_default().into_keys().collect(),
    };
    Ok(ReadClaims { requested, subjects, unmet_authentication })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<ReadClaims> {
        read_claims(Some(text)).ok()
    }

    #[test]
    fn the_specifications_example() {
        let claims = read(
            r#"{"userinfo": {"given_name": {"essential": true}, "nickname": null, "email": {"essential": true},
                             "http://example.info/claims/groups": null},
                "id_token": {"auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]}}}"#,
        )
        .unwrap();
        assert_eq!(claims.requested.id_token, ["acr", "auth_time"]);
        assert_eq!(
            claims.requested.user_info,
            ["email", "given_name", "http://example.info/claims/groups", "nickname"]
        );
        assert_eq!(claims.subjects, None);
        assert!(!claims.unmet_authentication, "a voluntary claim");
    }

    #[test]
    fn a_subject_and_an_essential_way_of_authentication_are_conditions() {
        assert_eq!(read(r#"{"id_token":{"sub":{"value":"a"}}}"#).unwrap().subjects.unwrap(), ["a"]);
        assert_eq!(read(r#"{"id_token":{"sub":{"values":["a","b"]}}}"#).unwrap().subjects.unwrap(), ["a", "b"]);
        assert_eq!(read(r#"{"userinfo":{"sub":{"value":"a"}}}"#).unwrap().subjects, None);
        let acr = |wish: &str| read(&format!(r#"{{"id_token":{{"acr":{wish}}}}}"#)).unwrap().unmet_authentication;
        assert!(acr(r#"{"essential":true,"value":"urn:other"}"#));
        assert!(acr(r#"{"essential":true,"values":[]}"#));
        assert!(!acr(&format!(r#"{{"essential":true,"values":["urn:other","{}"]}}"#, ACR_VALUES[0])));
        assert!(!acr(r#"{"essential":true}"#) && !acr("null") && !acr(r#"{"value":"urn:other"}"#));
    }

    #[test]
    fn what_is_malformed_is_refused_and_what_is_unknown_passed_over() {
        for malformed in [
            "",
            "{",
            "null",
            "[]",
            "7",
            r#""id_token""#,
            r#"{"id_token":[]}"#,
            r#"{"id_token":{"email":true}}"#,
            r#"{"id_token":{"email":[true]}}"#,
            r#"{"userinfo":{"email":{"essential":"yes"}}}"#,
            r#"{"id_token":{"acr":{"values":"a"}}}"#,
            r#"{"id_token":{"sub":{"value":7}}}"#,
            r#"{"id_token":{},"id_token":{}}x"#,
            &"[".repeat(2000),
        ] {
            assert!(read(malformed).is_none(), "{malformed:.40}");
        }
        for fine in ["{}", r#"{"id_token":null}"#, r#"{"other":[1],"userinfo":{"x":{"purpose":"why"}}}"#] {
            assert!(read(fine).is_some(), "{fine}");
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_is_answered(text in ".{0,80}", json in r#"[\[\]{}":,a-z0-9 ]{0,60}"#) {
            let _ = read(&text);
            let _ = read(&json);
        }
    }
}
