//! `X-Context-Request`: whom a service is asked for. The account is read from a token that was verified; a token that is
//! not good stays in the request, and the service answers for it.

use http::HeaderValue;

use crate::Application;
use crate::application::ContextRequest;
use auth_protocol::id::AccountId;

pub fn header(application: &Application, account_id: Option<AccountId>) -> Option<HeaderValue> {
    let context = ContextRequest {
        tenant_id: application.tenant_id,
        application_id: application.id,
        customer_context_id: application.customer_context_id,
        account_id,
    };
    HeaderValue::from_str(&serde_json::to_string(&context).ok()?).ok()
}
