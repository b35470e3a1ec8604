//! Readiness: one guest call, all the way through gateway, token, service and database.

use anyhow::{Result, bail};
use axum::Router;
use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub async fn guest_call(router: &Router, origin: &str) -> Result<()> {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let request = Request::get("/api/cart/item-lists").header(header::HOST, host).body(Body::empty())?;
    let response = router.clone().oneshot(request).await?;
    let status = response.status();
    if !status.is_success() {
        let body = response.into_body().collect().await?.to_bytes();
        bail!("it answered {status}: {}", String::from_utf8_lossy(&body));
    }
    Ok(())
}
