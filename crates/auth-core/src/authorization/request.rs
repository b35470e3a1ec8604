//! What an authorization request must be (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1, RFC 9700 §2.1).
//!
//! 1. Parameters are read once each; one that comes twice, is over-long or holds control characters is refused. Blank
//!    ones count as absent, unknown ones are ignored.
//! 2. Client and redirect URI come first: while they are not certain, nothing is ever sent to the redirect URI.
//! 3. All else that is wrong is answered to the redirect URI, with `state` and `iss`.
//! 4. `acr_values`, `display`, `ui_locales` and `login_hint` are wishes: no value of theirs is wrong.

use auth_protocol::id::{AccountId, UserId};
use auth_protocol::oauth_error::ErrorCode;
use auth_protocol::scope::{OPENID, ScopeSet};
use serde::{Deserialize, Serialize};

use super::requested_claims::{ReadClaims, read_claims};
use super::response_mode::check_response_mode;
use super::{CodeChallenge, Prompt, RequestedClaims, ResponseMode, ReturnAddress};
use crate::client::{Client, GrantType, RedirectUri};

/// In bytes. A sealed request holds all the others, and an ID token what its scopes say.
fn longest_value(name: &str) -> usize {
    match name {
        "request" | "answer" | "posted" | "id_token_hint" => 32 * 1024,
        "client_assertion" => 8 * 1024,
        // What an access token may grow to, with room for one that is none.
        "access_token" => 8 * 1024,
        _ => 2048,
    }
}

/// Request parameters, each at most once.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// The name of the first parameter that comes twice, is too long or holds a control character is the error.
    pub fn read(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, String> {
        let mut read: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let unclean = value.chars().chain(name.chars()).any(|c| c.is_control() || c == '\u{fffd}');
            if unclean || value.len() > longest_value(&name) || name.len() > 64 {
                return Err(printable(&name));
            }
            if read.iter().any(|(known, _)| *known == name) {
                return Err(printable(&name));
            }
            read.push((name, value));
        }
        Ok(Self(read))
    }

    /// The value, unless it is absent or blank.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

fn printable(name: &str) -> String {
    name.chars().filter(char::is_ascii_graphic).take(64).collect()
}

/// A request in which nothing is left to doubt. It travels sealed while the user signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    pub client_id: String,
    pub redirect_uri: RedirectUri,
    /// Whether the request said so itself; then the exchange of the code must, too (RFC 6749 §4.1.3).
    pub redirect_uri_named: bool,
    pub response_mode: ResponseMode,
    pub state: Option<String>,
    pub scope: ScopeSet,
    pub code_challenge: Option<CodeChallenge>,
    pub nonce: Option<String>,
    pub prompt: Option<Prompt>,
    /// Seconds since the password was proven, at most.
    pub max_age: Option<u32>,
    pub login_hint: Option<String>,
    pub ui_locales: Option<String>,
    pub account_id: Option<AccountId>,
    pub claims: RequestedClaims,
    /// Users, as the ID token's `sub` has them, of whom alone a sign-in will do; none means anybody.
    pub subjects: Option<Vec<String>>,
    /// Asks for a way of authentication that there is not.
    pub unmet_authentication: bool,
}

impl AuthorizationRequest {
    pub fn return_address(&self) -> ReturnAddress {
        ReturnAddress {
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode,
            state: self.state.clone(),
        }
    }

    /// Whether a sign-in of this user will do.
    pub fn is_for(&self, user: UserId) -> bool {
        self.subjects.as_ref().is_none_or(|subjects| subjects.contains(&user.to_string()))
    }
}

/// Why a request is not served. Sent to the redirect URI, which is certain by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    pub error: ErrorCode,
    pub description: String,
}

impl Rejection {
    pub fn new(error: ErrorCode, description: impl Into<String>) -> Self {
        Self { error, description: description.into() }
    }
}

