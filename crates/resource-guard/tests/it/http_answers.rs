//! The layer and the extractors, seen from outside.

use auth_protocol::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use resource_guard::{Caller, ContextRequest, Customer, Guard, Policy, Read, Refusal, Resource};
use serde_json::json;
use tower::ServiceExt;

use crate::issuer::{APPLICATION, CUSTOMER, Issuer, OTHER_TENANT, TENANT, key, token};

#[derive(Clone, Copy)]
struct ItemList;
impl Resource for ItemList {
    const ROOT: &'static str = "ITEM_LIST";
}

const READ_OWN: Policy<Read, ItemList, Customer> = Policy::operation(Read).root(ItemList).owned_by(Customer);

async fn own(caller: Caller) -> Result<String, Refusal> {
    Ok(READ_OWN.check_own(&caller)?.owner().to_string())
}

async fn context(context: ContextRequest) -> String {
    format!("{context:?}")
}

fn routes() -> Router<Guard> {
    Router::new().route("/own", get(own)).route("/context", get(context))
}

struct Shop {
    issuer: Issuer,
    good: String,
    key: auth_protocol::jws::SigningKey,
}

fn shop() -> Shop {
    let key = key();
    Shop { issuer: Issuer::publishing(&[&key]), good: format!("Bearer {}", token(&key, json!({}))), key }
}

impl Shop {
    /// By the layer and by the extractor alone: both must answer alike.
    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let layered = routes().route_layer(self.issuer.guard.layer()).with_state(self.issuer.guard.clone());
        let extracting = routes().with_state(self.issuer.guard.clone());
        let request = || {
            let mut request = Request::get(path).header("x-request-id", "request-7");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            request.body(Body::empty()).unwrap()
        };
        let answer = layered.oneshot(request()).await.unwrap();
        let by_extractor = extracting.oneshot(request()).await.unwrap();
        assert_eq!(answer.status(), by_extractor.status());
        answer
    }

    async fn problem(&self, path: &str, headers: &[(&str, &str)]) -> (StatusCode, String, Option<String>) {
        let answer = self.get(path, headers).await;
        let challenge = answer.headers().get("www-authenticate").map(|value| value.to_str().unwrap().to_owned());
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let status = answer.status();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.status, status.as_u16());
        assert_eq!(problem.request_id.as_deref(), Some("request-7"));
        (status, problem.code().to_owned(), challenge)
    }
}

#[tokio::test]
async fn who_has_a_good_token_gets_in() {
    let shop = shop();
    for header in [shop.good.clone(), shop.good.replace("Bearer", "bEARER")] {
        let answer = shop.get("/own", &[("authorization", &header)]).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), CUSTOMER);
    }
}

#[tokio::test]
async fn who_has_none_is_told_how() {
    let shop = shop();
    let token_missing = (StatusCode::UNAUTHORIZED, "token_missing".to_owned(), Some("Bearer".to_owned()));
    assert_eq!(shop.problem("/own", &[]).await, token_missing);
    assert_eq!(shop.problem("/own", &[("authorization", "Basic YTpi")]).await, token_missing);

    let (status, code, challenge) = shop.problem("/own", &[("authorization", "Bearer nonsense")]).await;
    assert_eq!((status, code.as_str()), (StatusCode::UNAUTHORIZED, "invalid_token"));
    assert_eq!(challenge.as_deref(), Some(r#"Bearer error="invalid_token""#));

    let doubled = [("authorization", shop.good.as_str()), ("authorization", &shop.good)];
    let (status, code, _) = shop.problem("/own", &doubled).await;
    assert_eq!((status, code.as_str()), (StatusCode::BAD_REQUEST, "authorization_malformed"));
}

#[tokio::test]
async fn permission_and_ownership_are_told_apart() {
    let shop = shop();
    for (changes, expected) in [
        (json!({ "authorities": ["UPDATE_ITEM_LIST"] }), "permission_missing"),
        (json!({ "customer_id": null }), "not_the_owner"),
    ] {
        let header = format!("Bearer {}", token(&shop.key, changes));
        let (status, code, _) = shop.problem("/own", &[("authorization", &header)]).await;
        assert_eq!((status, code.as_str()), (StatusCode::FORBIDDEN, expected));
    }
}

#[tokio::test]
async fn the_context_must_agree_with_the_token() {
    let shop = shop();
    let with = |context: &str| [("authorization", shop.good.clone()), ("x-context-request", context.to_owned())];
    let agreeing = json!({ "tenantId": TENANT, "applicationId": APPLICATION, "customerContextId": TENANT, "new": 1 });
    let headers = with(&agreeing.to_string());
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = shop.get("/context", &headers).await;
    assert_eq!(answer.status(), StatusCode::OK);

    for (context, expected) in [
        (json!({ "tenantId": OTHER_TENANT }).to_string(), "context_mismatch"),
        (json!({ "tenantId": TENANT, "applicationId": TENANT }).to_string(), "context_mismatch"),
        (json!({ "accountId": TENANT }).to_string(), "context_mismatch"),
        (json!({ "tenantId": "x" }).to_string(), "context_malformed"),
        ("nonsense".to_owned(), "context_malformed"),
    ] {
        for path in ["/own", "/context"] {
            let headers = with(&context);
            let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let (status, code, _) = shop.problem(path, &headers).await;
            assert_eq!((status, code.as_str()), (StatusCode::BAD_REQUEST, expected), "{context}");
        }
    }
}

#[tokio::test]
async fn a_customers_contexts_are_those_of_the_token() {
    let shop = shop();
    let header = format!("Bearer {}", token(&shop.key, json!({ "customer_context_ids": [TENANT] })));
    let foreign = json!({ "customerContextId": OTHER_TENANT }).to_string();
    let headers = [("authorization", header.as_str()), ("x-context-request", foreign.as_str())];
    assert_eq!(shop.problem("/own", &headers).await.1, "context_mismatch");
}

#[tokio::test]
async fn missing_keys_are_no_reason_to_sign_anybody_out() {
    let shop = shop();
    shop.issuer.published.fail(true);
    let (status, code, challenge) = shop.problem("/own", &[("authorization", &shop.good)]).await;
    assert_eq!((status, code.as_str(), challenge), (StatusCode::SERVICE_UNAVAILABLE, "unavailable", None));
}
