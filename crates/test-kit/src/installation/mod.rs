//! Linden as it is run: processes, started, killed and started again.
//!
//! * [`Installation::on_one_machine`]: `linden dev` on SQLite.
//! * [`Many`]: two authorization servers, two gateways and the services on PostgreSQL, behind HAProxy with TLS.

mod commands;
mod many;
mod node;
mod proxy;
mod settings;

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context, Result, bail};
use http::StatusCode;
use tempfile::TempDir;

pub use many::Many;
pub use node::{Launch, Node};

use commands::Commands;

use crate::browser::{Browser, Client};
use crate::port::free_port;
use crate::process::Process;

const KEY_SET: &str = "/auth/oauth/jwks";
/// Each gateway asks each authorization server in turn.
const NOTICED: usize = 8;

/// Everything that serves a shop. What is dropped is killed.
pub struct Installation {
    /// Where browsers find it.
    pub origin: String,
    /// Those that a fault may meet.
    pub nodes: Vec<Node>,
    /// SHA-256 of the public key of the origin's certificate, in Base64.
    public_key_hash: Option<String>,
    commands: Commands,
    client: Client,
    _proxy: Option<Process>,
    _directory: Option<TempDir>,
}

impl Installation {
    /// One process, on the database files of that directory.
    pub fn on_one_machine(linden: &Path, data: &Path, environment: &[(&str, OsString)]) -> Result<Self> {
        let commands = Commands::of(linden, "--data-dir", data);
        let mut launch = Launch::new("linden", linden, "linden ready at ");
        launch.log(data.with_extension("log"));
        launch.arguments(["dev", "--listen", &format!("127.0.0.1:{}", free_port()?), "--data-dir"]).argument(data);
        for (name, value) in environment {
            launch.environment(name, value);
        }
        let node = Node::start(launch)?;
        let origin = node.address()?.to_owned();
        Ok(Self {
            origin,
            nodes: vec![node],
            public_key_hash: None,
            commands,
            client: Client::default(),
            _proxy: None,
            _directory: None,
        })
    }

    /// By its name, such as `auth1`.
    pub fn node(&mut self, name: &str) -> Result<&mut Node> {
        let node = self.nodes.iter_mut().find(|node| node.name() == name);
        node.with_context(|| format!("there is no node {name}"))
    }

    /// What an operator types, with the option that says where the stores are; what it printed.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        self.commands.run(arguments)
    }

    /// `kill -9` of a node whose like is up, and waits until the gateways know: a form that is sent by a connection which
    /// has just broken is lost, and nobody sends it again.
    pub async fn kill(&mut self, name: &str) -> Result<()> {
        self.node(name)?.kill();
        let mut browser = self.browser();
        for _ in 0..NOTICED {
            if browser.get(KEY_SET).await.is_none_or(|answer| answer.status != StatusCode::OK) {
                bail!("with {name} gone keys are not served");
            }
        }
        Ok(())
    }

    /// A person's browser, with nothing in it.
    pub fn browser(&self) -> Browser {
        Browser::with(self.client.anew(), &self.origin)
    }

    /// By which a browser may be told that the certificate of an https origin is right.
    pub fn public_key_hash(&self) -> Option<&str> {
        self.public_key_hash.as_deref()
    }

    pub fn client(&self) -> Client {
        self.client.clone()
    }
}
