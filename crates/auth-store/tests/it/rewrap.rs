use auth_protocol::jws::Algorithm;
use auth_store::Database;
use auth_store::audit::AuditKind;
use auth_store::rewrap::{Row, SealedRow, rewrap, rows_of_others};
use auth_store::server_secret::{self, find_or_add};
use auth_store::signing_key::{self, NewKey, Sealed, add_first_key};
use database::statements;

use crate::engines::on_both_engines;
use crate::seed::{NOW, OTHER_SERVER, SERVER, audited, event, write};

on_both_engines! {
    what_lies_under_other_keys_is_sealed_anew
    what_changed_meanwhile_is_left_alone
}

statements! {
    UNNAMED = "UPDATE server_secret SET master_key_id = '' WHERE purpose = 'requests'";
}

fn sealed(master_key_id: &str, bytes: &[u8]) -> Sealed {
    Sealed { master_key_id: master_key_id.to_owned(), bytes: bytes.to_vec() }
}

async fn seed(database: &Database) {
    for server in [SERVER, OTHER_SERVER] {
        let private_key = sealed("old", b"key");
        let key = NewKey { key_id: "key".to_owned(), algorithm: Algorithm::Es256, private_key };
        add_first_key(database, server, &key, NOW).await.unwrap();
        find_or_add(database, server, "csrf", sealed("new", b"csrf"), NOW).await.unwrap();
        find_or_add(database, server, "requests", sealed("old", b"requests"), NOW).await.unwrap();
    }
    write(database, &UNNAMED, &[]).await;
}

fn anew(rows: Vec<SealedRow>) -> Vec<(SealedRow, Sealed)> {
    rows.into_iter().map(|row| (row, sealed("new", b"anew"))).collect()
}

async fn what_lies_under_other_keys_is_sealed_anew(database: Database) {
    seed(&database).await;
    let rows = rows_of_others(&database, SERVER, "new").await.unwrap();
    let named: Vec<(&Row, &str)> = rows.iter().map(|row| (&row.row, row.sealed.master_key_id.as_str())).collect();
    assert_eq!(named, [(&Row::SigningKey("key".into()), "old"), (&Row::Secret("requests".into()), "")]);
    let before = auth_store::generation::read(&database).await.unwrap();
    let event = event(1, AuditKind::KeysRewrapped);
    assert_eq!(rewrap(&database, SERVER, anew(rows), event).await.unwrap(), 2);

    assert!(rows_of_others(&database, SERVER, "new").await.unwrap().is_empty());
    assert_eq!(signing_key::keys(&database, SERVER).await.unwrap()[0].private_key, sealed("new", b"anew"));
    let secrets = server_secret::all(&database, SERVER).await.unwrap();
    assert_eq!(secrets, [("csrf".into(), sealed("new", b"csrf")), ("requests".into(), sealed("new", b"anew"))]);
    assert_eq!(rows_of_others(&database, OTHER_SERVER, "new").await.unwrap().len(), 2, "another server's");
    assert_eq!(auth_store::generation::read(&database).await.unwrap(), before + 1);
    assert_eq!(audited(&database, SERVER).await, ["keys_rewrapped"]);
}

/// Somebody else rewrapped at the same time, under a third key.
async fn what_changed_meanwhile_is_left_alone(database: Database) {
    seed(&database).await;
    let rows = rows_of_others(&database, SERVER, "new").await.unwrap();
    let third = rows.iter().map(|row| (row.clone(), sealed("third", b"third"))).collect();
    assert_eq!(rewrap(&database, SERVER, third, event(1, AuditKind::KeysRewrapped)).await.unwrap(), 2);
    assert_eq!(rewrap(&database, SERVER, anew(rows), event(2, AuditKind::KeysRewrapped)).await.unwrap(), 0);
    assert_eq!(signing_key::keys(&database, SERVER).await.unwrap()[0].private_key, sealed("third", b"third"));
}
