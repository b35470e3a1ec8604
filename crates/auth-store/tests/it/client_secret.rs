use auth_core::client::{
    AuthenticationMethod, ClientSettings, GrantType, KeptSecret, LONGEST_SECRET_OVERLAP, MOST_SECRETS,
};
use auth_core::time::{Span, Timestamp};
use auth_protocol::id::ServerId;
use auth_store::apply::{ApplyError, ClientEntry, Declaration, DeclaredSecret, apply};
use auth_store::audit::AuditKind;
use auth_store::client_secret::{RotateError, Rotated, rotate_client_secret};
use auth_store::sweep::Before;
use auth_store::{Database, client, generation};
use tokio::task::JoinSet;

use crate::engines::on_both_engines;
use crate::seed::{NOW, OTHER_SERVER, SERVER, audited, client_settings, event};
use crate::sweep::{NOTHING, sweep};

on_both_engines! {
    the_new_secret_counts_at_once_and_the_former_until_the_overlap_is_over
    no_overlap_ends_the_former_secret_now
    a_former_secret_is_never_prolonged
    a_change_is_on_record_and_news_for_every_node
    whoever_takes_no_secret_gets_none
    too_many_secrets_are_refused_and_nothing_is_written
    rotations_at_once_all_count_and_never_too_many
    a_file_does_not_bring_back_what_was_rotated_out
    a_declared_end_may_come_nearer_and_not_later
    ending_secrets_end_when_a_file_declares_another
}

const DAY: Span = Span::minutes(24 * 60);

fn secret(number: u8) -> [u8; 32] {
    [number; 32]
}

fn gateway(server_id: ServerId, method: AuthenticationMethod, secret: DeclaredSecret) -> Declaration {
    let settings = ClientSettings {
        authentication_methods: vec![method],
        grant_types: vec![GrantType::ClientCredentials],
        ..client_settings()
    };
    let client = ClientEntry { server_id, client_id: "gateway".to_owned(), enabled: true, settings, secret };
    Declaration { clients: vec![client], ..Declaration::default() }
}

async fn with_first_secret(database: &Database) {
    for server in [SERVER, OTHER_SERVER] {
        let declared = gateway(server, AuthenticationMethod::ClientSecretBasic, DeclaredSecret::Is(secret(1)));
        apply(database, &declared, NOW).await.unwrap();
    }
}

async fn rotate(database: &Database, number: u8, overlap: Span, now: Timestamp) -> Result<Rotated, RotateError> {
    let event = event(number.into(), AuditKind::ClientSecretRotated);
    rotate_client_secret(database, SERVER, "gateway", secret(number), overlap, event, now).await
}

/// Those that count at a moment, in order.
async fn counting(database: &Database, now: Timestamp) -> Vec<u8> {
    let found = client::find(database, SERVER, "gateway", now).await.unwrap().unwrap();
    let mut numbers: Vec<u8> = found.secrets.iter().map(|secret| secret.hash[0]).collect();
    numbers.sort_unstable();
    numbers
}

async fn the_new_secret_counts_at_once_and_the_former_until_the_overlap_is_over(database: Database) {
    with_first_secret(&database).await;
    let rotated = rotate(&database, 2, DAY, NOW).await.unwrap();
    assert_eq!(rotated, Rotated { former: 1, former_end_at: NOW + DAY });
    assert_eq!(counting(&database, NOW).await, [1, 2]);
    assert_eq!(counting(&database, NOW + DAY - Span(1)).await, [1, 2]);
    assert_eq!(counting(&database, NOW + DAY).await, [2]);
    let elsewhere = client::find(&database, OTHER_SERVER, "gateway", NOW + DAY).await.unwrap().unwrap();
    assert_eq!(elsewhere.secrets.len(), 1, "another server's client of that name is another client");
}

async fn no_overlap_ends_the_former_secret_now(database: Database) {
    with_first_secret(&database).await;
    assert_eq!(rotate(&database, 2, Span(0), NOW).await.unwrap().former, 0);
    assert_eq!(counting(&database, NOW).await, [2]);
}

async fn a_former_secret_is_never_prolonged(database: Database) {
    with_first_secret(&database).await;
    rotate(&database, 2, Span::minutes(1), NOW).await.unwrap();
    rotate(&database, 3, DAY, NOW + Span(1)).await.unwrap();
    assert_eq!(counting(&database, NOW + DAY).await, [2, 3]);
    // By then the second secret's end came nearer, and the first one's was over.
    rotate(&database, 4, Span(1), NOW + Span::minutes(2)).await.unwrap();
    assert_eq!(counting(&database, NOW + Span::minutes(2) + Span(1)).await, [4]);
    for overlap in [Span(LONGEST_SECRET_OVERLAP.0 + 1), Span(-1)] {
        assert!(matches!(rotate(&database, 5, overlap, NOW).await, Err(RotateError::Overlap)));
    }
}

async fn a_change_is_on_record_and_news_for_every_node(database: Database) {
    with_first_secret(&database).await;
    let before = generation::read(&database).await.unwrap();
    rotate(&database, 2, DAY, NOW).await.unwrap();
    assert_eq!(audited(&database, SERVER).await, ["client_secret_rotated"]);
    assert_eq!(generation::read(&database).await.unwrap(), before + 1);
}

