//! A configuration that will not do, as an operator meets it: the sentence, and nothing that was started.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::command::Ended;
use crate::program::linden;

/// A directory with a master key, a gateway's key, and a configuration that is in order until a test changes it.
struct Place(TempDir);

const GOOD: &str = r#"[auth]
listen = ["127.0.0.1:0"]
public_scheme = "http"
master_key_file = "master.key"
database = { url = "sqlite:auth.db" }
[gateway]
listen = ["127.0.0.1:0"]
public_scheme = "http"
client_secret_key_file = "gateway.key"
upstreams = { auth = ["127.0.0.1:1"], tenant_resolver = ["127.0.0.1:1"], services = {} }
[services]
listen = ["127.0.0.1:0"]
database = { url = "sqlite:commerce.db" }
"#;

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::write(place.path("master.key"), [7; 32]).unwrap();
        place.write(GOOD);
        let key = place.run(&["keys", "gateway-secret"]);
        assert_eq!(key.code, 0, "{}", key.stderr);
        std::fs::write(place.path("gateway.key"), key.stdout).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, text: &str) {
        std::fs::write(self.path("linden.toml"), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Ended {
        let output = linden().args(args).arg("--config").arg(self.path("linden.toml")).output().unwrap();
        Ended {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What a command says that does not start.
    fn refused(&self, args: &[&str]) -> String {
        let ended = self.run(args);
        assert_eq!((ended.code, ended.stdout.as_str()), (1, ""), "{args:?}: {}", ended.stderr);
        ended.stderr
    }

    /// The check and the command say the same, and no database was made.
    fn refused_alike(&self, command: &str, says: &str) {
        for args in [&["config", "check"][..], &[command]] {
            let said = self.refused(args);
            assert!(said.contains(says), "{args:?}: {said}");
        }
        assert!(!self.path("auth.db").exists() && !self.path("commerce.db").exists());
    }
}

#[test]
fn what_is_in_order_is_said_to_be() {
    let place = Place::new();
    let checked = place.run(&["config", "check"]);
    assert!(checked.code == 0 && checked.stdout.ends_with("linden.toml is in order\n"), "{}", checked.stderr);
    let example = linden().args(["config", "example"]).output().unwrap();
    assert!(String::from_utf8(example.stdout).unwrap().contains("[gateway.upstreams]\n"));
    let schema = linden().args(["config", "schema"]).output().unwrap();
    assert!(serde_json::from_slice::<serde_json::Value>(&schema.stdout).unwrap()["properties"]["auth"].is_object());
}

#[test]
fn typos_stop_each_part_whoever_they_belong_to() {
    let place = Place::new();
    place.write(&GOOD.replace("client_secret_key_file", "client_secret_keyfile"));
    for command in ["auth", "gateway", "services"] {
        place.refused_alike(command, "linden.toml:9:1: unknown field `client_secret_keyfile`");
        place.refused_alike(command, "did you mean `client_secret_key_file`?");
    }
}

#[test]
fn a_mounted_secret_that_is_empty_or_none_is_told_by_its_name() {
    let place = Place::new();
    let told = |name: &str, wrong: &str| format!("{}{wrong}", place.path(name).display());
    std::fs::write(place.path("master.key"), "").unwrap();
    place.refused_alike("auth", &told("master.key", " is empty: was the secret mounted?"));
    std::fs::write(place.path("master.key"), "a password").unwrap();
    place.refused_alike("auth", &told("master.key", " is no master key: it must hold exactly 32 bytes"));
    std::fs::remove_file(place.path("master.key")).unwrap();
    place.refused_alike("auth", &format!("there is no file {}", place.path("master.key").display()));
    for args in [&["export"][..], &["keys", "gateway-secret"]] {
        assert!(place.refused(args).contains("there is no file"), "{args:?}");
    }
    std::fs::write(place.path("master.key"), [7; 32]).unwrap();

    std::fs::write(place.path("gateway.key"), "\n").unwrap();
    place.refused_alike("gateway", &told("gateway.key", " is empty: was the secret mounted?"));
    std::fs::write(place.path("gateway.key"), [7; 32]).unwrap();
    place.refused_alike("gateway", &told("gateway.key", " holds no key as `linden keys gateway-secret` prints it"));

    place.write(&GOOD.replace("url = \"sqlite:commerce.db\"", "url_file = \"url\""));
    std::fs::write(place.path("url"), "").unwrap();
    place.refused_alike("services", &told("url", " is empty: was the secret mounted?"));
    std::fs::write(place.path("url"), "mysql://db\n").unwrap();
    place.refused_alike("services", "must be sqlite:/var/lib/linden/auth.db, or postgres://user@host/database");
}

#[test]
fn a_gateways_machine_needs_no_master_key() {
    let place = Place::new();
    std::fs::remove_file(place.path("master.key")).unwrap();
    std::fs::write(place.path("gateway.key"), "").unwrap();
    let said = place.refused(&["gateway"]);
    assert!(said.contains("gateway.key is empty") && !said.contains("master.key"), "{said}");
}

#[test]
fn management_at_the_public_address_and_plain_http_for_everybody_are_refused() {
    let place = Place::new();
    place.write(&GOOD.replace(
        "listen = [\"127.0.0.1:0\"]\ndatabase",
        "listen = [\"127.0.0.1:1\"]\nmanagement = \"127.0.0.1:1\"\ndatabase",
    ));
    place.refused_alike(
        "services",
        "management: 127.0.0.1:1 is what `listen` serves others at: give it an address of its own",
    );
    place.write(&GOOD.replace(
        "[auth]\nlisten = [\"127.0.0.1:0\"]\npublic_scheme = \"http\"\n",
        "[auth]\nlisten = [\"0.0.0.0:0\"]\n",
    ));
    place.refused_alike(
        "auth",
        "listen: 0.0.0.0:0 can be reached from elsewhere by plain http: give tls, or name who may come so",
    );
}

#[test]
fn a_file_that_is_not_there_and_a_section_that_is_not() {
    let place = Place::new();
    place.write("");
    assert!(place.refused(&["auth"]).contains("linden.toml has no section [auth]: `linden config example` shows one"));
    std::fs::remove_file(place.path("linden.toml")).unwrap();
    assert!(place.refused(&["services"]).contains("linden.toml cannot be read"));
}
