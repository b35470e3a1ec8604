use axum::Json;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::claims::{TokenResponse, of_client};
use super::signing::{ACCESS_TOKEN, random_text, sha256};
use super::{Floor, Form};
use crate::shop::{SERVICE, SERVICE_SCOPE};

pub fn issue(floor: &Floor, parameters: &Form) -> Option<Response> {
    let presented = sha256(parameters.get("client_secret").as_bytes());
    if parameters.get("client_id") != SERVICE || !bool::from(presented.ct_eq(&floor.secret_hash)) {
        return None;
    }
    let jti = random_text::<16>()?;
    let access_token = floor.signer.sign(ACCESS_TOKEN, &of_client(&jti))?;
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