async fn whoever_takes_no_secret_gets_none(database: Database) {
    assert!(matches!(rotate(&database, 2, DAY, NOW).await, Err(RotateError::UnknownClient)));
    let public = gateway(SERVER, AuthenticationMethod::None, DeclaredSecret::None);
    apply(&database, &public, NOW).await.unwrap();
    let before = generation::read(&database).await.unwrap();
    assert!(matches!(rotate(&database, 2, DAY, NOW).await, Err(RotateError::TakesNoSecret)));
    assert_eq!(counting(&database, NOW).await, [] as [u8; 0]);
    assert_eq!(audited(&database, SERVER).await, [] as [&str; 0]);
    assert_eq!(generation::read(&database).await.unwrap(), before);
}

async fn too_many_secrets_are_refused_and_nothing_is_written(database: Database) {
    with_first_secret(&database).await;
    let most = u8::try_from(MOST_SECRETS).unwrap();
    for number in 2..=most {
        rotate(&database, number, DAY, NOW).await.unwrap();
    }
    assert!(matches!(rotate(&database, most + 1, DAY, NOW).await, Err(RotateError::TooMany)));
    assert_eq!(counting(&database, NOW).await, (1..=most).collect::<Vec<_>>());
    assert_eq!(counting(&database, NOW + DAY).await, [most], "the newest must not have got an end");
    assert_eq!(audited(&database, SERVER).await.len(), MOST_SECRETS - 1);
    rotate(&database, most + 1, Span(0), NOW).await.unwrap();
    assert_eq!(counting(&database, NOW).await, [most + 1]);
}

async fn rotations_at_once_all_count_and_never_too_many(database: Database) {
    with_first_secret(&database).await;
    let mut tasks = JoinSet::new();
    for number in 2..=20 {
        let database = database.clone();
        tasks.spawn(async move { rotate(&database, number, DAY, NOW).await });
    }
    let done = tasks.join_all().await;
    assert_eq!(done.iter().filter(|one| one.is_ok()).count(), MOST_SECRETS - 1);
    assert!(done.iter().filter_map(|one| one.as_ref().err()).all(|error| matches!(error, RotateError::TooMany)));
    assert_eq!(counting(&database, NOW).await.len(), MOST_SECRETS);
    assert_eq!(counting(&database, NOW + DAY).await.len(), 1, "all but the newest have an end");
}

async fn declare(database: &Database, secret: DeclaredSecret, now: Timestamp) -> Result<(), ApplyError> {
    let declared = gateway(SERVER, AuthenticationMethod::ClientSecretBasic, secret);
    apply(database, &declared, now).await.map(|_| ())
}

fn until(number: u8, expires_at: Option<Timestamp>) -> DeclaredSecret {
    DeclaredSecret::Are(vec![KeptSecret { hash: secret(number), expires_at }])
}

/// It may have leaked. Not within the overlap, not when that is over, and not when the sweep has been there.
async fn a_file_does_not_bring_back_what_was_rotated_out(database: Database) {
    with_first_secret(&database).await;
    rotate(&database, 2, DAY, NOW).await.unwrap();
    let later = NOW + DAY + Span::minutes(1);
    for now in [NOW, later] {
        for declared in [DeclaredSecret::Is(secret(1)), until(1, None), until(1, Some(later + DAY))] {
            let refused = declare(&database, declared, now).await;
            assert!(matches!(&refused, Err(ApplyError::SecretEnded { client_id, .. }) if client_id == "gateway"));
        }
        assert_eq!(counting(&database, later).await, [2], "nothing was written");
        sweep(&database, SERVER, Before { expired: now, ..NOTHING }).await;
    }
    declare(&database, DeclaredSecret::WhenNone(secret(3)), later).await.unwrap();
    declare(&database, DeclaredSecret::Is(secret(2)), later).await.unwrap();
    assert_eq!(counting(&database, later).await, [2]);
    assert!(declare(&database, DeclaredSecret::Is(secret(1)), later).await.is_err());
}

async fn a_declared_end_may_come_nearer_and_not_later(database: Database) {
    declare(&database, until(1, Some(NOW + DAY)), NOW).await.unwrap();
    declare(&database, until(1, Some(NOW + DAY)), NOW).await.unwrap();
    declare(&database, until(1, Some(NOW + Span(5))), NOW).await.unwrap();
    assert!(declare(&database, until(1, Some(NOW + Span(6))), NOW).await.is_err());
    assert_eq!(counting(&database, NOW + Span(5)).await, [0; 0]);
}

async fn ending_secrets_end_when_a_file_declares_another(database: Database) {
    with_first_secret(&database).await;
    rotate(&database, 2, DAY, NOW).await.unwrap();
    declare(&database, DeclaredSecret::Is(secret(3)), NOW + Span(1)).await.unwrap();
    assert_eq!(counting(&database, NOW + Span(1)).await, [3]);
    assert!(declare(&database, DeclaredSecret::Is(secret(1)), NOW + Span(1)).await.is_err());
}
