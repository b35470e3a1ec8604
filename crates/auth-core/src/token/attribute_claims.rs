//! Attributes of a user as claims, by the server's map.
//!
//! 1. A claim that the protocol or this server writes is never the map's: such a name is refused when the map is written,
//!    and passed over should it be in one all the same.
//! 2. A mapping with a scope counts for whoever was granted the scope; one without counts for first-party clients.
//! 3. A value longer than its mapping allows is refused where it is written, and left out where it was there before: a token
//!    does not outgrow what was reckoned.

use std::collections::{BTreeMap, HashSet};

use auth_protocol::scope::ScopeSet;
use serde::Serialize;

use super::claims::is_reserved;
use crate::client::Client;
use crate::server::{ClaimMapping, ClaimPlace};
use crate::user::{AttributeValue, Attributes, VALUE_BYTES, is_attribute_name};

const NAME_BYTES: usize = 128;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClaimMapping {
    #[error("{0:?} can be no attribute: its name is 1 to 64 letters, digits or - . _")]
    Attribute(String),
    #[error(
        "{0:?} can be no claim: its name is 1 to {NAME_BYTES} printable ASCII characters without space, quote and backslash"
    )]
    Claim(String),
    #[error("the claim {0} is written by the protocol or by this server: choose another name")]
    Reserved(String),
    #[error("the claim {0} is mapped twice")]
    Twice(String),
    #[error("the claim {0} goes nowhere: name access_token, id_token or userinfo")]
    Nowhere(String),
    #[error("the claim {0} may be 1 to {VALUE_BYTES} bytes long")]
    Length(String),
}

/// What makes each mapping one that can be written, in their order; none, when the map is good.
pub fn check_claim_mappings(mappings: &[ClaimMapping]) -> Vec<(usize, InvalidClaimMapping)> {
    let mut seen = HashSet::new();
    let mut wrong = Vec::new();
    for (place, mapping) in mappings.iter().enumerate() {
        let claim = || mapping.claim.clone();
        let twice = (!seen.insert(mapping.claim.as_str())).then(|| InvalidClaimMapping::Twice(claim()));
        let well_formed = (1..=NAME_BYTES).contains(&mapping.claim.len())
            && mapping.claim.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
        let found = [
            (!is_attribute_name(&mapping.attribute)).then(|| InvalidClaimMapping::Attribute(mapping.attribute.clone())),
            (!well_formed).then(|| InvalidClaimMapping::Claim(claim())),
            is_reserved(&mapping.claim).then(|| InvalidClaimMapping::Reserved(claim())),
            twice,
            mapping.places.is_empty().then(|| InvalidClaimMapping::Nowhere(claim())),
            (!(1..=VALUE_BYTES).contains(&usize::from(mapping.longest_bytes)))
                .then(|| InvalidClaimMapping::Length(claim())),
        ];
        wrong.extend(found.into_iter().flatten().map(|error| (place, error)));
    }
    wrong
}

/// Claims by name, as far as the map has them for this place, this client and this scope.
pub type AttributeClaims<'a> = BTreeMap<&'a str, &'a AttributeValue>;

pub fn attribute_claims<'a>(
    mappings: &'a [ClaimMapping],
    attributes: &'a Attributes,
    place: ClaimPlace,
    client: &Client,
    granted: &ScopeSet,
) -> AttributeClaims<'a> {
    told_mappings(mappings, place, client, granted)
        .filter_map(|mapping| {
            let value = attributes.get(&mapping.attribute)?;
            (value.json_bytes() <= usize::from(mapping.longest_bytes)).then_some((mapping.claim.as_str(), value))
        })
        .collect()
}

/// The mappings that count for this place, this client and this scope.
pub fn told_mappings<'a>(
    mappings: &'a [ClaimMapping],
    place: ClaimPlace,
    client: &Client,
    granted: &ScopeSet,
) -> impl Iterator<Item = &'a ClaimMapping> {
    mappings.iter().filter(move |mapping| {
        mapping.places.contains(&place)
            && !is_reserved(&mapping.claim)
            && mapping.scope.as_ref().map_or(client.settings.first_party, |scope| granted.contains(scope))
    })
}

/// The mappings that an attribute is too long for.
pub fn too_long_for<'a>(
    mappings: &'a [ClaimMapping],
    attribute: &str,
    value: &AttributeValue,
) -> impl Iterator<Item = &'a ClaimMapping> {
    let (attribute, bytes) = (attribute.to_owned(), value.json_bytes());
    mappings.iter().filter(move |mapping| mapping.attribute == attribute && bytes > usize::from(mapping.longest_bytes))
}

