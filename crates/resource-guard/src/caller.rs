use std::sync::Arc;

use auth_protocol::claims::{AccessTokenClaims, Actor};
use auth_protocol::id::{AccountId, ApplicationId, CustomerId, TenantId};
use auth_protocol::permission::Operation;
use axum::extract::{FromRef, FromRequestParts};
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use serde_json::Value;

use crate::{ContextRequest, Guard, Refusal, bearer, request_id, with_request_id};

/// Who calls: the claims of a verified token. Nothing else makes one.
///
/// As an extractor it needs a [`Guard`] in the router's state, and verifies the token unless [`Guard::layer`] did.
#[derive(Debug, Clone)]
pub struct Caller {
    claims: Arc<AccessTokenClaims>,
}

impl Caller {
    pub(crate) fn verified(claims: AccessTokenClaims) -> Self {
        Self { claims: Arc::new(claims) }
    }

    pub fn claims(&self) -> &AccessTokenClaims {
        &self.claims
    }

    pub fn tenant_id(&self) -> TenantId {
        self.claims.tenant_id
    }

    pub fn application_id(&self) -> Option<ApplicationId> {
        self.claims.application_id
    }

    /// `None` for guests, who call by the gateway's token, and for administrators.
    pub fn customer_id(&self) -> Option<CustomerId> {
        self.claims.identity.customer_id
    }

    /// The account that the customer acts for.
    pub fn account_id(&self) -> Option<AccountId> {
        self.claims.identity.acct_id
    }

    /// The parents of [`Caller::account_id`], whose belongings its members may use.
    pub fn parent_accounts(&self) -> &[AccountId] {
        self.claims.identity.parent_accts.as_deref().unwrap_or_default()
    }

    /// What an attribute of the user is told as in access tokens, where the server's map says so.
    pub fn attribute(&self, claim: &str) -> Option<&Value> {
        self.claims.attributes.get(claim)
    }

    /// The customer service representative who acts in the subject's place.
    pub fn actor(&self) -> Option<&Actor> {
        self.claims.act.as_ref()
    }

    /// Whether the token grants `READ_ROOT` (or another operation), by itself or through `ALL_ROOT`.
    pub fn holds(&self, operation: Operation, root: &str) -> bool {
        self.claims.authorities.iter().any(|authority| {
            authority
                .strip_suffix(root)
                .and_then(|rest| rest.strip_suffix('_'))
                .is_some_and(|granted| granted == operation.name() || granted == Operation::All.name())
        })
    }

    pub(crate) async fn of_request(guard: &Guard, headers: &HeaderMap) -> Result<(Caller, ContextRequest), Refusal> {
        let caller = guard.verify(bearer::token(headers)?).await?;
        let context = ContextRequest::agreed(headers, &caller)?;
        Ok((caller, context))
    }
}

impl<S> FromRequestParts<S> for Caller
where
    Guard: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        if let Some(caller) = parts.extensions.get::<Caller>() {
            return Ok(caller.clone());
        }
        match Caller::of_request(&Guard::from_ref(state), &parts.headers).await {
            Ok((caller, context)) => {
                parts.extensions.insert(context);
                parts.extensions.insert(caller.clone());
                Ok(caller)
            }
            Err(refusal) => Err(with_request_id(refusal, request_id(&parts.headers))),
        }
    }
}
