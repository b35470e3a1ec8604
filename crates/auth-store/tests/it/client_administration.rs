use auth_core::client::ClientSettings;
use auth_store::Database;
use auth_store::apply::{ClientEntry, DeclaredSecret};
use auth_store::audit::AuditKind;
use auth_store::client::find;
use auth_store::client_administration::{AddClientError, add};

use crate::engines::on_both_engines;
use crate::seed::{NOW, SERVER, audited, event};

on_both_engines! {
    a_client_is_added_once
}

fn entry(name: &str) -> ClientEntry {
    let settings = serde_json::json!({
        "friendly_name": name, "application_id": null, "first_party": true, "authentication_methods": ["client_secret_basic"],
        "grant_types": ["client_credentials"], "redirect_uris": [], "post_logout_redirect_uris": [], "scopes": [],
        "permissions": [], "proof_key_required": true, "id_token_algorithm": "ES256", "code_seconds": null,
        "access_token_seconds": null, "id_token_seconds": null
    });
    let settings: ClientSettings = serde_json::from_value(settings).unwrap();
    ClientEntry {
        server_id: SERVER,
        client_id: "reporting".to_owned(),
        enabled: true,
        settings,
        secret: DeclaredSecret::WhenNone([7; 32]),
    }
}

async fn a_client_is_added_once(database: Database) {
    add(&database, entry("first"), event(1, AuditKind::ClientAdded), NOW).await.unwrap();
    let refused = add(&database, entry("second"), event(2, AuditKind::ClientAdded), NOW).await.unwrap_err();
    assert!(matches!(refused, AddClientError::Taken), "{refused:?}");
    let client = find(&database, SERVER, "reporting", NOW).await.unwrap().unwrap();
    assert_eq!((client.settings.friendly_name.as_str(), client.secrets.len()), ("first", 1));
    assert_eq!(audited(&database, SERVER).await, ["client_added"]);
}
