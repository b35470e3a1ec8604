//! What a configuration file declares: written in one transaction, and only where it differs.

use auth_core::client::{AuthenticationMethod, ClientSettings, GrantType};
use auth_core::password::{HashKind, SlowestHashes};
use auth_core::role::{Role, SecurityScope};
use auth_core::server::{Server, ServerSettings};
use auth_core::time::Span;
use auth_core::user::Identifier;
use auth_protocol::claims::UserType;
use auth_protocol::id::{AccountId, CustomerId, ServerId, TenantId, UserId};
use auth_protocol::jws::Algorithm;
use auth_store::apply::{
    Applied, ApplyError, ClientEntry, Declaration, DeclaredSecret, MembershipEntry, NewPassword, Outcome, RoleEntry,
    ScopeEntry, UserEntry, apply, apply_memberships, known, rehearse,
};
use auth_store::user::{PasswordHash, PasswordUpgrade};
use auth_store::{Database, account, client, generation, role, server, user};
use database::{params, statements};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{ANNA, NOW, OTHER_SERVER, SERVER, sign_in};

on_both_engines! {
    each_change_is_on_record
    what_is_declared_is_there_and_found
    the_same_again_changes_nothing
    a_difference_is_written_and_the_rest_stays
    an_existing_user_keeps_id_customer_and_password
    the_slowest_hash_from_elsewhere_decides_until_it_is_replaced
    a_name_an_issuer_or_an_email_of_another_changes_nothing
    what_is_fixed_cannot_be_changed
    a_server_moves_to_another_issuer
    a_secret_is_replaced_offered_or_taken_away
    a_new_user_without_a_hash_is_told_to_try_again
    memberships_are_written_where_they_differ
    of_many_equal_declarations_at_once_one_writes
    of_many_offered_secrets_at_once_one_is_taken
    what_is_there_is_known
}

statements! {
    EVENTS = "SELECT actor, object, detail FROM audit_event WHERE server_id = $1 ORDER BY event_id";
}

const CUSTOMER: CustomerId = CustomerId::from_bytes([11; 16]);

fn shop() -> Server {
    Server {
        id: SERVER,
        tenant_id: TenantId::from_bytes([5; 16]),
        name: "shop".to_owned(),
        friendly_name: "Shop".to_owned(),
        issuer: "https://shop.example/auth".to_owned(),
        user_type: UserType::Customer,
        settings: ServerSettings::default(),
    }
}

fn gateway(secret: DeclaredSecret) -> ClientEntry {
    let settings = ClientSettings {
        friendly_name: "Gateway".to_owned(),
        first_party: false,
        authentication_methods: vec![AuthenticationMethod::ClientSecretBasic],
        grant_types: vec![GrantType::ClientCredentials],
        scopes: vec!["GUEST".to_owned()],
        permissions: vec!["READ_ITEM_LIST".parse().unwrap()],
        id_token_algorithm: Some(Algorithm::Es256),
        ..ClientSettings::default()
    };
    ClientEntry { server_id: SERVER, client_id: "gateway".to_owned(), enabled: true, settings, secret }
}

pub fn person(name: &str) -> UserEntry {
    UserEntry {
        server_id: SERVER,
        username: name.to_owned(),
        username_canonical: name.to_lowercase(),
        email: Some(format!("{name}@shop.example")),
        email_canonical: Some(format!("{}@shop.example", name.to_lowercase())),
        full_name: None,
        phone: None,
        customer_context_id: None,
        roles: vec!["CUSTOMER".to_owned()],
        permissions: vec![],
        enabled: true,
        attributes: None,
        user_type: UserType::Customer,
        new_id: ANNA,
        new_customer_id: Some(CUSTOMER),
        new_password: NewPassword::Hash(PasswordHash("$argon2id$first".to_owned())),
    }
}

pub fn everything() -> Declaration {
    let scope = SecurityScope {
        name: "CUSTOMER".to_owned(),
        open: true,
        permissions: vec!["READ_ACCOUNT".parse().unwrap()],
        permission_roots: vec!["ITEM_LIST".parse().unwrap()],
    };
    let role = Role { name: "CUSTOMER".to_owned(), permissions: vec!["ALL_ITEM_LIST".parse().unwrap()] };
    Declaration {
        servers: vec![shop()],
        scopes: vec![ScopeEntry { server_id: SERVER, scope }],
        roles: vec![RoleEntry { server_id: SERVER, role }],
        clients: vec![gateway(DeclaredSecret::Is([1; 32]))],
        users: vec![person("Anna")],
    }
}

fn only(clients: Vec<ClientEntry>) -> Declaration {
    Declaration { clients, ..Declaration::default() }
}

fn outcomes(applied: &Applied) -> Vec<Outcome> {
    applied.changes.entries.iter().map(|change| change.outcome).collect()
}

