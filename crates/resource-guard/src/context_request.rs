//! `X-Context-Request`: what the gateway found out about a request. It carries no authority: it must agree with the token,
//! and tenant, application and account are the token's.

use auth_protocol::id::{AccountId, ApplicationId, CustomerContextId, TenantId};
use axum::extract::{FromRef, FromRequestParts};
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use serde::{Deserialize, Serialize};

use crate::{Caller, Guard, Refusal, request_id, with_request_id};

/// The context of a request, as an extractor. It implies a verified [`Caller`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContextRequest {
    pub tenant_id: TenantId,
    pub application_id: Option<ApplicationId>,
    pub account_id: Option<AccountId>,
    /// The header's, once it agrees with the customer contexts that the token names; a guest's token names none.
    pub customer_context_id: Option<CustomerContextId>,
}

/// The header's JSON. Members of later versions are passed over.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Header {
    tenant_id: Option<TenantId>,
    application_id: Option<ApplicationId>,
    customer_context_id: Option<CustomerContextId>,
    account_id: Option<AccountId>,
}

impl ContextRequest {
    pub const HEADER: &'static str = "x-context-request";

    pub(crate) fn agreed(headers: &HeaderMap, caller: &Caller) -> Result<Self, Refusal> {
        let header = read(headers)?;
        let contexts = caller.claims().identity.customer_context_ids.as_deref();
        let mismatch = |member| Err(Refusal::ContextMismatch { member });
        if header.tenant_id.is_some_and(|tenant| tenant != caller.tenant_id()) {
            return mismatch("tenantId");
        }
        if let (Some(named), Some(verified)) = (header.application_id, caller.application_id())
            && named != verified
        {
            return mismatch("applicationId");
        }
        if header.account_id.is_some() && header.account_id != caller.account_id() {
            return mismatch("accountId");
        }
        if let (Some(named), Some(verified)) = (header.customer_context_id, contexts)
            && !verified.contains(&named)
        {
            return mismatch("customerContextId");
        }
        Ok(Self {
            tenant_id: caller.tenant_id(),
            application_id: caller.application_id(),
            account_id: caller.account_id(),
            customer_context_id: header.customer_context_id,
        })
    }
}

fn read(headers: &HeaderMap) -> Result<Header, Refusal> {
    let mut values = headers.get_all(ContextRequest::HEADER).iter();
    let Some(value) = values.next() else { return Ok(Header::default()) };
    if values.next().is_some() {
        return Err(Refusal::ContextMalformed);
    }
    serde_json::from_slice(value.as_bytes()).map_err(|_| Refusal::ContextMalformed)
}

impl<S> FromRequestParts<S> for ContextRequest
where
    Guard: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let caller = Caller::from_request_parts(parts, state).await?;
        match parts.extensions.get::<ContextRequest>() {
            Some(context) => Ok(context.clone()),
            None => ContextRequest::agreed(&parts.headers, &caller)
                .map_err(|refusal| with_request_id(refusal, request_id(&parts.headers))),
        }
    }
}
