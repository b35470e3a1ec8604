use axum::Json;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::claims::{TokenResponse, of_client};
use super::signing::{ACCESS_TOKEN, random_text, sha256};
use super::{Floor, Form};
use crate::shop::{RSA_SERVICE, SERVICE, SERVICE_SCOPE};

pub fn issue(floor: &Floor, parameters: &Form) -> Option<Response> {
    let presented = sha256(parameters.get("client_secret").as_bytes());
    let client_id = parameters.get("client_id");
    if !matches!(client_id, SERVICE | RSA_SERVICE) || !bool::from(presented.ct_eq(&floor.secret_hash)) {
        return None;
    }
    let jti = random_text::<16>()?;
    let claims = of_client(client_id, &jti);
    let access_token = match client_id {
        RSA_SERVICE => floor.rsa_signer.as_ref()?.sign(ACCESS_TOKEN, &claims)?,
        _ => floor.signer.sign(ACCESS_TOKEN, &claims)?,
    };
    let answer = TokenResponse {
        access_token,
        token_type: "Bearer",
        expires_in: 300,
        scope: SERVICE_SCOPE,
        id_token: None,
        user: None,
    };
    Some(Json(answer).into_response())
}
