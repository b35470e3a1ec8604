//! `linden auth`, `linden services` and `linden gateway` as processes of their own, from one file.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tempfile::TempDir;
use test_kit::authority::Authority;
use test_kit::browser::{ANNA, Browser, Client};
use test_kit::postgres::Cluster;
use test_kit::secrets;

use crate::program::{LOUDLY, linden, logged, output};

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/demo/shop.toml");

/// A command that serves, and what it said of where.
struct Part {
    child: Child,
    printed: BufReader<ChildStdout>,
    log: File,
}

impl Part {
    fn start(args: &[&str], config: &Path) -> Self {
        Self::start_with(args, config, &[])
    }

    /// With files that its section names by variables.
    fn start_with(args: &[&str], config: &Path, files: &[(&str, PathBuf)]) -> Self {
        let mut command = linden();
        command.args(args).arg("--config").arg(config).stdout(Stdio::piped()).envs(LOUDLY);
        let log = tempfile::tempfile().unwrap();
        let variable = |key: &str| format!("LINDEN__{}__{key}", args[0].to_ascii_uppercase());
        command.stderr(log.try_clone().unwrap()).env(variable("LIMITS__LEAVE_SECONDS"), "0");
        command.envs(files.iter().map(|(key, file)| (variable(key), file)));
        let mut child = command.spawn().unwrap();
        let printed = BufReader::new(child.stdout.take().unwrap());
        Self { child, printed, log }
    }

    /// The address of the next ready line.
    fn ready(&mut self, what: &str) -> String {
        let mut line = String::new();
        self.printed.read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix(&format!("linden {what} ready at "));
        address.unwrap_or_else(|| panic!("no ready line of {what}: {line:?}")).to_owned()
    }

    /// SIGTERM; whether it ended well.
    fn terminate(mut self) -> bool {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if !std::thread::panicking() {
            secrets::assert_absent(&logged(&mut self.log));
        }
    }
}

const CERTIFICATE: &str = "TLS__CERTIFICATE";
const KEY: &str = "TLS__KEY";
const AUTHORITY: &str = "CERTIFICATE_AUTHORITY";
const AUTHORITY_OF_UPSTREAMS: &str = "UPSTREAMS__CERTIFICATE_AUTHORITY";

/// An authority of one's own, for what parts say to each other.
struct PrivateTls(TempDir);

impl PrivateTls {
    fn new() -> Self {
        let (authority, directory) = (Authority::new(), tempfile::tempdir().unwrap());
        let issued = authority.server(&["127.0.0.1", "localhost"]);
        for (name, text) in [("ca", authority.certificate()), ("certificate", issued.certificate), ("key", issued.key)]
        {
            std::fs::write(directory.path().join(name), text).unwrap();
        }
        Self(directory)
    }

    fn client(&self) -> Client {
        Client::trusting(CertificateDer::from_pem_file(self.0.path().join("ca")).unwrap()).unwrap()
    }

    fn files(&self, keys: &[&'static str]) -> Vec<(&'static str, PathBuf)> {
        let name = |key| match key {
            CERTIFICATE => "certificate",
            KEY => "key",
            _ => "ca",
        };
        keys.iter().map(|key| (*key, self.0.path().join(name(*key)))).collect()
    }
}

struct Databases {
    auth: String,
    commerce: String,
}

/// A directory with a configuration and its keys.
struct Installation {
    directory: TempDir,
    databases: Databases,
}

impl Installation {
    fn new(databases: impl FnOnce(&Path) -> Databases) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("master.key"), [7; 32]).unwrap();
        let installation = Self { databases: databases(directory.path()), directory };
        installation.write("");
        let key = output(&["keys", "gateway-secret", "--config", installation.config().to_str().unwrap()]);
        assert!(key.status.success(), "{}", String::from_utf8_lossy(&key.stderr));
        secrets::note(String::from_utf8_lossy(&key.stdout).trim());
        secrets::note(&URL_SAFE_NO_PAD.encode([7; 32]));
        std::fs::write(installation.directory.path().join("gateway.key"), key.stdout).unwrap();
        installation
    }

    fn config(&self) -> PathBuf {
        self.directory.path().join("linden.toml")
    }

    /// Auth and services, and what a test adds.
    fn write(&self, more: &str) {
        let Databases { auth, commerce } = &self.databases;
        let text = format!(
            r#"
[auth]
listen = ["127.0.0.1:0"]
public_scheme = "http"
gateways = ["127.0.0.1"]
master_key_file = "master.key"
[auth.database]
url = "{auth}"

[services]
listen = ["127.0.0.1:0"]
resolver = "127.0.0.1:0"
auth = ["127.0.0.1:1"]
[services.database]
url = "{commerce}"
{more}"#
        );
        std::fs::write(self.config(), text).unwrap();
    }
}