async fn applied(database: &Database, declaration: &Declaration) -> Applied {
    apply(database, declaration, NOW).await.unwrap()
}

async fn secrets(database: &Database) -> Vec<[u8; 32]> {
    let gateway = client::find(database, SERVER, "gateway", NOW).await.unwrap().unwrap();
    gateway.secrets.iter().map(|secret| secret.hash).collect()
}

async fn what_is_declared_is_there_and_found(database: Database) {
    let declaration = everything();
    let done = applied(&database, &declaration).await;
    assert_eq!(outcomes(&done), [Outcome::Created; 5]);
    assert_eq!(generation::read(&database).await.unwrap(), 1);
    assert_eq!(server::all(&database).await.unwrap(), declaration.servers);
    assert_eq!(role::scopes(&database, SERVER).await.unwrap(), [declaration.scopes[0].scope.clone()]);
    assert_eq!(role::roles(&database, SERVER).await.unwrap(), [declaration.roles[0].role.clone()]);
    let gateway = client::find(&database, SERVER, "gateway", NOW).await.unwrap().unwrap();
    assert_eq!((gateway.settings, gateway.enabled), (declaration.clients[0].settings.clone(), true));
    assert_eq!(gateway.secrets[0].hash, [1; 32]);
    for typed in ["anna", "Anna@shop.example"] {
        let found = user::find_for_sign_in(&database, SERVER, &Identifier::read(typed).unwrap()).await.unwrap();
        let (anna, hash) = found.unwrap();
        assert_eq!((anna.id, anna.customer_id, anna.username.as_str()), (ANNA, Some(CUSTOMER), "Anna"));
        assert_eq!(hash.unwrap().hash.0, "$argon2id$first");
    }
    assert_eq!((done.users[0].user_id, done.users[0].customer_id), (ANNA, Some(CUSTOMER)));
}

async fn the_same_again_changes_nothing(database: Database) {
    applied(&database, &everything()).await;
    let again = apply(&database, &everything(), NOW + Span::minutes(1)).await.unwrap();
    assert_eq!(outcomes(&again), [Outcome::Unchanged; 5]);
    assert!(again.changes.is_empty());
    assert_eq!(generation::read(&database).await.unwrap(), 1, "servers need not look");
}

async fn each_change_is_on_record(database: Database) {
    let recorded = async || -> Vec<[String; 3]> {
        let rows = database.read_rows(&EVENTS, params![SERVER.bytes()]).await.unwrap();
        rows.iter().map(|row| [row.get(0).unwrap(), row.get(1).unwrap(), row.get(2).unwrap()]).collect()
    };
    let event = |object: &str, detail: &str| ["configuration".to_owned(), object.to_owned(), detail.to_owned()];
    rehearse(&database, &everything(), NOW).await.unwrap();
    assert!(recorded().await.is_empty());
    applied(&database, &everything()).await;
    applied(&database, &everything()).await;
    let objects = ["authorization server shop", "scope CUSTOMER", "role CUSTOMER", "client gateway", "user Anna"];
    let created: Vec<_> = objects.iter().map(|object| event(object, "created")).collect();
    assert_eq!(recorded().await, created);
    let mut other = everything();
    other.clients[0].enabled = false;
    applied(&database, &other).await;
    let all = [created, vec![event("client gateway", "changed")]].concat();
    assert_eq!(recorded().await, all, "at the same time, too");
}

async fn a_difference_is_written_and_the_rest_stays(database: Database) {
    applied(&database, &everything()).await;
    let mut other = everything();
    other.servers[0].settings.lifetimes.code_seconds = 30;
    other.clients[0].enabled = false;
    other.users[0].phone = Some("+47 55 00 00 00".to_owned());
    let done = applied(&database, &other).await;
    let (changed, unchanged) = (Outcome::Changed, Outcome::Unchanged);
    assert_eq!(outcomes(&done), [changed, unchanged, unchanged, changed, changed]);
    assert_eq!(generation::read(&database).await.unwrap(), 2);
    assert_eq!(server::all(&database).await.unwrap(), other.servers);
    assert!(!client::find(&database, SERVER, "gateway", NOW).await.unwrap().unwrap().enabled);

    applied(&database, &Declaration::default()).await;
    assert_eq!(server::all(&database).await.unwrap().len(), 1, "what is not declared stays");
}

async fn an_existing_user_keeps_id_customer_and_password(database: Database) {
    applied(&database, &everything()).await;
    let mut again = person("ANNA");
    again.new_id = UserId::from_bytes([99; 16]);
    again.new_customer_id = None;
    again.new_password = NewPassword::Hash(PasswordHash("$argon2id$second".to_owned()));
    let done = applied(&database, &Declaration { users: vec![again], ..Declaration::default() }).await;
    assert_eq!((done.users[0].user_id, done.users[0].customer_id), (ANNA, Some(CUSTOMER)));
    let found = user::find_for_sign_in(&database, SERVER, &Identifier::read("anna").unwrap()).await.unwrap();
    let (anna, hash) = found.unwrap();
    assert_eq!((anna.username.as_str(), hash.unwrap().hash.0.as_str()), ("ANNA", "$argon2id$first"));
}

