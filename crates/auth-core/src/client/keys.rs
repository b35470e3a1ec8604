//! A client's public keys, as its operator gave them: what its assertions are verified with.

use auth_protocol::jwk::{InvalidKey, JwkSet, PublicKey, key_set};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Enough for a key that is used, one that comes and one that goes, on several machines.
pub const MOST_CLIENT_KEYS: usize = 8;

/// One to [`MOST_CLIENT_KEYS`] keys with a `kid` each. Written and read as a JSON Web Key Set (RFC 7517 §5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "GivenKeys", into = "JwkSet")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(with = "GivenKeys", inline))]
pub struct ClientKeys(Vec<PublicKey>);

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
struct GivenKeys {
    #[cfg_attr(feature = "schema", schemars(with = "Vec<serde_json::Map<String, Value>>"))]
    keys: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidClientKeys {
    #[error("must hold 1 to {MOST_CLIENT_KEYS} keys")]
    Count,
    #[error("key {position}: {reason}")]
    Key { position: usize, reason: InvalidKey },
    #[error("two keys have the kid {0}")]
    SameKeyId(String),
}

impl ClientKeys {
    /// From the members of each key; keys of kinds that are not taken are refused, since nobody would miss them before the
    /// first assertion.
    pub fn read(keys: &[Value]) -> Result<Self, InvalidClientKeys> {
        if !(1..=MOST_CLIENT_KEYS).contains(&keys.len()) {
            return Err(InvalidClientKeys::Count);
        }
        let mut read: Vec<PublicKey> = Vec::with_capacity(keys.len());
        for (index, key) in keys.iter().enumerate() {
            let key = PublicKey::from_members(key)
                .map_err(|reason| InvalidClientKeys::Key { position: index + 1, reason })?;
            if read.iter().any(|other| other.key_id() == key.key_id()) {
                return Err(InvalidClientKeys::SameKeyId(key.key_id().to_owned()));
            }
            read.push(key);
        }
        Ok(Self(read))
    }

    /// The key with this `kid`; without one, the only key there is (OpenID Connect Core §10.1).
    pub fn key(&self, key_id: Option<&str>) -> Option<&PublicKey> {
        match (key_id, self.0.as_slice()) {
            (Some(key_id), keys) => keys.iter().find(|key| key.key_id() == key_id),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }
}

impl TryFrom<GivenKeys> for ClientKeys {
    type Error = InvalidClientKeys;
    fn try_from(given: GivenKeys) -> Result<Self, InvalidClientKeys> {
        Self::read(&given.keys)
    }
}

impl From<ClientKeys> for JwkSet {
    fn from(keys: ClientKeys) -> Self {
        key_set(keys.0)
    }
}

#[cfg(test)]
mod tests {
    use auth_protocol::jws::{Algorithm, SigningKey, new_private_key};
    use serde_json::json;

    use super::*;

    fn members(algorithm: Algorithm, key_id: &str) -> Value {
        let key = SigningKey::from_pkcs8(algorithm, &new_private_key(algorithm).unwrap()).unwrap();
        let mut members = serde_json::to_value(key.public()).unwrap();
        members["kid"] = json!(key_id);
        members
    }

    #[test]
    fn a_key_is_found_by_its_id_and_without_one_only_when_it_is_alone() {
        let (a, b) = (members(Algorithm::Es256, "a"), members(Algorithm::EdDsa, "b"));
        let both = ClientKeys::read(&[a.clone(), b]).unwrap();
        assert_eq!(both.key(Some("b")).unwrap().algorithm(), Algorithm::EdDsa);
        assert_eq!((both.key(Some("c")), both.key(None)), (None, None));
        assert_eq!(ClientKeys::read(&[a]).unwrap().key(None).unwrap().key_id(), "a");
    }

    #[test]
    fn what_is_written_is_read_again_and_holds_no_more_than_is_needed() {
        let mut given = members(Algorithm::Rs256, "a");
        given["x5c"] = json!(["a certificate"]);
        let keys: ClientKeys = serde_json::from_value(json!({ "keys": [given] })).unwrap();
        let text = serde_json::to_string(&keys).unwrap();
        assert!(!text.contains("x5c"), "{text}");
        assert_eq!(serde_json::from_str::<ClientKeys>(&text).unwrap(), keys);
    }

    #[test]
    fn too_few_too_many_alike_and_private_keys_are_refused() {
        let key = members(Algorithm::Es256, "a");
        let mut private = members(Algorithm::Es256, "b");
        private["d"] = json!("AAAA");
        let many: Vec<Value> = (0..9).map(|number| members(Algorithm::Es256, &number.to_string())).collect();
        for (keys, wrong) in [
            (vec![], "must hold 1 to 8 keys"),
            (many, "must hold 1 to 8 keys"),
            (vec![key.clone(), key.clone()], "two keys have the kid a"),
            (vec![key, private], "key 2: holds the private member d"),
        ] {
            let told = ClientKeys::read(&keys).unwrap_err().to_string();
            assert!(told.starts_with(wrong), "{told}");
        }
        assert!(serde_json::from_str::<ClientKeys>(r#"{"keys":{}}"#).is_err());
    }
}
