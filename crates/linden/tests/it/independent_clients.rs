//! Clients that others wrote, knowing only the standards: the crates `oauth2` and `openidconnect`.

use axum::body::Body;
use gateway::upstream::{Client, MemoryRegistry};
use http_body_util::BodyExt;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse,
};

use crate::program::Shop;
use test_kit::browser::{ANNA, Browser};

#[derive(Debug, thiserror::Error)]
#[error("the request failed")]
struct Failed;

/// The HTTP client that these crates are given; it follows nothing.
async fn send(request: HttpRequest) -> Result<HttpResponse, Failed> {
    let client = Client::new(MemoryRegistry::default()).map_err(|_| Failed)?;
    let response = client.send(request.map(Body::from)).await.map_err(|_| Failed)?;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.map_err(|_| Failed)?.to_bytes();
    Ok(http::Response::from_parts(parts, bytes.to_vec()))
}

fn http_client() -> impl Fn(HttpRequest) -> std::pin::Pin<Box<dyn Future<Output = Result<HttpResponse, Failed>> + Send>>
{
    |request| Box::pin(send(request))
}

#[tokio::test]
async fn openidconnect_discovers_signs_in_reads_user_info_and_signs_out() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let http = http_client();
    let issuer = IssuerUrl::new(format!("{}/auth", shop.origin)).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.unwrap();
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("storefront".to_owned()), None)
        .set_redirect_uri(RedirectUrl::new(format!("{}/", shop.origin)).unwrap());

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("USER".to_owned()))
        .set_pkce_challenge(challenge)
        .url();

    let mut browser = Browser::at(&shop.origin);
    let callback = browser.authorize(address.as_str(), ANNA).await.unwrap();
    assert_eq!(callback.parameter("state").as_ref(), Some(state.secret()));
    assert_eq!(callback.parameter("iss"), Some(format!("{}/auth", shop.origin)));

    let again = PkceCodeVerifier::new(verifier.secret().clone());
    let code = AuthorizationCode::new(callback.parameter("code").unwrap());
    let tokens = client.exchange_code(code).unwrap().set_pkce_verifier(verifier).request_async(&http).await.unwrap();
    let id_token = tokens.id_token().expect("an ID token");
    let verifier = client.id_token_verifier();
    let claims = id_token.claims(&verifier, &nonce).expect("a valid ID token");
    let hash = AccessTokenHash::from_token(
        tokens.access_token(),
        id_token.signing_alg().unwrap(),
        id_token.signing_key(&verifier).unwrap(),
    )
    .unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash));

    let info: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .unwrap()
        .request_async(&http)
        .await
        .unwrap();
    assert_eq!(info.email().map(|email| email.as_str()), Some("anna@fjord.example"));

    let code = AuthorizationCode::new(callback.parameter("code").unwrap());
    let again = client.exchange_code(code).unwrap().set_pkce_verifier(again).request_async(&http).await.unwrap_err();
    assert!(
        matches!(&again, RequestTokenError::ServerResponse(answer)
            if *answer.error() == CoreErrorResponseType::InvalidGrant),
        "{again:?}"
    );

    let hint = id_token.to_string();
    let out = browser
        .post("/auth/logout", &[("id_token_hint", &hint), ("post_logout_redirect_uri", &shop.origin), ("state", "bye")])
        .await
        .unwrap();
    assert_eq!(out.location, Some(format!("{}/?state=bye", shop.origin)));
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn oauth2_gets_a_token_by_client_credentials_and_an_error_it_understands() {
    use oauth2::basic::BasicClient;
    use oauth2::{ClientSecret, TokenUrl};

    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("reporting.toml");
    std::fs::write(
        &file,
        "[[client]]\nserver = \"customers\"\nclient_id = \"reporting\"\nfriendly_name = \"Reporting\"\n\
         authentication_methods = [\"client_secret_basic\"]\ngrant_types = [\"client_credentials\"]\n\
         permissions = [\"READ_ITEM_LIST\"]\nsecret = \"a-secret-for-this-test-only\"\n",
    )
    .unwrap();
    let shop = Shop::start_on(&data.path().join("shop"), "127.0.0.1:0", &["--with", file.to_str().unwrap()]);
    let http = http_client();
    let client = |secret: &str| {
        BasicClient::new(oauth2::ClientId::new("reporting".to_owned()))
            .set_client_secret(ClientSecret::new(secret.to_owned()))
            .set_token_uri(TokenUrl::new(format!("{}/auth/oauth/token", shop.origin)).unwrap())
    };
    let token = client("a-secret-for-this-test-only").exchange_client_credentials().request_async(&http).await.unwrap();
    assert_eq!(oauth2::TokenResponse::expires_in(&token).map(|life| life.as_secs()), Some(300));
    let refused = client("another").exchange_client_credentials().request_async(&http).await.unwrap_err();
    assert!(
        matches!(&refused, oauth2::RequestTokenError::ServerResponse(answer)
            if *answer.error() == oauth2::basic::BasicErrorResponseType::InvalidClient),
        "{refused:?}"
    );
}

/// It knows neither discovery nor user info: what is there of it goes the whole way.
#[tokio::test]
async fn oauth2_signs_in_with_a_proof_key_and_asks_a_service() {
    use oauth2::basic::BasicClient;
    use oauth2::{AuthUrl, TokenUrl};

    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start(data.path());
    let http = http_client();
    let at = |path: &str| format!("{}/auth/oauth/{path}", shop.origin);
    let client = BasicClient::new(oauth2::ClientId::new("storefront".to_owned()))
        .set_auth_uri(AuthUrl::new(at("authorize")).unwrap())
        .set_token_uri(TokenUrl::new(at("token")).unwrap())
        .set_redirect_uri(oauth2::RedirectUrl::new(format!("{}/", shop.origin)).unwrap());
    let (challenge, verifier) = oauth2::PkceCodeChallenge::new_random_sha256();
    let (address, state) = client
        .authorize_url(oauth2::CsrfToken::new_random)
        .add_scope(oauth2::Scope::new("USER".to_owned()))
        .add_scope(oauth2::Scope::new("CUSTOMER".to_owned()))
        .set_pkce_challenge(challenge)
        .url();

    let mut browser = Browser::at(&shop.origin);
    let callback = browser.authorize(address.as_str(), ANNA).await.unwrap();
    assert_eq!(callback.parameter("state").as_ref(), Some(state.secret()));
    let code = || oauth2::AuthorizationCode::new(callback.parameter("code").unwrap());
    let wrong = oauth2::PkceCodeVerifier::new("w".repeat(64));
    let refused = client.exchange_code(code()).set_pkce_verifier(wrong).request_async(&http).await.unwrap_err();
    assert!(
        matches!(&refused, oauth2::RequestTokenError::ServerResponse(answer)
            if *answer.error() == oauth2::basic::BasicErrorResponseType::InvalidGrant),
        "{refused:?}"
    );
    let token = client.exchange_code(code()).set_pkce_verifier(verifier).request_async(&http).await.unwrap();

    let request = http::Request::get(format!("{}/api/cart/item-lists", shop.origin))
        .header("authorization", format!("Bearer {}", oauth2::TokenResponse::access_token(&token).secret()))
        .body(Vec::new())
        .unwrap();
    assert_eq!(send(request).await.unwrap().status(), 200);
}