async fn the_slowest_hash_from_elsewhere_decides_until_it_is_replaced(database: Database) {
    applied(&database, &everything()).await;
    let slowest = async || user::slowest_hashes(&database, SERVER).await.unwrap();
    assert_eq!(slowest().await, SlowestHashes::default());
    let salt_and_hash = "c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let bcrypt = |cost: u32| format!("$2b${cost:02}$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    let argon2id = |costs: &str| format!("$argon2id$v=19${costs}${salt_and_hash}");
    let hashes = [bcrypt(5), bcrypt(12), bcrypt(8), argon2id("m=65536,t=1,p=1"), argon2id("m=8192,t=9,p=1")];
    let imported = hashes.iter().zip(50..).map(|(hash, number)| {
        let hash_kind = HashKind::of(hash).unwrap();
        UserEntry {
            new_id: UserId::from_bytes([number; 16]),
            new_customer_id: None,
            new_password: NewPassword::Imported(PasswordHash(hash.clone()), hash_kind),
            ..person(&format!("user{number}"))
        }
    });
    applied(&database, &Declaration { users: imported.collect(), ..Declaration::default() }).await;
    let both = SlowestHashes { argon2id_blocks: 73_728, argon2id_memory_kib: 8_192, bcrypt_cost: 12 };
    assert_eq!(slowest().await, both);
    assert_eq!(
        user::slowest_hashes(&database, ServerId::from_bytes([77; 16])).await.unwrap(),
        SlowestHashes::default()
    );

    let replace = async |from: &str, number: u16| {
        let upgrade = PasswordUpgrade { from: PasswordHash(from.to_owned()), to: PasswordHash("ours".to_owned()) };
        let mut sign_in = sign_in(number);
        sign_in.session.session.user_id = UserId::from_bytes([51; 16]);
        sign_in.password_upgrade = Some(upgrade);
        auth_store::login::sign_in(&database, SERVER, sign_in, NOW).await.unwrap();
    };
    let user51 = async || {
        let found = user::find_for_sign_in(&database, SERVER, &Identifier::read("user51").unwrap()).await.unwrap();
        found.unwrap().1.unwrap()
    };
    replace("another, since the password was changed meanwhile", 1).await;
    assert!(user51().await.is_imported && slowest().await == both);
    replace(&bcrypt(12), 2).await;
    assert_eq!((user51().await.hash.0.as_str(), user51().await.is_imported), ("ours", false));
    assert_eq!(slowest().await.bcrypt_cost, 8);
}

async fn a_name_an_issuer_or_an_email_of_another_changes_nothing(database: Database) {
    applied(&database, &everything()).await;
    let other = |name: &str, issuer: &str| {
        let other = Server { id: OTHER_SERVER, name: name.to_owned(), issuer: issuer.to_owned(), ..shop() };
        Declaration { servers: vec![other], ..everything() }
    };
    let mut ben = person("Ben");
    ben.email_canonical = person("anna").email_canonical;
    (ben.new_id, ben.new_customer_id) = (UserId::from_bytes([20; 16]), None);
    let mut with_ben = everything();
    with_ben.clients[0].enabled = false;
    with_ben.users.push(ben);
    for refused in [other("shop", "https://other.example/auth"), other("other", "https://shop.example/auth"), with_ben]
    {
        let error = apply(&database, &refused, NOW).await.unwrap_err();
        assert!(matches!(error, ApplyError::Taken { .. }), "{error}");
        assert_eq!(server::all(&database).await.unwrap(), [shop()]);
        assert!(client::find(&database, SERVER, "gateway", NOW).await.unwrap().unwrap().enabled, "nothing of it");
        assert_eq!(generation::read(&database).await.unwrap(), 1);
    }
}

async fn what_is_fixed_cannot_be_changed(database: Database) {
    applied(&database, &everything()).await;
    for changed in [
        Server { tenant_id: TenantId::from_bytes([6; 16]), ..shop() },
        Server { name: "renamed".to_owned(), ..shop() },
        Server { user_type: UserType::Admin, ..shop() },
    ] {
        let error = apply(&database, &Declaration { servers: vec![changed], ..Declaration::default() }, NOW).await;
        assert!(matches!(error, Err(ApplyError::Fixed { .. })), "{error:?}");
    }
    assert_eq!(server::all(&database).await.unwrap(), [shop()]);
}

