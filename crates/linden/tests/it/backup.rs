//! docs/operations.md, "Backups and restore": a copy that is made while it runs is a whole shop.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use test_kit::browser::{ANNA, Browser};
use test_kit::postgres::{Cluster, program};

use crate::command::command;
use crate::program::{Shop, linden};

#[tokio::test]
async fn a_copy_of_sqlite_serves_on_with_its_sessions() {
    let directory = tempfile::tempdir().unwrap();
    let (lost, restored) = (directory.path().join("lost"), directory.path().join("restored"));
    let shop = Shop::start(&lost);
    let mut anna = Browser::at(&shop.origin);
    anna.sign_in(ANNA).await.unwrap();
    std::fs::create_dir(&restored).unwrap();
    for name in ["auth.db", "commerce.db"] {
        let running = rusqlite::Connection::open(lost.join(name)).unwrap();
        let copy = restored.join(name);
        running.execute("VACUUM INTO ?1", [copy.to_str().unwrap()]).unwrap();
        std::fs::set_permissions(&copy, Permissions::from_mode(0o600)).unwrap();
    }
    std::fs::copy(lost.join("master.key"), restored.join("master.key")).unwrap();
    let listen = format!("127.0.0.1:{}", shop.port());
    assert!(shop.interrupt());
    std::fs::remove_dir_all(&lost).unwrap();

    let shop = Shop::start_on(&restored, &listen, &[]);
    assert!(anna.reopened().is_signed_in().await);
    Browser::at(&shop.origin).sign_in(ANNA).await.unwrap();
    let found = command(&restored, &["doctor"]).stdout;
    for fine in ["files", "auth database", "commerce database", "master key"] {
        assert!(found.contains(&format!("fine   {fine}:")), "{found}");
    }
}

/// A configuration for operators' commands.
fn configuration(directory: &Path, name: &str, database: &str) -> PathBuf {
    let text = format!(
        r#"
[auth]
listen = ["127.0.0.1:0"]
public_scheme = "http"
master_key_file = "master.key"
database = {{ url = "{database}" }}
[services]
listen = ["127.0.0.1:0"]
database = {{ url = "{database}" }}
"#
    );
    let path = directory.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn a_dump_of_postgres_holds_all_that_was_declared() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("master.key"), [7; 32]).unwrap();
    let (lost, restored) = (Cluster::start().fresh_database().await, Cluster::start().fresh_database().await);
    let of_lost = configuration(directory.path(), "lost.toml", &lost);
    let of_restored = configuration(directory.path(), "restored.toml", &restored);
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/shop.toml");
    let origin = ["--public-origin", "http://localhost:8080"];
    succeeds(linden().args(["apply", demo, "--config"]).arg(&of_lost).args(origin));

    let dump = directory.path().join("dump");
    succeeds(
        Command::new(program("pg_dump")).args(["-Fc", "-n", "auth", "-n", "commerce", "-d", &lost, "-f"]).arg(&dump),
    );
    succeeds(Command::new(program("pg_restore")).args(["-d", &restored]).arg(&dump));
    let exported = |config: &Path| succeeds(linden().args(["export", "--config"]).arg(config));
    let all = exported(&of_lost);
    assert!(all.contains("anna@fjord.example") && all.contains("$argon2id$"), "{all}");
    assert_eq!(exported(&of_restored), all, "sealed secrets are opened by the same master key");
}
