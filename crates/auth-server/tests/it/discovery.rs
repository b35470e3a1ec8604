use axum::http::StatusCode;
use serde_json::{Value as Json, json};

use crate::browser::{Authorization, Call};
use crate::shop::{ISSUER, Shop};

const DOCUMENT: &str = "/.well-known/openid-configuration";

#[tokio::test]
pub async fn the_document_says_what_there_is() {
    let shop = Shop::open().await;
    let answer = shop.send(Call::get(DOCUMENT)).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let at = |endpoint: &str| format!("{ISSUER}{endpoint}");
    assert_eq!(
        answer.json(),
        json!({
            "issuer": ISSUER,
            "authorization_endpoint": at("/oauth/authorize"),
            "pushed_authorization_request_endpoint": at("/oauth/par"),
            "require_pushed_authorization_requests": false,
            "token_endpoint": at("/oauth/token"),
            "userinfo_endpoint": at("/userinfo"),
            "jwks_uri": at("/oauth/jwks"),
            "end_session_endpoint": at("/logout"),
            "scopes_supported": ["openid", "profile", "email", "phone", "CUSTOMER", "GUEST", "STAFF", "USER"],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "form_post"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
            "token_endpoint_auth_methods_supported":
                ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256", "EdDSA", "Ed25519"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": ["urn:linden:acr:password"],
            "prompt_values_supported": ["none", "login"],
            "claims_supported": [
                "iss", "sub", "aud", "exp", "iat", "auth_time", "sid", "acr", "amr", "nonce", "at_hash", "name",
                "preferred_username", "email", "phone_number",
            ],
            "ui_locales_supported": ["de", "en"],
            "claims_parameter_supported": true,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": true,
        })
    );
}

#[tokio::test]
pub async fn it_is_the_same_at_all_its_places() {
    let shop = Shop::open().await;
    let first = shop.send(Call::get(DOCUMENT)).await.json();
    for path in [
        "/auth/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration/auth",
        "/.well-known/oauth-authorization-server/auth",
    ] {
        let answer = shop.send(Call::get(format!("host:{path}"))).await;
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, first.clone()), "{path}");
    }
    let other = shop.send(Call::get("host:/.well-known/openid-configuration/auth/s/other")).await.json();
    assert_eq!(other["issuer"], format!("{ISSUER}/s/other"));
    for nowhere in ["/.well-known/openid-configuration", "/.well-known/openid-configuration/nowhere"] {
        assert_eq!(shop.send(Call::get(format!("host:{nowhere}"))).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn every_endpoint_it_names_exists() {
    let shop = Shop::open().await;
    let document = shop.send(Call::get(DOCUMENT)).await.json();
    let endpoints: Vec<(&String, &Json)> = document
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.ends_with("_endpoint") || *name == "jwks_uri")
        .collect();
    assert_eq!(endpoints.len(), 6);
    for (name, address) in endpoints {
        let path = address.as_str().unwrap().strip_prefix(ISSUER).unwrap();
        let method = if name.starts_with("token") || name.starts_with("pushed") { "POST" } else { "GET" };
        let answer = shop.send(Call::new(method, path)).await;
        assert!(![404, 405].contains(&answer.status.as_u16()), "{name}: {}", answer.status);
    }
}

#[tokio::test]
async fn each_grant_method_and_prompt_it_names_is_taken_and_others_are_not() {
    let shop = Shop::open().await;
    let document = shop.send(Call::get(DOCUMENT)).await.json();
    for grant_type in ["authorization_code", "client_credentials", "refresh_token", "password", "implicit"] {
        let form = Call::post("/oauth/token", &[("client_id", "storefront"), ("grant_type", grant_type)]);
        let offered = shop.send(form).await.oauth_error() != "unsupported_grant_type";
        let named = document["grant_types_supported"].as_array().unwrap().contains(&json!(grant_type));
        assert_eq!(offered, named, "{grant_type}");
    }
    for prompt in ["none", "login", "consent", "select_account", "create"] {
        let answer = shop.browser().send(Authorization::new().with("prompt", prompt).call()).await;
        let error = answer.parameters().get("error").cloned().unwrap_or_default();
        let offered = matches!(error.as_str(), "" | "login_required");
        let named = document["prompt_values_supported"].as_array().unwrap().contains(&json!(prompt));
        assert_eq!(offered, named, "{prompt}: {error}");
    }
    for mode in ["query", "fragment", "form_post", "query.jwt", "web_message"] {
        let asked = Authorization::new().silent().with("response_mode", mode);
        let answer = shop.browser().send(asked.call()).await;
        let error = if answer.is_redirect() { answer.parameter("error") } else { answer.field("error") };
        let named = document["response_modes_supported"].as_array().unwrap().contains(&json!(mode));
        assert_eq!(error == "login_required", named, "{mode}: {error}");
    }
}

#[tokio::test]
pub async fn the_key_set_holds_public_keys_only() {
    let shop = Shop::open().await;
    let answer = shop.send(Call::get("/oauth/jwks")).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "public, max-age=300");
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    assert_eq!(keys.len(), 1);
    for key in keys {
        let members: Vec<&String> = key.as_object().unwrap().keys().collect();
        assert!(
            members.iter().all(|name| ["alg", "crv", "kid", "kty", "use", "x", "y"].contains(&name.as_str())),
            "{members:?}"
        );
        assert_eq!((&key["alg"], &key["use"], &key["kty"]), (&json!("ES256"), &json!("sig"), &json!("EC")));
    }
    assert_eq!(shop.send(Call::get("/oauth2/jwks")).await.body, answer.body);
}
