//! TLS to PostgreSQL: verified whenever it is spoken, never given up for clear text.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use database::{Database, OpenError, PostgresOptions, Statement, params};
use tempfile::TempDir;
use test_kit::authority::{Authority, Issued};
use test_kit::postgres::{Protection, Server};

static SPEAKS_TLS: Statement =
    Statement::new("SPEAKS_TLS", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND version = 'TLSv1.3'");
static SLEEP: Statement = Statement::new("SLEEP", "SELECT CAST(pg_sleep(600) AS TEXT)");

/// Files as an operator has them.
struct Files {
    directory: TempDir,
}

impl Files {
    fn new() -> Files {
        Files { directory: tempfile::tempdir().unwrap() }
    }

    fn write(&self, name: &str, content: &str) -> Option<PathBuf> {
        let path = self.directory.path().join(name);
        fs::write(&path, content).unwrap();
        Some(path)
    }

    fn trusting(&self, server: &Server, authority: &Authority) -> PostgresOptions {
        let certificate_authority = self.write("authority.pem", &authority.certificate());
        PostgresOptions { certificate_authority, ..patient(server.url("postgres")) }
    }

    fn as_client(&self, options: PostgresOptions, client: &Issued) -> PostgresOptions {
        let client_certificate = self.write("client.pem", &client.certificate);
        PostgresOptions { client_certificate, client_key: self.write("client.key", &client.key), ..options }
    }
}

/// A handshake may take its time on a loaded machine.
fn patient(url: String) -> PostgresOptions {
    PostgresOptions { connection_timeout: Duration::from_secs(60), ..PostgresOptions::new(url, "linden_test") }
}

fn with_mode(options: &PostgresOptions, mode: &str) -> PostgresOptions {
    PostgresOptions { url: format!("{}?sslmode={mode}", options.url), ..options.clone() }
}

async fn speaks_tls(database: &Database) -> bool {
    database.read_optional(&SPEAKS_TLS, params![]).await.unwrap().is_some_and(|row| row.get(0).unwrap())
}

async fn refusal(options: PostgresOptions) -> OpenError {
    Database::open_postgres(options).await.unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_server_is_spoken_to_by_tls_and_no_other() {
    let (authority, stranger, files) = (Authority::new(), Authority::new(), Files::new());
    let server = Server::launch(&Protection::Password(&authority));
    server.run("ALTER ROLE postgres PASSWORD 'secret word'").await.unwrap();
    let trusting = files.trusting(&server, &authority);
    // SCRAM over TLS is bound to the server's certificate.
    let url = server.url("postgres").replace("postgres@", "postgres:secret%20word@");
    let trusting = PostgresOptions { url, ..trusting };
    let bound = PostgresOptions { url: format!("{}?channel_binding=require", trusting.url), ..trusting.clone() };
    for options in [bound, trusting.clone(), with_mode(&trusting, "prefer"), with_mode(&trusting, "verify-full")] {
        assert!(speaks_tls(&Database::open_postgres(options).await.unwrap()).await);
    }
    let wrong_word = PostgresOptions { url: trusting.url.replace("word", "guess"), ..trusting.clone() };
    let error = refusal(wrong_word).await;
    assert!(matches!(error, OpenError::Denied(_)), "{error}");
    assert!(!format!("{error} {error:?}").contains("guess"));

    // Nobody vouches for it but our authority: also `prefer` ends there.
    let public = PostgresOptions { certificate_authority: None, ..trusting.clone() };
    for options in [public.clone(), with_mode(&public, "prefer"), with_mode(&public, "require")] {
        let error = refusal(options).await;
        assert!(matches!(&error, OpenError::Certificate(told) if told.contains("UnknownIssuer")), "{error}");
    }
    for (presented, complaint) in [
        (authority.expired_server(&["127.0.0.1"]), "expired"),
        (authority.server(&["db.example"]), "not valid for name"),
        (stranger.server(&["127.0.0.1"]), "UnknownIssuer"),
    ] {
        server.present(&presented);
        server.run("SELECT pg_reload_conf()").await.unwrap();
        let refused = async {
            loop {
                match Database::open_postgres(trusting.clone()).await {
                    Ok(_not_yet_reloaded) => {}
                    Err(OpenError::Certificate(told)) if told.contains(complaint) => return,
                    Err(error) => assert!(matches!(error, OpenError::Certificate(_)), "{error}"),
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), refused).await.expect(complaint);
    }

    // Trusted now, by who trusts the other authority.
    let database = Database::open_postgres(files.trusting(&server, &stranger)).await;
    assert!(matches!(database.unwrap_err(), OpenError::Denied(_)), "it lacks the password, not the trust");
}

#[tokio::test(flavor = "multi_thread")]
async fn renewed_certificates_need_no_restart() {
    let (old, new, files) = (Authority::new(), Authority::new(), Files::new());
    let server = Server::launch(&Protection::ClientCertificate(&old));
    let options = files.as_client(files.trusting(&server, &old), &old.client("postgres"));
    let database = Database::open_postgres(PostgresOptions { connections: 1, ..options }).await.unwrap();
    assert!(speaks_tls(&database).await);
    server.trust(&new);
    server.present(&new.server(&["127.0.0.1"]));
    files.as_client(files.trusting(&server, &new), &new.client("postgres"));
    server.stop();
    server.start();
    // The pool of before, by the files of now.
    assert!(speaks_tls(&database).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_lets_in_its_role_alone() {
    let (authority, files) = (Authority::new(), Files::new());
    let server = Server::launch(&Protection::ClientCertificate(&authority));
    let without = files.trusting(&server, &authority);
    let error = refusal(without.clone()).await;
    assert!(matches!(error, OpenError::Denied(_)), "{error}");
    let other = files.as_client(without.clone(), &authority.client("somebody"));
    let error = refusal(other).await;
    assert!(matches!(error, OpenError::Denied(_)), "{error}");
    let own = files.as_client(without.clone(), &authority.client("postgres"));
    assert!(speaks_tls(&Database::open_postgres(own.clone()).await.unwrap()).await);

    let halves = PostgresOptions { client_key: None, ..own.clone() };
    assert!(matches!(refusal(halves).await, OpenError::Address(_)));
    let (empty, missing) = (files.write("empty.pem", ""), Some(PathBuf::from("/nowhere/key.pem")));
    for (options, complaint) in [
        (PostgresOptions { client_key: empty.clone(), ..own.clone() }, "empty.pem holds no private key"),
        (PostgresOptions { client_certificate: empty.clone(), ..own.clone() }, "empty.pem holds no certificate"),
        (PostgresOptions { certificate_authority: empty, ..own.clone() }, "empty.pem holds no certificate"),
        (PostgresOptions { client_key: missing, ..own.clone() }, "/nowhere/key.pem cannot be read"),
        (PostgresOptions { client_certificate: own.certificate_authority.clone(), ..own.clone() }, "client.key"),
    ] {
        let error = refusal(options).await;
        assert!(matches!(&error, OpenError::Certificate(told) if told.contains(complaint)), "{error}");
    }
}

/// PostgreSQL takes a request to cancel from anybody; it must all the same not go in clear where TLS is required.
#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_cancelled_by_tls() {
    let (authority, files) = (Authority::new(), Files::new());
    let server = Server::launch(&Protection::ClientCertificate(&authority));
    let options = files.as_client(files.trusting(&server, &authority), &authority.client("postgres"));
    let database = Database::open_postgres(PostgresOptions {
        statement_timeout: Duration::from_secs(600),
        ..with_mode(&options, "require")
    })
    .await
    .unwrap();
    let sleepers =
        || server.ask("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query LIKE '%(600)%'");
    let sleeping = tokio::spawn(async move { database.read_rows(&SLEEP, params![]).await.map(drop) });
    while sleepers().await.unwrap() == "0" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    sleeping.abort();
    let cancelled = async {
        while sleepers().await.unwrap() != "0" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), cancelled).await.expect("the statement goes on without its caller");
}

#[tokio::test(flavor = "multi_thread")]
async fn clear_text_is_spoken_only_where_tls_is_not_required() {
    let (authority, files) = (Authority::new(), Files::new());
    let server = Server::launch(&Protection::None);
    let clear = patient(server.url("postgres"));
    for options in [clear.clone(), with_mode(&clear, "prefer"), with_mode(&clear, "disable")] {
        assert!(!speaks_tls(&Database::open_postgres(options).await.unwrap()).await);
    }
    let with_authority = files.trusting(&server, &authority);
    for options in [with_mode(&clear, "require"), with_mode(&clear, "verify-full"), with_authority.clone()] {
        let error = refusal(options).await;
        assert!(matches!(&error, OpenError::Certificate(told) if told.contains("does not support TLS")), "{error}");
    }
    for options in [with_mode(&with_authority, "disable"), with_mode(&clear, "verify-ca"), with_mode(&clear, "allow")] {
        let error = refusal(options).await;
        assert!(matches!(error, OpenError::Address(_)), "{error}");
    }
}
