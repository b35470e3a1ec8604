//! A database that will not do is told in a sentence that says what to do.

use std::fs;
use std::time::Duration;

use database::{
    Database, MigrateError, Migration, Migrations, OpenError, PostgresOptions, SqliteOptions, Statement, params,
};
use test_kit::postgres::{Cluster, Protection, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::engines::{self, Opened, postgres_options};

const FIRST: Migration =
    Migration { version: 1, name: "first", sql: "CREATE TABLE first (id BIGINT NOT NULL PRIMARY KEY)" };
const SECOND: Migration =
    Migration { version: 2, name: "second", sql: "CREATE TABLE second (id BIGINT NOT NULL PRIMARY KEY)" };
const MIGRATIONS: Migrations = Migrations { name: "test", sqlite: &[FIRST, SECOND], postgres: &[FIRST, SECOND] };

static OTHERS_TABLE: Statement = Statement::new("OTHERS_TABLE", "CREATE TABLE second (name TEXT)");
static OTHERS_BOOKS: Statement = Statement::new("OTHERS_BOOKS", "CREATE TABLE schema_version (installed_rank BIGINT)");
static FORGET_SECOND: Statement = Statement::new("FORGET_SECOND", "DELETE FROM schema_version WHERE version = 2");
static FORGET_FIRST: Statement = Statement::new("FORGET_FIRST", "DELETE FROM schema_version WHERE version = 1");

async fn refusal(options: PostgresOptions) -> String {
    Database::open_postgres(options).await.unwrap_err().to_string()
}

async fn both_engines() -> [Opened; 2] {
    let options = postgres_options().await;
    let postgres = Database::open_postgres(PostgresOptions { schema: "public".to_owned(), ..options }).await.unwrap();
    [engines::empty_sqlite(), Opened::of(postgres)]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_reached_or_not_ours_is_told_apart() {
    let options = postgres_options().await;
    let name = options.url.rsplit('=').next().unwrap().to_owned();
    let at = |url: String| PostgresOptions { url, ..options.clone() };
    let nobody = refusal(at("postgres://127.0.0.1:9/shop".to_owned())).await;
    assert!(nobody.contains("127.0.0.1:9") && nobody.contains("is it running"), "{nobody}");
    let nowhere = refusal(at("postgres://db.invalid/shop".to_owned())).await;
    assert!(nowhere.contains("db.invalid:5432") && nowhere.contains("host and port"), "{nowhere}");
    let several = refusal(at("postgres://127.0.0.1:9,127.0.0.1:10/shop".to_owned())).await;
    assert!(several.contains("127.0.0.1:9") && several.contains("127.0.0.1:10"), "{several}");
    let missing = refusal(at(options.url.replace(&name, "no_such_database"))).await;
    assert!(missing.contains("no such database") && missing.contains("create it"), "{missing}");
    let stranger = refusal(at(options.url.replace("user=postgres", "user=no_such_role"))).await;
    assert!(stranger.contains("pg_hba.conf"), "{stranger}");

    let cluster = Cluster::start();
    cluster.run(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await.unwrap();
    let read_only = refusal(options.clone()).await;
    assert!(read_only.contains("takes no writes") && read_only.contains("name the primary"), "{read_only}");
    cluster.run("CREATE DATABASE in_ascii ENCODING 'SQL_ASCII' TEMPLATE template0").await.unwrap();
    let encoded = refusal(at(cluster.url("in_ascii"))).await;
    assert!(encoded.contains("SQL_ASCII") && encoded.contains("ENCODING 'UTF8'"), "{encoded}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_too_old_is_told_the_version_that_will_do() {
    let server = Server::launch(&Protection::None);
    let port = older(server.port()).await;
    let url = server.url("postgres").replace(&server.port().to_string(), &port.to_string());
    let options = PostgresOptions::new(url, "linden_test");
    let patient = PostgresOptions { connection_timeout: Duration::from_secs(60), ..options };
    let error = Database::open_postgres(patient).await.unwrap_err();
    assert!(matches!(error, OpenError::TooOld { found: 13, oldest: 14, .. }), "{error}");
    assert!(error.to_string().contains("upgrade the server"), "{error}");
}

/// Passes everything on, but has the server say that it is of version 13. Answers the port.
async fn older(server: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (mut asking, mut telling) = client.into_split();
            let (mut answers, mut questions) = TcpStream::connect(("127.0.0.1", server)).await.unwrap().into_split();
            tokio::spawn(async move { tokio::io::copy(&mut asking, &mut questions).await });
            tokio::spawn(async move {
                let mut buffer = vec![0; 16_384];
                while let Ok(length @ 1..) = answers.read(&mut buffer).await {
                    let is_version = |text: &[u8]| text.iter().all(u8::is_ascii_digit) && text.ends_with(b"00");
                    for place in 0..length.saturating_sub(6) {
                        if is_version(&buffer[place..place + 4]) && buffer[place + 4..place + 6].is_ascii() {
                            buffer[place..place + 2].copy_from_slice(b"13");
                        }
                    }
                    telling.write_all(&buffer[..length]).await.unwrap();
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_may_not_change_the_schema_is_told_so() {
    let options = postgres_options().await;
    let cluster = Cluster::start();
    cluster.run("CREATE ROLE guest LOGIN").await.unwrap();
    let url = options.url.replace("user=postgres", "user=guest");
    let database = Database::open_postgres(PostgresOptions { url, ..options }).await.unwrap();
    let error = database.migrate(&MIGRATIONS).await.unwrap_err();
    assert!(matches!(error, MigrateError::NotAllowed { .. }), "{error}");
    assert!(error.to_string().contains("make the role of the address its owner"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_another_program_is_left_alone() {
    for others in [&OTHERS_TABLE, &OTHERS_BOOKS] {
        for opened in both_engines().await {
            opened.database.execute(others, params![]).await.unwrap();
            let error = opened.database.migrate(&MIGRATIONS).await.unwrap_err();
            assert!(matches!(error, MigrateError::InTheWay { .. }), "{error}");
            assert!(error.to_string().contains("name an empty schema or file"), "{error}");
            let asked = opened.database.pending_migrations(&MIGRATIONS).await;
            match others.name() {
                "OTHERS_BOOKS" => assert!(matches!(asked, Err(MigrateError::InTheWay { .. })), "{asked:?}"),
                _ => assert_eq!(asked.unwrap(), 2, "nothing of it was made"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_migration_is_not_gone_on_with() {
    for opened in both_engines().await {
        let database = &opened.database;
        assert_eq!(database.pending_migrations(&MIGRATIONS).await.unwrap(), 2);
        database.migrate(&MIGRATIONS).await.unwrap();
        assert_eq!(database.pending_migrations(&MIGRATIONS).await.unwrap(), 0);
        database.execute(&FORGET_SECOND, params![]).await.unwrap();
        let error = database.migrate(&MIGRATIONS).await.unwrap_err();
        assert!(matches!(error, MigrateError::InTheWay { .. }), "{error}");
        assert!(error.to_string().contains("restore a whole backup"), "{error}");
    }
    for opened in both_engines().await {
        let database = &opened.database;
        database.migrate(&MIGRATIONS).await.unwrap();
        database.execute(&FORGET_FIRST, params![]).await.unwrap();
        let error = database.migrate(&MIGRATIONS).await.unwrap_err();
        assert!(matches!(error, MigrateError::Changed { version: 2, .. }), "{error}");
        assert!(error.to_string().contains("restore a whole backup"), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let text = directory.path().join("notes.txt");
    fs::write(&text, "not a database at all, but long enough to look at".repeat(100)).unwrap();
    for path in [directory.path().to_owned(), text, directory.path().join("missing/auth.db")] {
        let error = Database::open_sqlite(SqliteOptions::new(&path)).err().unwrap();
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}
