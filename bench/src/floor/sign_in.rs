//! A whole sign-in, without any check that a stranger would call for.
//!
//! 1. Authorize redirects to the form page; the request travels along.
//! 2. The form page carries it as a hidden field.
//! 3. The form's password is hashed, session and code are committed, and the browser is sent back with the code.
//! 4. The code is redeemed in a second commit, for an access and an ID token.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use url::form_urlencoded::Serializer;

use super::claims::{TokenResponse, access_token, id_token, user};
use super::signing::{ACCESS_TOKEN, ID_TOKEN, random_text, sha256};
use super::{Floor, Form};
use crate::shop::{ISSUER, STOREFRONT, STOREFRONT_SCOPE};

pub async fn authorize(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    if Form::read(query.as_bytes()).get("client_id") != STOREFRONT {
        return StatusCode::BAD_REQUEST.into_response();
    }
    Redirect::to(&format!("/auth/login?request={}", URL_SAFE_NO_PAD.encode(query))).into_response()
}

pub async fn page(RawQuery(query): RawQuery) -> Html<String> {
    let parameters = Form::read(query.unwrap_or_default().as_bytes());
    Html(format!(
        r#"<!doctype html><html lang="en"><title>Sign in</title><form method="post" action="/auth/login">
<input type="hidden" name="request" value="{}">
<input name="username"><input name="password" type="password"><button>Sign in</button></form></html>"#,
        parameters.get("request")
    ))
}

pub async fn submit(State(floor): State<Arc<Floor>>, body: Bytes) -> Response {
    let location = signed_in(&floor, &Form::read(&body)).await;
    location.map_or_else(|| StatusCode::BAD_REQUEST.into_response(), |location| Redirect::to(&location).into_response())
}

async fn signed_in(floor: &Floor, form: &Form) -> Option<String> {
    let request = Form::read(&URL_SAFE_NO_PAD.decode(form.get("request")).ok()?);
    floor.hashing.hash(form.get("password").to_owned()).await?;
    let (session, code) = (random_text::<32>()?, random_text::<32>()?);
    let (challenge, nonce) = (request.get("code_challenge").to_owned(), request.get("nonce").to_owned());
    let kept = floor.store.sign_in(sha256(session.as_bytes()), sha256(code.as_bytes()), challenge, nonce).await;
    if !kept {
        return None;
    }
    let mut answer = Serializer::new(String::new());
    answer.append_pair("code", &code).append_pair("state", request.get("state")).append_pair("iss", ISSUER);
    Some(format!("{}?{}", request.get("redirect_uri"), answer.finish()))
}

pub async fn redeem(floor: &Floor, parameters: &Form) -> Option<Response> {
    let redeemed = floor.store.redeem(sha256(parameters.get("code").as_bytes())).await?;
    let verifier = sha256(parameters.get("code_verifier").as_bytes());
    if URL_SAFE_NO_PAD.encode(verifier) != redeemed.code_challenge {
        return None;
    }
    let jti = random_text::<16>()?;
    let signed = floor.signer.sign(ACCESS_TOKEN, &access_token(&jti, Some(user())))?;
    let at_hash = URL_SAFE_NO_PAD.encode(&sha256(signed.as_bytes())[..16]);
    let id_token = floor.signer.sign(ID_TOKEN, &id_token(&at_hash, &redeemed.nonce))?;
    let answer = TokenResponse {
        access_token: signed,
        token_type: "Bearer",
        expires_in: 300,
        scope: STOREFRONT_SCOPE,
        id_token: Some(id_token),
        user: Some(user()),
    };
    Some(Json(answer).into_response())
}
