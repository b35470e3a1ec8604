//! `X-Context-Request`: whom a service is asked for. The account is read from a token that was verified; a token that is
//! not good stays in the request, and the service answers for it.

use auth_protocol::id::{AccountId, ApplicationId, CustomerContextId, TenantId};
use http::{HeaderName, HeaderValue};
use serde::Serialize;

use crate::Application;

pub const NAME: HeaderName = HeaderName::from_static("x-context-request");

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ContextRequest {
    tenant_id: TenantId,
    application_id: ApplicationId,
    customer_context_id: CustomerContextId,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<AccountId>,
}

/// Ids alone, so there is always a value. That of callers without an account is made once for each application.
pub fn value(application: &Application, account_id: Option<AccountId>) -> Option<HeaderValue> {
    match account_id {
        None => application.context.get_or_init(|| written(application, None)).clone(),
        account_id => written(application, account_id),
    }
}

fn written(application: &Application, account_id: Option<AccountId>) -> Option<HeaderValue> {
    let context = ContextRequest {
        tenant_id: application.tenant_id,
        application_id: application.id,
        customer_context_id: application.customer_context_id,
        account_id,
    };
    HeaderValue::try_from(serde_json::to_string(&context).ok()?).ok()
}
