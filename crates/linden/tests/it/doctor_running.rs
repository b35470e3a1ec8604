//! `linden doctor --config`: a running node and what is around it; each check is seen to fail by breaking what it looks at.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;

use database::{Database, SqliteOptions, Statement, params, statements};
use serde_json::Value;
use tempfile::TempDir;
use test_kit::authority::{Authority, Issued};
use test_kit::postgres::Cluster;
use test_kit::process::Process;

use crate::program::{linden, output};

statements! {
    IN_CLEAR = "UPDATE client SET settings = replace(settings, 'https://localhost', 'http://shop.example')";
    NOWHERE = "UPDATE client SET settings = replace(settings, 'https://localhost', 'https://nowhere.invalid')";
    OTHER_KEYS = "UPDATE signing_key SET key_id = 'other'";
    OLD_KEYS = "UPDATE signing_key SET activates_at = activates_at - 31536000000000";
    FROM_THE_FUTURE = "INSERT INTO schema_version (store, version, name, checksum) VALUES ('auth', 999, 'later', 0)";
    OTHER_ISSUER = "UPDATE issuer SET issuer = replace(issuer, '/auth', '/auth/s/other')";
}

/// A node of `linden auth` over TLS, with one server and one client.
struct System {
    directory: TempDir,
    authority: Authority,
    port: u16,
    management: u16,
    /// The shop, where pages are.
    pages: u16,
    node: Option<Process>,
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Answers everything with an empty page, as long as the test runs.
fn serve_pages() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _head = stream.read(&mut [0; 4096]);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").ok();
        }
    });
    port
}

impl System {
    fn start(auth: &str, commerce: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("master.key"), [7; 32]).unwrap();
        let (port, management, pages) = (free_port(), free_port(), serve_pages());
        let mut system = Self { directory, authority: Authority::new(), port, management, pages, node: None };
        let issued = system.authority.server(&["localhost"]);
        system.certify(&issued);
        system.write("linden.toml", &system.configuration(auth, commerce));
        let declaration = format!(
            r#"
[[tenant]]
name = "fjord"
[[authorization_server]]
name = "customers"
tenant = "fjord"
issuer = "https://localhost:{port}/auth"
[[client]]
server = "customers"
client_id = "shop"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["https://localhost:{port}/", "http://localhost:{pages}/silent-callback.html"]
scopes = ["openid"]
"#
        );
        system.write("shop.toml", &declaration);
        let applied = output(&["apply", system.path("shop.toml").to_str().unwrap(), "--config", &system.config()]);
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        system.run();
        system
    }

    fn configuration(&self, auth: &str, commerce: &str) -> String {
        let (port, management) = (self.port, self.management);
        format!(
            r#"
[auth]
listen = ["127.0.0.1:{port}"]
management = "127.0.0.1:{management}"
master_key_file = "master.key"
tls = {{ certificate = "chain.pem", key = "key.pem" }}
limits = {{ leave_seconds = 0 }}
[auth.database]
url = "{auth}"
[services]
listen = ["127.0.0.1:0"]
[services.database]
url = "{commerce}"
"#
        )
    }

    fn run(&mut self) {
        let mut command = linden();
        command.args(["auth", "--config", &self.config()]);
        let log = std::fs::File::create(self.path("auth.log")).unwrap();
        self.node = Some(Process::start(&mut command, "linden auth ready at", log).unwrap());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn config(&self) -> String {
        self.path("linden.toml").to_str().unwrap().to_owned()
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path(name), content).unwrap();
    }

    fn replace(&self, name: &str, from: &str, to: &str) {
        let content = std::fs::read_to_string(self.path(name)).unwrap();
        assert!(content.contains(from), "{content}");
        self.write(name, &content.replace(from, to));
    }

    fn certify(&self, issued: &Issued) {
        self.write("authority.pem", &self.authority.certificate());
        self.write("chain.pem", &issued.certificate);
        self.write("key.pem", &issued.key);
    }

    fn examined(&self) -> Value {
        let authority = self.path("authority.pem");
        let config = self.config();
        let authority = ["--certificate-authority", authority.to_str().unwrap()];
        let ended = output(&[&["doctor", "--json", "--config", &config][..], &authority].concat());
        let report: Value = serde_json::from_slice(&ended.stdout)
            .unwrap_or_else(|_| panic!("no JSON: {}", String::from_utf8_lossy(&ended.stderr)));
        assert_eq!(report["fine"], ended.status.success());
        report
    }

    /// The check is wrong, says so in these words, and tells what to do.
    #[track_caller]
    fn is_wrong(&self, name: &str, found: &str) {
        let report = self.examined();
        let check = check(&report, name);
        assert_eq!(check["verdict"], "wrong", "{report:#}");
        assert!(check["found"].as_str().unwrap().contains(found), "{check:#}");
        assert!(check["advice"].is_string(), "{check:#}");
    }

    #[track_caller]
    fn is_well(&self) -> Value {
        let report = self.examined();
        assert_eq!(report["fine"], true, "{report:#}");
        report
    }

    /// In SQLite's file.
    async fn change(&self, statement: &Statement) {
        let database = Database::open_sqlite(SqliteOptions::new(self.path("auth.db"))).unwrap();
        database.execute(statement, params![]).await.unwrap();
        database.close().await;
    }
}