/// A guest reads lists, somebody signs in and their token counts at every service: each through the gateway.
async fn serves_a_shop(installation: &Installation, tls: Option<&PrivateTls>) {
    let config = installation.config();
    let scheme = if tls.is_some() { "https" } else { "http" };
    let parts =
        std::fs::read_to_string(&config).unwrap().replace(r#"scheme = "http""#, &format!("scheme = {scheme:?}"));
    std::fs::write(&config, &parts).unwrap();
    let files = |keys: &[&'static str]| tls.map(|tls| tls.files(keys)).unwrap_or_default();
    let mut auth = Part::start_with(&["auth"], &config, &files(&[CERTIFICATE, KEY]));
    let auth_address = auth.ready("auth");
    let with_auth = parts.replace(r#""127.0.0.1:1""#, &format!("{auth_address:?}"));
    std::fs::write(&config, &with_auth).unwrap();
    let mut services = Part::start_with(&["services"], &config, &files(&[CERTIFICATE, KEY, AUTHORITY]));
    let (services_address, resolver) = (services.ready("services"), services.ready("tenant resolver"));
    let gateway = format!(
        r#"
[gateway]
listen = ["127.0.0.1:0"]
public_scheme = "{scheme}"
client_secret_key_file = "gateway.key"
[gateway.upstreams]
auth = ["{auth_address}"]
tenant_resolver = ["{resolver}"]
[gateway.upstreams.services]
tenant = ["{services_address}/tenant"]
customer = ["{services_address}/customer"]
cart = ["{services_address}/cart"]
"#
    );
    std::fs::write(&config, with_auth + &gateway).unwrap();
    let mut gateway = Part::start_with(&["gateway"], &config, &files(&[CERTIFICATE, KEY, AUTHORITY_OF_UPSTREAMS]));
    let origin = gateway.ready("gateway").replace("127.0.0.1", "localhost");
    for address in [&auth_address, &services_address, &resolver, &origin] {
        assert!(address.starts_with(&format!("{scheme}:")), "{address}");
    }

    let applied = output(&["apply", DEMO, "--config", config.to_str().unwrap(), "--public-origin", &origin]);
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    let client = tls.map_or_else(Client::default, PrivateTls::client);
    let mut browser = Browser::with(client, &origin);
    guest_is_served(&mut browser).await;

    let code = browser.sign_in(ANNA).await.unwrap();
    let token = browser.redeem(&code).await.unwrap().json()["access_token"].as_str().unwrap().to_owned();
    for path in ["/api/cart/item-lists", "/api/customer/accounts/mine"] {
        let request = http::Request::get(format!("{origin}{path}")).header("authorization", format!("Bearer {token}"));
        let answer = browser.try_send(request, String::new()).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    let elsewhere = browser.get("/api/cart/accounts/mine").await.unwrap();
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "a service's addresses are not another's");
    for part in [gateway, services, auth] {
        assert!(part.terminate(), "SIGTERM is a good end");
    }
}

/// Within a second or two the nodes have learned of what was applied.
async fn guest_is_served(browser: &mut Browser) {
    for _ in 0..600 {
        let answer = browser.get("/api/cart/item-lists").await.unwrap();
        if answer.status == StatusCode::OK {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no guest was served");
}

fn sqlite(directory: &Path) -> Databases {
    let at = |name: &str| format!("sqlite:{}", directory.join(name).display());
    Databases { auth: at("auth.db"), commerce: at("commerce.db") }
}

#[tokio::test]
async fn three_processes_serve_a_shop_on_sqlite() {
    serves_a_shop(&Installation::new(sqlite), None).await;
}

#[tokio::test]
async fn three_processes_serve_a_shop_on_postgres() {
    let database = Cluster::start().fresh_database().await;
    let installation = Installation::new(|_| Databases { auth: database.clone(), commerce: database });
    serves_a_shop(&installation, None).await;
}

#[tokio::test]
async fn three_processes_speak_tls_to_each_other_by_an_authority_of_ones_own() {
    serves_a_shop(&Installation::new(sqlite), Some(&PrivateTls::new())).await;
}

#[test]
fn a_second_authorization_server_on_one_sqlite_file_is_refused() {
    let installation = Installation::new(sqlite);
    let mut first = Part::start(&["auth"], &installation.config());
    let address = first.ready("auth");
    let second = output(&["auth", "--config", installation.config().to_str().unwrap()]);
    let said = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && said.contains("in use by process") && said.contains(&address), "{said}");
    assert!(first.terminate());
}

/// As docs/decisions/another-master-key.md tells it, with each configuration that nodes have on the way.
#[test]
fn the_master_key_is_changed_node_by_node() {
    let installation = Installation::new(sqlite);
    let directory = installation.directory.path();
    std::fs::write(directory.join("next.key"), [8; 32]).unwrap();
    let config = |name: &str, keys: &str| {
        let text = std::fs::read_to_string(installation.config()).unwrap();
        let path = directory.join(name);
        std::fs::write(&path, text.replace(r#"master_key_file = "master.key""#, keys)).unwrap();
        path
    };
    let beside = config("beside", "master_key_file = 'master.key'\nother_master_key_files = ['next.key']");
    let swapped = config("swapped", "master_key_file = 'next.key'\nother_master_key_files = ['master.key']");
    let alone = config("alone", "master_key_file = 'next.key'");
    let run = |args: &[&str], config: &Path| output(&[args, &["--config", config.to_str().unwrap()]].concat());
    let starts = |config: &Path| {
        let mut node = Part::start(&["auth"], config);
        node.ready("auth");
        assert!(node.terminate());
    };
    let applied = run(&["apply", DEMO, "--public-origin", "http://localhost:8080"], &beside);
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
    for config in [&beside, &swapped] {
        starts(config);
    }
    let rewrapped = run(&["keys", "rewrap"], &swapped);
    let said = String::from_utf8(rewrapped.stdout).unwrap();
    assert!(
        said.contains("3 keys and secrets were sealed anew"),
        "{said}{}",
        String::from_utf8_lossy(&rewrapped.stderr)
    );
    assert!(said.contains("1 clients have a secret that is derived"), "{said}");
    for config in [&beside, &swapped, &alone] {
        starts(config);
    }
    let refused = run(&["auth"], &installation.config());
    assert!(String::from_utf8(refused.stderr).unwrap().contains("sealed under another master key"));
    let made = run(&["keys", "rewrap", "--new-master-key"], &alone);
    assert_eq!(made.status.code(), Some(2), "the next key is put where nodes read it, not made here");
}
