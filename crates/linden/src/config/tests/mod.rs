mod documents;
mod environment;
mod mistakes;

use std::path::PathBuf;

use super::Configuration;
use crate::reading::Source;

/// What a file and variables of the environment say, or all that is wrong with it.
fn read(text: &str, environment: &[(&str, &str)]) -> Result<Configuration, String> {
    let file = Source { name: "linden.toml".to_owned(), text: text.to_owned() };
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let read = Configuration::read(file, PathBuf::new(), environment).and_then(|read| read.check().map(|()| read));
    read.map_err(|mistakes| mistakes.to_string())
}

/// The one mistake.
fn mistake(text: &str, environment: &[(&str, &str)]) -> String {
    let told = read(text, environment).unwrap_err();
    let mistakes: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!(mistakes.len(), 1, "{told}");
    mistakes[0].to_owned()
}

const AUTH: &str = "[auth]
listen = [\"127.0.0.1:8080\"]
master_key_file = \"master.key\"
database = { url = \"sqlite:auth.db\" }
";

const GATEWAY: &str = "[gateway]
listen = [\"127.0.0.1:8080\"]
client_secret_key_file = \"gateway.key\"
upstreams = { auth = [\"10.0.0.1:8080\"], tenant_resolver = [\"10.0.0.3:8081\"], services = {} }
";

const SERVICES: &str = "[services]
listen = [\"127.0.0.1:8080\"]
database = { url = \"sqlite:commerce.db\" }
";