fn check<'a>(report: &'a Value, name: &str) -> &'a Value {
    let mut checks = report["checks"].as_array().unwrap().iter();
    checks.find(|check| check["check"] == name).unwrap_or_else(|| panic!("no {name} in {report:#}"))
}

fn on_sqlite() -> System {
    System::start("sqlite:auth.db", "sqlite:commerce.db")
}

#[test]
fn a_system_that_is_well_is_told_so_and_a_node_that_is_down_is_missed() {
    let mut system = on_sqlite();
    let report = system.is_well();
    let names: Vec<&str> =
        report["checks"].as_array().unwrap().iter().map(|check| check["check"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "configuration",
            "clock",
            "auth certificate",
            "auth database",
            "master key",
            "signing keys",
            "issuers",
            "issuers' clocks",
            "redirect URIs",
            "auth node",
            "services certificate",
            "commerce database",
            "services node",
        ]
    );
    assert!(check(&report, "signing keys")["found"].as_str().unwrap().contains("customers: ES256 signs for 0 days"));
    assert!(!report.to_string().contains("BEGIN"), "{report:#}");
    assert!(system.node.take().unwrap().terminate().unwrap().success());
    system.is_wrong("auth node", "nobody answers at http://127.0.0.1:");
    system.is_wrong("issuers", "cannot be reached");
}

#[tokio::test]
async fn each_thing_that_breaks_is_told() {
    let system = on_sqlite();
    system.replace("linden.toml", "master_key_file = \"master.key\"", "master_key_file = \"missing.key\"");
    system.is_wrong("master key", "missing.key");
    system.replace("linden.toml", "missing.key", "master.key");

    system.write("foreign.key", "foreign");
    std::fs::write(system.path("foreign.key"), [8; 32]).unwrap();
    system.replace("linden.toml", "\"master.key\"", "\"foreign.key\"");
    system.is_wrong("master key", "another master key");
    system.replace("linden.toml", "\"foreign.key\"", "\"master.key\"");

    system.write("authority.pem", &Authority::new().certificate());
    system.is_wrong("issuers", "cannot be reached");
    system.certify(&system.authority.expired_server(&["localhost"]));
    system.is_wrong("auth certificate", "expired at 2021-01-01");
    system.certify(&system.authority.server(&["localhost"]));
    system.is_well();

    let somebody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    system.replace("linden.toml", &format!(":{}\"", system.management), &format!(":{somebody}\""));
    system.is_wrong("auth node", "nobody answers");
    system.replace("linden.toml", &format!(":{somebody}\""), &format!(":{}\"", system.pages));
    system.is_wrong("auth node", "something else than a node of ours");
    system.replace("linden.toml", &format!(":{}\"", system.pages), &format!(":{}\"", system.management));

    let pages = system.pages;
    system.replace("shop.toml", &format!("localhost:{pages}"), &format!("localhost:{}", free_port()));
    let applied = output(&["apply", system.path("shop.toml").to_str().unwrap(), "--config", &system.config()]);
    assert!(applied.status.success());
    system.is_wrong("redirect URIs", "/silent-callback.html cannot be reached");
}

#[tokio::test]
async fn what_the_database_says_is_held_against_the_world() {
    let system = on_sqlite();
    for (statement, name, found) in [
        (&OLD_KEYS, "signing keys", "should have been followed"),
        (&OTHER_KEYS, "issuers", "which this database has not"),
        (&OTHER_ISSUER, "issuers", "/auth/s/other/.well-known"),
        (&IN_CLEAR, "what is configured", "cannot be read"),
        (&FROM_THE_FUTURE, "auth database", "newer"),
    ] {
        system.change(statement).await;
        system.is_wrong(name, found);
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_told() {
    let system = on_sqlite();
    system.change(&NOWHERE).await;
    system.is_wrong("redirect URIs", "nowhere.invalid, which has no address");
}

#[tokio::test]
async fn a_node_on_postgres_is_told_with_its_server_and_both_clocks() {
    let database = Cluster::start().fresh_database().await;
    let system = System::start(&database, &database);
    let report = system.is_well();
    let found = check(&report, "auth database")["found"].as_str().unwrap().to_owned();
    assert!(found.starts_with("PostgreSQL ") && found.contains("synchronous_commit=on"), "{found}");
    for clock in ["auth database's clock", "commerce database's clock"] {
        assert_eq!(check(&report, clock)["verdict"], "fine");
    }
    let nowhere = "postgres://linden:secret-of-the-database@127.0.0.1:1/linden";
    system.write("linden.toml", &system.configuration(nowhere, &database));
    system.is_wrong("auth database", "127.0.0.1");
    assert!(!system.examined().to_string().contains("secret-of-the-database"));
}
