//! Public keys that others give us, such as a client's. Everything about them is checked once, when they are written, so
//! that nothing is left to be found out at a request.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::{PublicKey, PublicParameters};
use crate::jws::VerifyingKey;

/// Members of private and of shared keys (RFC 7518 §6.2.2, §6.3.2, §6.4).
const PRIVATE: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=512;
const LONGEST_KEY_ID: usize = 128;

/// Why a key cannot be used. Says what to change, and nothing of the key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidKey {
    #[error("a key must be a JSON Web Key, with kty and its members")]
    NoKey,
    #[error("holds the private member {0}: give the public half alone, and take a new key, since this one was shown")]
    Private(&'static str),
    #[error("kty must be EC with crv P-256, RSA, or OKP with crv Ed25519")]
    Kind,
    #[error("{0} is missing, or no base64url of the right length")]
    Member(&'static str),
    #[error("an RSA key must have 2048 to 4096 bits")]
    RsaSize,
    #[error("the members make no key: the point is not on the curve, or the exponent is none")]
    NoSuchKey,
    #[error("alg is another than the key's own")]
    Algorithm,
    #[error("use must be sig, or left out")]
    Use,
    #[error("kid must be 1 to {LONGEST_KEY_ID} visible characters of ASCII, or left out")]
    KeyId,
}

impl PublicKey {
    /// Reads a JSON Web Key (RFC 7517 §4). Without a `kid` it goes by its thumbprint (RFC 7638); members that say nothing
    /// about the key itself are dropped.
    pub fn from_members(members: &Value) -> Result<Self, InvalidKey> {
        let members = members.as_object().ok_or(InvalidKey::NoKey)?;
        if let Some(private) = PRIVATE.into_iter().find(|name| members.contains_key(*name)) {
            return Err(InvalidKey::Private(private));
        }
        let mut key = match (text(members, "kty"), text(members, "crv")) {
            (Some("EC"), Some("P-256")) => elliptic(members)?,
            (Some("OKP"), Some("Ed25519")) => edwards(members)?,
            (Some("RSA"), None) => rsa(members)?,
            _ => return Err(InvalidKey::Kind),
        };
        if VerifyingKey::from_public(&key).is_none() {
            return Err(InvalidKey::NoSuchKey);
        }
        match members.get("alg") {
            Some(named) if !named.as_str().is_some_and(|name| key.algorithm().is_named(name)) => {
                return Err(InvalidKey::Algorithm);
            }
            _ => {}
        }
        if members.get("use").is_some_and(|usage| usage != "sig") {
            return Err(InvalidKey::Use);
        }
        if let Some(key_id) = members.get("kid") {
            let key_id = key_id.as_str().filter(|id| is_key_id(id)).ok_or(InvalidKey::KeyId)?;
            key.0.common.key_id = Some(key_id.to_owned());
        }
        Ok(key)
    }
}

fn is_key_id(text: &str) -> bool {
    (1..=LONGEST_KEY_ID).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    members.get(name)?.as_str()
}

fn bytes(members: &Map<String, Value>, name: &'static str) -> Result<Vec<u8>, InvalidKey> {
    let decoded = text(members, name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
    decoded.filter(|bytes| !bytes.is_empty()).ok_or(InvalidKey::Member(name))
}

fn thirty_two(members: &Map<String, Value>, name: &'static str) -> Result<[u8; 32], InvalidKey> {
    bytes(members, name)?.try_into().map_err(|_| InvalidKey::Member(name))
}

fn elliptic(members: &Map<String, Value>) -> Result<PublicKey, InvalidKey> {
    let (x, y) = (thirty_two(members, "x")?, thirty_two(members, "y")?);
    PublicKey::new(PublicParameters::EcP256 { x: &x, y: &y }).map_err(|_| InvalidKey::NoSuchKey)
}

fn edwards(members: &Map<String, Value>) -> Result<PublicKey, InvalidKey> {
    let x = thirty_two(members, "x")?;
    PublicKey::new(PublicParameters::Ed25519 { x: &x }).map_err(|_| InvalidKey::NoSuchKey)
}

fn rsa(members: &Map<String, Value>) -> Result<PublicKey, InvalidKey> {
    let (n, e) = (bytes(members, "n")?, bytes(members, "e")?);
    // Zeros in front are not allowed (RFC 7518 §6.3.1.1), and they would make a short key look long.
    if n[0] == 0 {
        return Err(InvalidKey::Member("n"));
    }
    // Longer ones make every verification dear; 65537 is what everybody has.
    if e[0] == 0 || e.len() > 4 {
        return Err(InvalidKey::Member("e"));
    }
    if !RSA_BYTES.contains(&n.len()) || n.len() == *RSA_BYTES.start() && n[0] & 0x80 == 0 {
        return Err(InvalidKey::RsaSize);
    }
    // An exponent of 1 would let everybody sign.
    let is_odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
    if !is_odd(&n) || !is_odd(&e) || e == [1] {
        return Err(InvalidKey::NoSuchKey);
    }
    PublicKey::new(PublicParameters::Rsa { n: &n, e: &e }).map_err(|_| InvalidKey::NoSuchKey)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::jws::{Algorithm, PresentedToken, SigningKey, new_private_key};

    fn published(algorithm: Algorithm) -> (SigningKey, Value) {
        let key = SigningKey::from_pkcs8(algorithm, &new_private_key(algorithm).unwrap()).unwrap();
        let members = serde_json::to_value(key.public()).unwrap();
        (key, members)
    }

    fn with(members: &Value, name: &str, value: Value) -> Value {
        let mut members = members.clone();
        members[name] = value;
        members
    }

    #[test]
    fn a_public_key_is_read_as_it_was_published() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa] {
            let (signing, members) = published(algorithm);
            let read = PublicKey::from_members(&members).unwrap();
            assert_eq!((&read, read.algorithm()), (signing.public(), algorithm));
            let token = signing.sign("JWT", &json!({ "sub": "anna" })).unwrap();
            let verifying = VerifyingKey::from_public(&read).unwrap();
            assert!(verifying.verify::<Value>("JWT", &PresentedToken::read(&token).unwrap()).is_ok());

            let named = PublicKey::from_members(&with(&members, "kid", json!("2026-11"))).unwrap();
            assert_eq!(named.key_id(), "2026-11");
            let mut bare = members.clone();
            for name in ["kid", "use", "alg"] {
                bare.as_object_mut().unwrap().remove(name);
            }
            let bare = PublicKey::from_members(&with(&bare, "x5t", json!("dropped"))).unwrap();
            assert_eq!(&bare, signing.public(), "by its thumbprint");
        }
    }

    #[test]
    fn private_and_shared_keys_are_refused_by_name() {
        for algorithm in [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa] {
            let (_, members) = published(algorithm);
            for name in PRIVATE {
                let private = with(&members, name, json!("AQAB"));
                assert_eq!(PublicKey::from_members(&private), Err(InvalidKey::Private(name)));
            }
        }
        let shared = json!({ "kty": "oct", "k": "AAAA" });
        assert_eq!(PublicKey::from_members(&shared), Err(InvalidKey::Private("k")));
    }

    #[test]
    fn what_is_no_key_of_ours_is_told() {
        let (ec, rsa) = (published(Algorithm::Es256).1, published(Algorithm::Rs256).1);
        let ed = published(Algorithm::EdDsa).1;
        let number = |bytes: &[u8]| json!(URL_SAFE_NO_PAD.encode(bytes));
        let mut small = vec![0x7f; 256];
        small[255] |= 1;
        for (members, wrong) in [
            (json!("key"), InvalidKey::NoKey),
            (json!({}), InvalidKey::Kind),
            (with(&ec, "crv", json!("P-384")), InvalidKey::Kind),
            (with(&ed, "crv", json!("X25519")), InvalidKey::Kind),
            (with(&ec, "x", json!("AA")), InvalidKey::Member("x")),
            (with(&ec, "y", json!(7)), InvalidKey::Member("y")),
            (with(&ec, "x", number(&[1; 32])), InvalidKey::NoSuchKey),
            (with(&ed, "x", json!("not base64url!")), InvalidKey::Member("x")),
            (with(&rsa, "n", number(&[0xff; 128])), InvalidKey::RsaSize),
            (with(&rsa, "n", number(&small)), InvalidKey::RsaSize),
            (with(&rsa, "n", number(&[0xff; 513])), InvalidKey::RsaSize),
            (with(&rsa, "n", number(&[&[0][..], &[0xff; 256]].concat())), InvalidKey::Member("n")),
            (with(&rsa, "n", number(&[0xfe; 256])), InvalidKey::NoSuchKey),
            (with(&rsa, "e", number(&[1])), InvalidKey::NoSuchKey),
            (with(&rsa, "e", number(&[4])), InvalidKey::NoSuchKey),
            (with(&rsa, "e", number(&[1; 9])), InvalidKey::Member("e")),
            (with(&rsa, "alg", json!("PS256")), InvalidKey::Algorithm),
            (with(&ec, "alg", json!("RS256")), InvalidKey::Algorithm),
            (with(&ec, "use", json!("enc")), InvalidKey::Use),
            (with(&ec, "kid", json!("")), InvalidKey::KeyId),
            (with(&ec, "kid", json!("a b")), InvalidKey::KeyId),
            (with(&ec, "kid", json!("x".repeat(129))), InvalidKey::KeyId),
        ] {
            assert_eq!(PublicKey::from_members(&members), Err(wrong), "{members:.200}");
        }
    }
}