async fn a_server_moves_to_another_issuer(database: Database) {
    applied(&database, &everything()).await;
    let moved = Server { issuer: "https://new.example/auth".to_owned(), ..shop() };
    let done = applied(&database, &Declaration { servers: vec![moved.clone()], ..Declaration::default() }).await;
    assert_eq!(outcomes(&done), [Outcome::Changed]);
    assert_eq!(server::all(&database).await.unwrap(), [moved]);
}

async fn a_secret_is_replaced_offered_or_taken_away(database: Database) {
    applied(&database, &everything()).await;
    for (declared, outcome, standing) in [
        (DeclaredSecret::Is([2; 32]), Outcome::Changed, vec![[2; 32]]),
        (DeclaredSecret::WhenNone([3; 32]), Outcome::Unchanged, vec![[2; 32]]),
        (DeclaredSecret::None, Outcome::Changed, vec![]),
        (DeclaredSecret::WhenNone([3; 32]), Outcome::Changed, vec![[3; 32]]),
        (DeclaredSecret::WhenNone([4; 32]), Outcome::Unchanged, vec![[3; 32]]),
    ] {
        let done = applied(&database, &only(vec![gateway(declared.clone())])).await;
        assert_eq!(outcomes(&done), [outcome], "{declared:?}");
        assert_eq!(secrets(&database).await, standing, "{declared:?}");
        let told = matches!(declared, DeclaredSecret::WhenNone(_)) && outcome == Outcome::Changed;
        assert_eq!(done.new_secrets.len(), usize::from(told), "{declared:?}");
    }
}

/// Somebody removed the user since it was looked whether a hash is needed.
async fn a_new_user_without_a_hash_is_told_to_try_again(database: Database) {
    let mut anna = person("anna");
    anna.new_password = NewPassword::NotHashed;
    let error = apply(&database, &Declaration { users: vec![anna], ..Declaration::default() }, NOW).await.unwrap_err();
    assert!(matches!(&error, ApplyError::Storage(error) if error.is_unavailable()), "{error:?}");
}

async fn memberships_are_written_where_they_differ(database: Database) {
    let (company, parent) = (AccountId::from_bytes([2; 16]), AccountId::from_bytes([3; 16]));
    let entry = |roles: &[&str]| MembershipEntry {
        server_id: SERVER,
        customer_id: CUSTOMER,
        account_id: company,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        parent_accounts: vec![parent],
        name: "Anna at Fjord".to_owned(),
    };
    for (roles, outcome) in
        [(vec!["BUYER"], Outcome::Created), (vec!["BUYER"], Outcome::Unchanged), (vec!["OWNER"], Outcome::Changed)]
    {
        let changes = apply_memberships(&database, &[entry(&roles)], NOW).await.unwrap();
        assert_eq!(changes.entries[0].outcome, outcome);
        let standing = account::membership(&database, SERVER, CUSTOMER, company).await.unwrap().unwrap();
        assert_eq!((standing.roles, standing.parent_accounts), (entry(&roles).roles, vec![parent]));
    }
    assert_eq!(generation::read(&database).await.unwrap(), 2);
}

async fn of_many_equal_declarations_at_once_one_writes(database: Database) {
    let mut tasks = JoinSet::new();
    for _ in 0..12 {
        let database = database.clone();
        tasks.spawn(async move { applied(&database, &everything()).await });
    }
    let writers = tasks.join_all().await.iter().filter(|applied| !applied.changes.is_empty()).count();
    assert_eq!((writers, generation::read(&database).await.unwrap()), (1, 1));
}

async fn of_many_offered_secrets_at_once_one_is_taken(database: Database) {
    let mut tasks = JoinSet::new();
    for number in 1..=12 {
        let database = database.clone();
        let declaration = only(vec![gateway(DeclaredSecret::WhenNone([number; 32]))]);
        tasks.spawn(async move { (number, applied(&database, &declaration).await) });
    }
    let told: Vec<[u8; 32]> = tasks
        .join_all()
        .await
        .into_iter()
        .filter_map(|(number, applied)| (!applied.new_secrets.is_empty()).then_some([number; 32]))
        .collect();
    assert_eq!(told, secrets(&database).await);
}

async fn what_is_there_is_known(database: Database) {
    applied(&database, &everything()).await;
    let asked = [(SERVER, "anna".to_owned()), (SERVER, "ben".to_owned()), (OTHER_SERVER, "anna".to_owned())];
    let known = known(&database, &asked).await.unwrap();
    assert_eq!(known.servers, [shop()]);
    assert_eq!((known.scopes[&SERVER].len(), known.roles[&SERVER].len(), known.clients[&SERVER].len()), (1, 1, 1));
    assert_eq!(known.users.len(), 1);
    assert_eq!(known.users[&asked[0]].customer_id, Some(CUSTOMER));
}
