use auth_protocol::id::{SessionId, UserId};
use auth_protocol::jws::Algorithm;
use auth_protocol::oauth_error::ErrorCode;

use super::*;
use crate::client::{ApplicationType, AuthenticationMethod, Client, ClientSettings, GrantType, RedirectUri};
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
    validate(&client, &client.settings.redirect_uris[0], None, &read(&pairs))
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
        (("prompt", "create"), InvalidRequest),
        (("claims", "{"), InvalidRequest),
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

fn refused(decision: Decision) -> Option<ErrorCode> {
    match decision {
        Decision::Refuse(rejection) => Some(rejection.error),
        Decision::IssueCode | Decision::SignIn { .. } => None,
    }
}

#[test]
fn what_nobody_can_answer_here_is_refused_signed_in_or_not() {
    let acr = r#"{"id_token":{"acr":{"essential":true,"value":"urn:other"}}}"#;
    for (extra, error) in [
        (("prompt", "consent"), ErrorCode::ConsentRequired),
        (("prompt", "login consent"), ErrorCode::ConsentRequired),
        (("prompt", "select_account"), ErrorCode::AccountSelectionRequired),
        (("claims", acr), ErrorCode::UnmetAuthenticationRequirements),
    ] {
        let request = valid(&[extra, ("scope", "openid")]).unwrap();
        for session in [None, Some(&signed_in(60))] {
            assert_eq!(refused(decide(&request, session, NOW, NOW)), Some(error), "{extra:?}");
        }
    }
    let without_id_token = valid(&[("claims", acr), ("scope", "USER")]).unwrap();
    assert_eq!(decide(&without_id_token, Some(&signed_in(60)), NOW, NOW), Decision::IssueCode);
}

#[test]
fn another_users_session_will_not_do() {
    let session = signed_in(60);
    let own = session.user_id.to_string();
    let claims = |subject: &str| format!(r#"{{"id_token":{{"sub":{{"value":"{subject}"}}}}}}"#);
    let for_own = valid(&[("claims", &claims(&own)), ("scope", "openid"), ("prompt", "none")]).unwrap();
    assert_eq!(decide(&for_own, Some(&session), NOW, NOW), Decision::IssueCode);
    let for_other = valid(&[("claims", &claims("somebody")), ("scope", "openid")]).unwrap();
    assert_eq!(decide(&for_other, Some(&session), NOW, NOW), Decision::SignIn { again: true });
    assert!(!for_other.is_for(session.user_id));
    let silent = AuthorizationRequest { prompt: Some(Prompt::None), ..for_other };
    assert_eq!(refused(decide(&silent, Some(&session), NOW, NOW)), Some(ErrorCode::LoginRequired));
}

#[test]
fn a_hint_and_claims_must_agree_on_the_user() {
    let client = client();
    let claims = r#"{"id_token":{"sub":{"values":["anna","ben"]}}}"#;
    let pairs = [("response_type", "code"), ("code_challenge", CHALLENGE), ("scope", "openid"), ("claims", claims)];
    let hinted = |subject| validate(&client, &client.settings.redirect_uris[0], subject, &read(&pairs));
    assert_eq!(hinted(Some("ben")).unwrap().subjects, Some(vec!["ben".to_owned()]));
    assert_eq!(hinted(None).unwrap().subjects.unwrap().len(), 2);
    assert_eq!(hinted(Some("carl")).unwrap_err().error, ErrorCode::InvalidRequest);
}

#[test]
fn an_answer_by_form_needs_a_web_address() {
    let form_post = valid(&[("response_mode", "form_post")]).unwrap();
    assert_eq!(form_post.return_address().response_mode, ResponseMode::FormPost);
    let client = client();
    let native = RedirectUri::parse("com.example.app:/callback").unwrap();
    let pairs = [("response_type", "code"), ("code_challenge", CHALLENGE), ("response_mode", "form_post")];
    assert_eq!(validate(&client, &native, None, &read(&pairs)).unwrap_err().error, ErrorCode::InvalidRequest);
    assert_eq!(ReturnAddress::of(native, &read(&pairs)).response_mode, ResponseMode::Query);
}

#[test]
fn native_clients_alone_have_private_schemes_and_free_ports() {
    let mut client = client();
    client.settings.redirect_uris =
        ["http://127.0.0.1/cb", "http://localhost/cb", "com.example.app:/cb", "https://shop.example"]
            .map(|uri| RedirectUri::parse(uri).unwrap())
            .to_vec();
    client.settings.post_logout_redirect_uris = client.settings.redirect_uris.clone();
    let native = Client {
        settings: ClientSettings { application_type: ApplicationType::Native, ..client.settings.clone() },
        ..client.clone()
    };
    for (presented, of_web, of_native) in [
        ("http://127.0.0.1/cb", true, true),
        ("http://127.0.0.1:51004/cb", false, true),
        ("http://127.0.0.1:080/cb", false, false),
        ("http://localhost:51004/cb", false, false),
        ("http://localhost/cb", true, true),
        ("com.example.app:/cb", false, true),
        ("com.example.app:/cb2", false, false),
        ("https://shop.example/", true, true),
        ("https://shop.example:51004/", false, false),
        ("", false, false),
    ] {
        for find in [Client::redirect_target, Client::post_logout_target] {
            let target = |client: &Client| find(client, presented).map(|uri| uri.as_str().to_owned());
            assert_eq!(target(&client), of_web.then(|| presented.to_owned()), "{presented}");
            assert_eq!(target(&native), of_native.then(|| presented.to_owned()), "{presented}");
        }
    }
}