/// Step 3: all but client and redirect URI, which the caller has made certain. `hinted` is the subject of the request's
/// `id_token_hint`, which the caller has verified.
pub fn validate(
    client: &Client,
    redirect_uri: &RedirectUri,
    hinted: Option<&str>,
    parameters: &Parameters,
) -> Result<AuthorizationRequest, Rejection> {
    use ErrorCode::*;
    check_unsupported(parameters)?;
    match parameters.get("response_type") {
        Some("code") => {}
        None => return Err(Rejection::new(InvalidRequest, "response_type is missing")),
        Some(_) => return Err(Rejection::new(UnsupportedResponseType, "response_type must be code")),
    }
    if !client.may_use(GrantType::AuthorizationCode) {
        return Err(Rejection::new(UnauthorizedClient, "this client may not use the authorization code grant"));
    }
    check_response_mode(parameters, redirect_uri)?;
    let scope = ScopeSet::parse(parameters.get("scope").unwrap_or_default())
        .map_err(|_| Rejection::new(InvalidScope, "scope is malformed"))?;
    let code_challenge = read_challenge(client, parameters)?;
    let nonce = parameters.get("nonce").map(str::to_owned);
    if nonce.as_ref().is_some_and(|nonce| nonce.len() > 512) {
        return Err(Rejection::new(InvalidRequest, "nonce is longer than 512 characters"));
    }
    let prompt = Prompt::read(parameters.get("prompt"))?;
    let max_age = parameters
        .get("max_age")
        .map(|text| text.parse().map_err(|_| Rejection::new(InvalidRequest, "max_age must be a number of seconds")))
        .transpose()?;
    let mut claims = read_claims(parameters.get("claims"))?;
    let subjects = combine(hinted, claims.subjects.take())?;
    let account_id = parameters
        .get("accountId")
        .map(|text| text.parse().map_err(|_| Rejection::new(AccessDenied, "this account cannot be used")))
        .transpose()?;
    // Without `openid` no ID token is given, and what is said about it has no meaning.
    let is_openid = scope.contains(OPENID);
    let claims = if is_openid { claims } else { ReadClaims::default() };
    let return_to = ReturnAddress::of(redirect_uri.clone(), parameters);
    Ok(AuthorizationRequest {
        client_id: client.client_id.clone(),
        redirect_uri: return_to.redirect_uri,
        redirect_uri_named: parameters.get("redirect_uri").is_some(),
        response_mode: return_to.response_mode,
        state: return_to.state,
        nonce: nonce.filter(|_| is_openid),
        scope,
        code_challenge,
        prompt,
        max_age,
        login_hint: parameters.get("login_hint").map(str::to_owned),
        ui_locales: parameters.get("ui_locales").map(str::to_owned),
        account_id,
        claims: claims.requested,
        subjects: subjects.filter(|_| is_openid),
        unmet_authentication: claims.unmet_authentication,
    })
}

fn check_unsupported(parameters: &Parameters) -> Result<(), Rejection> {
    use ErrorCode::*;
    let (request, request_uri) = (parameters.get("request"), parameters.get("request_uri"));
    if request.is_some() && request_uri.is_some() {
        return Err(Rejection::new(InvalidRequest, "request and request_uri exclude each other"));
    }
    if request.is_some() {
        return Err(Rejection::new(RequestNotSupported, "request objects are not supported"));
    }
    if request_uri.is_some() {
        return Err(Rejection::new(RequestUriNotSupported, "request_uri must be one that this server gave"));
    }
    if parameters.get("registration").is_some() {
        return Err(Rejection::new(RegistrationNotSupported, "registration is not supported"));
    }
    Ok(())
}

/// Whose sign-in will do, by `id_token_hint` and by `claims`.
fn combine(hinted: Option<&str>, claimed: Option<Vec<String>>) -> Result<Option<Vec<String>>, Rejection> {
    match (hinted, claimed) {
        (Some(hinted), Some(claimed)) if !claimed.iter().any(|subject| subject == hinted) => {
            Err(Rejection::new(ErrorCode::InvalidRequest, "id_token_hint and claims name different users"))
        }
        (Some(hinted), _) => Ok(Some(vec![hinted.to_owned()])),
        (None, claimed) => Ok(claimed),
    }
}

fn read_challenge(client: &Client, parameters: &Parameters) -> Result<Option<CodeChallenge>, Rejection> {
    let method = parameters.get("code_challenge_method");
    match parameters.get("code_challenge") {
        Some(challenge) => CodeChallenge::read(challenge, method)
            .map(Some)
            .map_err(|error| Rejection::new(ErrorCode::InvalidRequest, error.to_string())),
        None if method.is_some() => {
            Err(Rejection::new(ErrorCode::InvalidRequest, "code_challenge_method without code_challenge"))
        }
        None if client.needs_proof_key() => {
            Err(Rejection::new(ErrorCode::InvalidRequest, "code_challenge is missing: this client must use PKCE"))
        }
        None => Ok(None),
    }
}
