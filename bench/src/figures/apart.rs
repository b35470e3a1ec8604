//! `linden auth`, `gateway` and `services` as three processes on SQLite: what each holds when idle, what the authorization
//! server holds after a storm of sign-ins, and how soon it answers a first token.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Result, bail};
use test_kit::port::free_port;
use tokio::process::Command;

use super::memory::{self, idle_time, look_at_pages, mebibytes, storm};
use super::servers::Servers;
use super::start::Starts;
use super::{Run, shipped};
use crate::measure::Server;
use crate::report::Row;
use crate::shop;

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/linden/demo/shop.toml");

pub async fn figures(
    program: &Path,
    servers: &Servers,
    run: &Run<'_>,
    quick: bool,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    if wanted("P14") || wanted("P15") {
        let apart = Apart::new(program, run, "apart").await?;
        let [auth, services, gateway] = apart.start(run).await?;
        if wanted("P14") {
            look_at_pages(&gateway, Some(&apart.host())).await?;
            tokio::time::sleep(idle_time(quick)).await;
            for (name, server) in [("auth", &auth), ("services", &services), ("gateway", &gateway)] {
                let name = format!("memory idle of `linden {name}`");
                rows.push(memory::idle_row(&name, mebibytes(server)?));
            }
        }
        if wanted("P15") {
            storm(&gateway, Some(&apart.host()), run).await?;
            rows.push(memory::after_storm_row("memory after a storm of `linden auth`", mebibytes(&auth)?));
        }
        for server in [gateway, services, auth] {
            server.stop().await?;
        }
    }
    if wanted("P16") || wanted("P17") {
        rows.extend(starts(program, servers, run).await?.into_iter().filter(|row| wanted(&row.figure)));
    }
    Ok(rows)
}

/// Of the authorization server: its store has been declared, the first time its keys have still to be made.
async fn starts(program: &Path, servers: &Servers, run: &Run<'_>) -> Result<Vec<Row>> {
    let mut starts = Starts::default();
    for round in 0..run.rounds.count {
        let apart = Apart::new(program, run, &format!("apart-{round}")).await?;
        let (arguments, host) = (apart.arguments("auth"), apart.host());
        starts.round(run, (program, &arguments, Some(&host)), (servers, &apart.directory)).await?;
    }
    Ok(starts.rows("`linden auth` to first token").into())
}

/// A configuration file, its keys and a declared shop.
struct Apart<'a> {
    program: &'a Path,
    directory: PathBuf,
    gateway: SocketAddr,
}

impl<'a> Apart<'a> {
    async fn new(program: &'a Path, run: &Run<'_>, name: &str) -> Result<Self> {
        let directory = run.directory.join(name);
        std::fs::create_dir(&directory)?;
        let apart = Self { program, directory, gateway: free_address()? };
        std::fs::write(apart.directory.join("master.key"), [7; 32])?;
        std::fs::write(apart.config(), apart.configuration()?)?;
        let key = apart.command(&["keys", "gateway-secret"]).await?;
        std::fs::write(apart.directory.join("gateway.key"), key)?;
        let declared = apart.directory.join("bench.toml");
        std::fs::write(&declared, shipped::declaration(shop::SHOPPERS)?)?;
        let origin = format!("http://{}", apart.host());
        apart.command(&["apply", DEMO, &declared.to_string_lossy(), "--public-origin", &origin]).await?;
        Ok(apart)
    }

    /// What visitors ask for.
    fn host(&self) -> String {
        format!("localhost:{}", self.gateway.port())
    }

    fn config(&self) -> PathBuf {
        self.directory.join("linden.toml")
    }

    fn configuration(&self) -> Result<String> {
        let (auth, services, resolver) = (free_address()?, free_address()?, free_address()?);
        Ok(format!(
            r#"[log]
level = "warn"

[auth]
listen = ["{auth}"]
public_scheme = "http"
gateways = ["127.0.0.1"]
master_key_file = "master.key"
database = {{ url = "sqlite:auth.db" }}

[services]
listen = ["{services}"]
resolver = "{resolver}"
gateways = ["127.0.0.1"]
auth = ["http://{auth}"]
database = {{ url = "sqlite:commerce.db" }}

[gateway]
listen = ["{gateway}"]
public_scheme = "http"
client_secret_key_file = "gateway.key"

[gateway.upstreams]
auth = ["http://{auth}"]
tenant_resolver = ["http://{resolver}"]

[gateway.upstreams.services]
tenant = ["http://{services}/tenant"]
customer = ["http://{services}/customer"]
cart = ["http://{services}/cart"]
"#,
            gateway = self.gateway,
        ))
    }

    fn arguments(&self, part: &str) -> Vec<OsString> {
        vec![part.into(), "--config".into(), self.config().into()]
    }

    /// Authorization server, services and gateway, with both cores.
    async fn start(&self, run: &Run<'_>) -> Result<[Server; 3]> {
        let start = async |part| {
            let arguments = self.arguments(part);
            let arguments: Vec<&OsStr> = arguments.iter().map(OsString::as_os_str).collect();
            Server::start(&run.cores.both(), self.program, &arguments).await
        };
        Ok([start("auth").await?, start("services").await?, start("gateway").await?])
    }

    async fn command(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let mut command = Command::new(self.program);
        command.args(arguments).arg("--config").arg(self.config());
        command.env(shop::PASSWORD_VARIABLE, shop::PASSWORD).stdin(Stdio::null());
        let output = command.output().await?;
        if !output.status.success() {
            bail!("linden {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(output.stdout)
    }
}

fn free_address() -> Result<SocketAddr> {
    Ok(SocketAddr::from(([127, 0, 0, 1], free_port()?)))
}
