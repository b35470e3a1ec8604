use std::ffi::{OsStr, OsString};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::measure::Server;
use crate::shop;

/// The server of the demo shop, to which the measured clients and shoppers are added.
pub const SERVER: &str = "customers";

/// `linden dev` over a new data directory.
pub async fn start(program: &Path, cores: &str, directory: &Path) -> Result<Server> {
    let arguments = arguments(directory, shop::SHOPPERS)?;
    let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
    Server::start(cores, program, &arguments).await.with_context(|| format!("{} dev", program.display()))
}

/// Of `linden dev` with so many shoppers more.
pub fn arguments(directory: &Path, shoppers: usize) -> Result<Vec<OsString>> {
    let (data, declared) = (data(directory), directory.join("bench.toml"));
    std::fs::write(&declared, declaration(shoppers)?)?;
    let options = ["dev", "--listen", "127.0.0.1:0", "--data-dir"].map(OsString::from);
    Ok(options.into_iter().chain([data.into(), "--with".into(), declared.into()]).collect())
}

/// Where it keeps its databases.
pub fn data(directory: &Path) -> PathBuf {
    directory.join("linden")
}

/// The measured clients, and so many shoppers.
pub fn declaration(shoppers: usize) -> Result<String> {
    let mut text = String::new();
    write!(
        text,
        r#"[[scope]]
server = "{SERVER}"
name = "{scope}"
open = true

[[client]]
server = "{SERVER}"
client_id = "{service}"
friendly_name = "Service"
application = "storefront"
authentication_methods = ["client_secret_post"]
grant_types = ["client_credentials"]
scopes = ["{scope}"]
permissions = {permissions:?}
secret = "{secret}"

[[client]]
server = "{SERVER}"
client_id = "{storefront}"
friendly_name = "Storefront"
application = "storefront"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["{redirect_uri}"]
scopes = ["openid", "USER", "CUSTOMER"]
"#,
        scope = shop::SERVICE_SCOPE,
        service = shop::SERVICE,
        permissions = shop::SERVICE_PERMISSIONS,
        secret = shop::SERVICE_SECRET,
        storefront = shop::STOREFRONT,
        redirect_uri = shop::REDIRECT_URI,
    )?;
    for number in 0..shoppers {
        let (name, password) = (shop::shopper(number), shop::PASSWORD_VARIABLE);
        write!(
            text,
            r#"
[[user]]
server = "{SERVER}"
username = "{name}"
email = "{name}@shop.example"
full_name = "Shopper Example"
password = {{ env = "{password}" }}
roles = ["SHOPPER"]
"#
        )?;
    }
    Ok(text)
}