/// A token's or an answer's claims, and those of attributes beside them.
#[derive(Debug, Serialize)]
pub struct WithAttributes<'a, C> {
    #[serde(flatten)]
    pub claims: C,
    #[serde(flatten)]
    pub attributes: AttributeClaims<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::ClientSettings;
    use crate::token::tests::client;

    fn mapping(attribute: &str, claim: &str) -> ClaimMapping {
        ClaimMapping {
            attribute: attribute.to_owned(),
            claim: claim.to_owned(),
            places: vec![ClaimPlace::AccessToken, ClaimPlace::Userinfo],
            scope: None,
            longest_bytes: 16,
        }
    }

    fn attributes() -> Attributes {
        serde_json::from_str(r#"{"tier":"gold","note":"longer than sixteen bytes"}"#).unwrap()
    }

    fn told(mappings: &[ClaimMapping], client: &Client, place: ClaimPlace, scope: &str) -> String {
        let (attributes, scope) = (attributes(), ScopeSet::parse(scope).unwrap());
        serde_json::to_string(&attribute_claims(mappings, &attributes, place, client, &scope)).unwrap()
    }

    #[test]
    fn an_attribute_is_told_where_the_map_says() {
        let (client, map) = (client(&[]), [mapping("tier", "loyalty"), mapping("absent", "none")]);
        assert_eq!(told(&map, &client, ClaimPlace::AccessToken, ""), r#"{"loyalty":"gold"}"#);
        assert_eq!(told(&map, &client, ClaimPlace::IdToken, ""), "{}");
    }

    #[test]
    fn others_are_told_by_scope_only() {
        let third_party =
            Client { settings: ClientSettings { first_party: false, ..client(&[]).settings }, ..client(&[]) };
        let by_scope = ClaimMapping { scope: Some("profile".to_owned()), ..mapping("tier", "loyalty") };
        let place = ClaimPlace::Userinfo;
        assert_eq!(told(&[mapping("tier", "loyalty")], &third_party, place, "openid profile"), "{}");
        assert_eq!(told(std::slice::from_ref(&by_scope), &third_party, place, "profile"), r#"{"loyalty":"gold"}"#);
        assert_eq!(told(&[by_scope], &client(&[]), place, "openid"), "{}");
    }

    #[test]
    fn a_reserved_name_is_never_written_and_no_long_value_either() {
        let map = [mapping("tier", "sub"), mapping("tier", "authorities"), mapping("note", "note")];
        assert_eq!(told(&map, &client(&[]), ClaimPlace::AccessToken, ""), "{}");
        let attributes = attributes();
        let value = attributes.get("note").unwrap();
        assert_eq!(too_long_for(&map, "note", value).map(|mapping| &mapping.claim).collect::<Vec<_>>(), ["note"]);
    }

    #[test]
    fn what_the_protocol_and_the_product_write_cannot_be_mapped() {
        for claim in ["iss", "sub", "aud", "exp", "authorities", "customer_id", "acct_id", "email", "acr", "act", "cnf"]
        {
            let wrong = check_claim_mappings(&[mapping("tier", claim)]);
            assert_eq!(wrong, [(0, InvalidClaimMapping::Reserved(claim.to_owned()))]);
        }
        assert!(
            check_claim_mappings(&[mapping("tier", "https://shop.example/tier"), mapping("tier", "locale")]).is_empty()
        );
    }

    #[test]
    fn every_mistake_in_a_map_is_told() {
        let nowhere = ClaimMapping { places: vec![], longest_bytes: 0, ..mapping("a b", "lo yalty") };
        let wrong = check_claim_mappings(&[mapping("tier", "loyalty"), mapping("club", "loyalty"), nowhere]);
        let places: Vec<usize> = wrong.iter().map(|(place, _)| *place).collect();
        assert_eq!((places, &wrong[0].1), (vec![1, 2, 2, 2, 2], &InvalidClaimMapping::Twice("loyalty".to_owned())));
    }

    #[test]
    fn claims_and_attributes_are_one_object() {
        let (attributes, client) = (attributes(), client(&[]));
        let map = [mapping("tier", "loyalty")];
        let scope = ScopeSet::default();
        let attributes = attribute_claims(&map, &attributes, ClaimPlace::AccessToken, &client, &scope);
        let claims = serde_json::json!({ "sub": "anna" });
        let written = serde_json::to_value(WithAttributes { claims: &claims, attributes }).unwrap();
        assert_eq!(written, serde_json::json!({ "sub": "anna", "loyalty": "gold" }));
    }
}
