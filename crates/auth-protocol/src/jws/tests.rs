use serde_json::{Value, json};

use super::*;

fn key(algorithm: Algorithm) -> SigningKey {
    SigningKey::from_pkcs8(algorithm, &new_private_key(algorithm).unwrap()).unwrap()
}

#[test]
fn what_a_key_signs_its_published_half_verifies() {
    for algorithm in [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Rs256] {
        let signing = key(algorithm);
        let published = serde_json::to_string(&crate::jwk::key_set([signing.public().clone()])).unwrap();
        assert!(!published.contains("\"d\""), "{published}");
        let set: crate::jwk::JwkSet = serde_json::from_str(&published).unwrap();
        let verifying = VerifyingKey::from_jwk(&set.keys[0]).unwrap();
        assert_eq!(verifying.key_id(), signing.public().key_id());

        let token = signing.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
        assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, &token).unwrap()["sub"], "anna");
        assert_eq!(verifying.verify::<Value>(ID_TOKEN, &token), Err(VerifyError::WrongType));
    }
}

#[test]
fn a_changed_token_and_a_foreign_key_are_refused() {
    let (ours, theirs) = (key(Algorithm::Es256), key(Algorithm::Es256));
    let verifying = VerifyingKey::from_public(ours.public()).unwrap();
    let foreign = theirs.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
    assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, &foreign), Err(VerifyError::Signature));

    let token = ours.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"ben"}"#);
    let changed = format!("{}.{claims}.{}", parts[0], parts[2]);
    assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, &changed), Err(VerifyError::Signature));
}

/// RFC 9864 gave Ed25519 a name of its own, which newer programs write.
#[test]
fn ed25519_goes_by_both_of_its_names() {
    assert!(Algorithm::EdDsa.is_named("EdDSA") && Algorithm::EdDsa.is_named("Ed25519"));
    assert!(!Algorithm::EdDsa.is_named("Ed448") && !Algorithm::Es256.is_named("Ed25519"));
    let key = key(Algorithm::EdDsa);
    let mut published = serde_json::to_value(key.public()).unwrap();
    published["alg"] = json!("Ed25519");
    assert_eq!(&crate::jwk::PublicKey::from_members(&published).unwrap(), key.public());
}

#[test]
fn no_algorithm_but_the_keys_own_counts() {
    let signing = key(Algorithm::Es256);
    let verifying = VerifyingKey::from_public(signing.public()).unwrap();
    for header in [r#"{"alg":"none","typ":"at+jwt"}"#, r#"{"alg":"HS256","typ":"at+jwt"}"#] {
        let forged = format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode("{}"));
        assert!(verifying.verify::<Value>(ACCESS_TOKEN, &forged).is_err(), "{header}");
    }
    for token in ["", ".", "a.b", "a.b.c.d", "ä.b.c"] {
        assert_eq!(verifying.verify::<Value>(ACCESS_TOKEN, token), Err(VerifyError::Malformed), "{token}");
    }
}
