//! Rows that operators or sign-ins would have written.

use auth_core::authorization::RequestedClaims;
use auth_core::client::{AuthenticationMethod, ClientSettings, GrantType, RedirectUri};
use auth_core::server::{Lifetimes, LockOut};
use auth_core::session::{Session, SessionTimes, SignInMethod};
use auth_core::time::{Span, Timestamp};
use auth_protocol::claims::UserType;
use auth_protocol::id::{AuditEventId, CustomerId, GrantId, ServerId, SessionId, UserId};
use auth_protocol::jws::Algorithm;
use auth_protocol::scope::ScopeSet;
use auth_store::Database;
use auth_store::apply::{NewPassword, UserEntry};
use auth_store::audit::{AuditEvent, AuditKind, Origin};
use auth_store::authorization::NewCode;
use auth_store::login::{SignIn, SignInOutcome};
use auth_store::session::NewSession;
use auth_store::user::PasswordHash;
use database::{Statement, Value, params, statements};

pub const SERVER: ServerId = ServerId::from_bytes([1; 16]);
pub const OTHER_SERVER: ServerId = ServerId::from_bytes([2; 16]);
pub const ANNA: UserId = UserId::from_bytes([10; 16]);
pub const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub const NAME: [u8; 32] = [7; 32];

statements! {
    pub ADD_USER = "INSERT INTO users (server_id, user_id, user_type, username, username_canonical, email, email_canonical, \
                                   password_hash, customer_id, roles, permissions, enabled, created_at, updated_at) \
                VALUES ($1, $2, 'CUSTOMER', $3, $3, $4, $4, $5, $6, $7, '[]', true, 0, 0)";
    AUDIT = "SELECT kind FROM audit_event WHERE server_id = $1 AND kind <> 'configured' ORDER BY happened_at, event_id";
    ENDED_GRANT = "SELECT ended_at FROM oauth_grant WHERE server_id = $1 AND grant_id = $2";
}

pub fn bytes<const N: usize>(number: u16) -> [u8; N] {
    let mut bytes = [0; N];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    bytes[N - 1] = 1;
    bytes
}

/// Writes whatever a test needs beside the operations.
pub async fn write(database: &Database, statement: &Statement, values: &[Value]) {
    database.execute(statement, values).await.unwrap();
}

pub async fn anna(database: &Database, server: ServerId) {
    let values = params![
        server.bytes(),
        ANNA.bytes(),
        "anna",
        "anna@shop.example",
        "$argon2id$hash",
        [11_u8; 16],
        r#"["CUSTOMER"]"#
    ];
    write(database, &ADD_USER, values).await;
}

/// Somebody new, as operators and declarations add them.
pub fn user(number: u16, username: &str, email: Option<&str>) -> UserEntry {
    UserEntry {
        server_id: SERVER,
        username: username.to_owned(),
        username_canonical: username.to_owned(),
        email: email.map(str::to_owned),
        email_canonical: email.map(str::to_owned),
        full_name: None,
        phone: None,
        customer_context_id: None,
        roles: vec!["SHOPPER".to_owned()],
        permissions: Vec::new(),
        attributes: None,
        enabled: true,
        user_type: UserType::Customer,
        new_id: UserId::from_bytes(bytes(number)),
        new_customer_id: Some(CustomerId::from_bytes(bytes(number))),
        new_password: NewPassword::Hash(PasswordHash(format!("hash of {username}"))),
    }
}

pub fn event(number: u16, kind: AuditKind) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::from_bytes(bytes(number)),
        kind,
        actor: "anna".to_owned(),
        subject: "anna".to_owned(),
        object: "storefront".to_owned(),
        origin: Origin { remote_address: "192.0.2.1".to_owned(), request_id: "request".to_owned() },
        detail: String::new(),
        at: NOW,
    }
}

/// The kinds of events on record, as they are stored.
pub async fn audited(database: &Database, server: ServerId) -> Vec<String> {
    let rows = database.read_rows(&AUDIT, params![server.bytes()]).await.unwrap();
    rows.iter().map(|row| row.get(0).unwrap()).collect()
}

pub fn session(number: u16) -> NewSession {
    NewSession {
        session: Session {
            id: SessionId::from_bytes(bytes(number)),
            user_id: ANNA,
            authenticated_at: NOW,
            methods: vec![SignInMethod::Password],
            times: SessionTimes::begin(&Lifetimes::default(), NOW),
        },
        secret_hash: bytes(number),
    }
}

pub fn code(number: u16, session: SessionId) -> NewCode {
    NewCode {
        grant_id: GrantId::from_bytes(bytes(number)),
        session_id: session,
        user_id: ANNA,
        client_id: "storefront".to_owned(),
        scope: ScopeSet::parse("openid USER").unwrap(),
        account_id: None,
        claims: RequestedClaims::default(),
        grant_expires_at: NOW + Span::minutes(12 * 60),
        code_hash: bytes(number),
        redirect_uri: "https://shop.example/".to_owned(),
        redirect_uri_named: true,
        code_challenge: None,
        nonce: Some("nonce".to_owned()),
        code_expires_at: NOW + Span::seconds(60),
    }
}

pub fn policy(failed_sign_ins_allowed: u32) -> LockOut {
    LockOut { failed_sign_ins_allowed, duration_minutes: Some(15), decay_minutes: Some(60) }
}

/// A sign-in of Anna's that begins session and code `number`.
pub fn sign_in(number: u16) -> SignIn {
    let session = session(number);
    SignIn {
        identifier: NAME,
        policy: policy(5),
        proved: None,
        replaces: None,
        code: Some(code(number, session.session.id)),
        password_upgrade: None,
        event: event(number, AuditKind::SignedIn),
        session,
    }
}

pub async fn signed_in(database: &Database, number: u16) -> SessionId {
    let outcome = auth_store::login::sign_in(database, SERVER, sign_in(number), NOW).await.unwrap();
    assert_eq!(outcome, SignInOutcome::SignedIn);
    SessionId::from_bytes(bytes(number))
}

/// Whether a grant has ended; `None` when there is none.
pub async fn grant_ended(database: &Database, number: u16) -> Option<bool> {
    let key = params![SERVER.bytes(), bytes::<16>(number)];
    let row = database.read_optional(&ENDED_GRANT, key).await.unwrap();
    row.map(|row| row.get::<Option<i64>>(0).unwrap().is_some())
}

/// Of a client that uses everything.
pub fn client_settings() -> ClientSettings {
    ClientSettings {
        friendly_name: "Storefront".to_owned(),
        first_party: true,
        authentication_methods: vec![AuthenticationMethod::ClientSecretBasic],
        grant_types: vec![GrantType::AuthorizationCode],
        redirect_uris: vec![RedirectUri::parse("https://shop.example").unwrap()],
        scopes: vec!["USER".to_owned()],
        permissions: vec!["READ_PRODUCT".parse().unwrap()],
        id_token_algorithm: Some(Algorithm::Es256),
        access_token_seconds: Some(5),
        ..ClientSettings::default()
    }
}
