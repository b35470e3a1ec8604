use auth_protocol::id::{SessionId, UserId};
use auth_protocol::jws::Algorithm;
use auth_protocol::oauth_error::ErrorCode;

use super::*;
use crate::client::{AuthenticationMethod, Client, ClientSettings, GrantType, RedirectUri};
use crate::server::Lifetimes;
use crate::session::{Session, SessionTimes, SignInMethod};
use crate::time::{Span, Timestamp};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

fn client() -> Client {
    Client {
        client_id: "storefront".to_owned(),
        enabled: true,
        settings: ClientSettings {
            friendly_name: "Storefront".to_owned(),
            first_party: true,
            authentication_methods: vec![AuthenticationMethod::None],
            grant_types: vec![GrantType::AuthorizationCode],
            redirect_uris: vec![RedirectUri::parse("https://shop.example/").unwrap()],
            scopes: vec!["USER".to_owned()],
            id_token_algorithm: Some(Algorithm::Es256),
            ..ClientSettings::default()
        },
        secrets: vec![],
    }
}

fn read(pairs: &[(&str, &str)]) -> Parameters {
    Parameters::read(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))).unwrap()
}

fn valid(extra: &[(&str, &str)]) -> Result<AuthorizationRequest, Rejection> {
    let mut pairs = vec![("response_type", "code"), ("code_challenge", CHALLENGE), ("state", "s")];
    pairs.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
    pairs.extend_from_slice(extra);
    let client = client();
    validate(&client, &client.settings.redirect_uris[0], &read(&pairs))
}

#[test]
fn the_walkthroughs_silent_request_is_valid() {
    let request =
        valid(&[("scope", "USER CUSTOMER openid"), ("prompt", "none"), ("nonce", "n"), ("purpose", "")]).unwrap();
    assert_eq!(request.prompt, Some(Prompt::None));
    assert_eq!(request.nonce.as_deref(), Some("n"));
    assert_eq!(request.scope.to_string(), "USER CUSTOMER openid");
}

#[test]
fn each_mistake_has_its_error() {
    use ErrorCode::*;
    for (extra, error) in [
        (("response_type", ""), InvalidRequest),
        (("response_type", "token"), UnsupportedResponseType),
        (("response_mode", "fragment"), InvalidRequest),
        (("code_challenge", ""), InvalidRequest),
        (("code_challenge", "short"), InvalidRequest),
        (("code_challenge_method", "plain"), InvalidRequest),
        (("scope", "a\"b"), InvalidScope),
        (("prompt", "none login"), InvalidRequest),
        (("prompt", "consent"), ConsentRequired),
        (("prompt", "select_account"), AccountSelectionRequired),
        (("max_age", "soon"), InvalidRequest),
        (("max_age", "-1"), InvalidRequest),
        (("accountId", "nonsense"), AccessDenied),
        (("request", "x.y.z"), RequestNotSupported),
        (("request_uri", "urn:x"), RequestUriNotSupported),
    ] {
        assert_eq!(valid(&[extra]).map_err(|rejection| rejection.error), Err(error), "{extra:?}");
    }
}

#[test]
fn parameters_come_once_and_clean() {
    let pairs = |list: &[(&str, &str)]| {
        Parameters::read(list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    };
    assert_eq!(pairs(&[("state", "a"), ("state", "a")]).unwrap_err(), "state");
    assert_eq!(pairs(&[("scope", "a\0")]).unwrap_err(), "scope");
    assert_eq!(pairs(&[("scope", "\u{fffd}")]).unwrap_err(), "scope");
    assert_eq!(pairs(&[("state", &"x".repeat(2049))]).unwrap_err(), "state");
    assert!(pairs(&[("state", &"x".repeat(2048)), ("request", &"x".repeat(32 * 1024))]).is_ok());
    assert_eq!(pairs(&[("request", &"x".repeat(32 * 1024 + 1))]).unwrap_err(), "request");
}

fn signed_in(seconds_ago: i64) -> Session {
    let authenticated_at = NOW - Span::seconds(seconds_ago);
    Session {
        id: SessionId::from_bytes([1; 16]),
        user_id: UserId::from_bytes([2; 16]),
        authenticated_at,
        methods: vec![SignInMethod::Password],
        times: SessionTimes::begin(&Lifetimes::default(), authenticated_at),
    }
}

#[test]
fn nobody_is_asked_with_prompt_none() {
    let silent = valid(&[("prompt", "none")]).unwrap();
    let refused = decide(&silent, None, NOW, NOW);
    assert!(matches!(refused, Decision::Refuse(Rejection { error: ErrorCode::LoginRequired, .. })));
    assert_eq!(decide(&silent, Some(&signed_in(60)), NOW, NOW), Decision::IssueCode);
    let idle = decide(&silent, Some(&signed_in(1800)), NOW, NOW);
    assert!(matches!(idle, Decision::Refuse(_)));
}

#[test]
fn a_fresh_sign_in_is_one_after_the_request() {
    let again = valid(&[("prompt", "login")]).unwrap();
    assert_eq!(decide(&again, Some(&signed_in(60)), NOW, NOW), Decision::SignIn { again: true });
    assert_eq!(decide(&again, Some(&signed_in(60)), NOW - Span::seconds(61), NOW), Decision::IssueCode);
    assert_eq!(decide(&again, None, NOW, NOW), Decision::SignIn { again: false });

    // A request that comes now was not met before, not even when the clock was set back since the sign-in.
    for seconds_ago in [0, -60] {
        assert_eq!(decide(&again, Some(&signed_in(seconds_ago)), NOW, NOW), Decision::SignIn { again: true });
    }

    let recent = valid(&[("max_age", "60")]).unwrap();
    assert_eq!(decide(&recent, Some(&signed_in(60)), NOW, NOW), Decision::IssueCode);
    assert_eq!(decide(&recent, Some(&signed_in(61)), NOW, NOW), Decision::SignIn { again: true });
    let now = valid(&[("max_age", "0")]).unwrap();
    assert_eq!(decide(&now, Some(&signed_in(1)), NOW, NOW), Decision::SignIn { again: true });
}
