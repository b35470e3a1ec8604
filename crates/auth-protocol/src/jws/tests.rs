use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn verified(key: &VerifyingKey, typ: &str, token: &str) -> Result<Value, VerifyError> {
    key.verify(typ, &PresentedToken::read(token)?)
}

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
        assert_eq!(verified(&verifying, ACCESS_TOKEN, &token).unwrap()["sub"], "anna");
        assert_eq!(verified(&verifying, ID_TOKEN, &token), Err(VerifyError::WrongType));

        let (message, signature) = token.rsplit_once('.').unwrap();
        let theirs = jsonwebtoken::DecodingKey::from_jwk(&set.keys[0]).unwrap();
        let algorithm = algorithm.name().parse().unwrap();
        assert!(jsonwebtoken::crypto::verify(signature, message.as_bytes(), &theirs, algorithm).unwrap());
    }
}

#[test]
fn a_changed_token_and_a_foreign_key_are_refused() {
    let (ours, theirs) = (key(Algorithm::Es256), key(Algorithm::Es256));
    let verifying = VerifyingKey::from_public(ours.public()).unwrap();
    let foreign = theirs.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
    assert_eq!(verified(&verifying, ACCESS_TOKEN, &foreign), Err(VerifyError::Signature));

    let token = ours.sign(ACCESS_TOKEN, &json!({ "sub": "anna" })).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"ben"}"#);
    let changed = format!("{}.{claims}.{}", parts[0], parts[2]);
    assert_eq!(verified(&verifying, ACCESS_TOKEN, &changed), Err(VerifyError::Signature));
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
        assert!(verified(&verifying, ACCESS_TOKEN, &forged).is_err(), "{header}");
    }
    for token in ["", ".", "a.b", "a.b.c.d", "ä.b.c"] {
        assert_eq!(verified(&verifying, ACCESS_TOKEN, token), Err(VerifyError::Malformed), "{token}");
    }
}

/// RFC 7515, appendix A.3.
#[test]
fn the_standards_own_example_is_verified() {
    let key = json!({
        "kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "example",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    });
    let key = VerifyingKey::from_jwk(&serde_json::from_value(key).unwrap()).unwrap();
    let token = "eyJhbGciOiJFUzI1NiJ9.\
                 eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
                 DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
    let claims: Value = key.verify_of_any_type(&PresentedToken::read(token).unwrap()).unwrap();
    assert_eq!(claims["iss"], "joe");
}

#[test]
fn a_key_verifies_what_its_kind_says_and_nothing_else() {
    let published = serde_json::to_value(key(Algorithm::Es256).public()).unwrap();
    assert!(VerifyingKey::from_jwk(&serde_json::from_value(published.clone()).unwrap()).is_some());
    for (member, value) in [("alg", "RS256"), ("alg", "EdDSA"), ("crv", "P-384"), ("x", "AAAA"), ("y", "")] {
        let mut changed = published.clone();
        changed[member] = json!(value);
        let key = serde_json::from_value(changed).map(|jwk| VerifyingKey::from_jwk(&jwk));
        assert!(!matches!(key, Ok(Some(_))), "{member}: {value}");
    }
}

#[test]
fn a_token_is_three_parts_the_first_of_them_a_header() {
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let (header, claims) = (part(r#"{"alg":"ES256","kid":"k"}"#), part(r#"{"iss":"joe"}"#));
    let token = format!("{header}.{claims}.");
    assert_eq!(PresentedToken::read(&token).unwrap().key_id(), Some("k"));
    for header in [r#"{"kid":"k"}"#, r#"{"alg":"ES256","kid":7}"#, "[]", ""] {
        assert_eq!(
            PresentedToken::read(&format!("{}.{claims}.", part(header))).err(),
            Some(VerifyError::Malformed),
            "{header}"
        );
    }
    for token in ["", "..", &header, &format!("{header}.{claims}"), &format!("{header}.{claims}.a.b")] {
        assert_eq!(PresentedToken::read(token).err(), Some(VerifyError::Malformed), "{token}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_a_token_panic(token in ".{0,200}") {
        let _ = PresentedToken::read(&token);
    }
}
