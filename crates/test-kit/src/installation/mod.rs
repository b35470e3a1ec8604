//! Linden as it is run: processes, started, killed and started again.
//!
//! [`Installation::on_one_machine`] is `linden dev` on SQLite.

mod node;

use std::ffi::OsString;
use std::net::TcpListener;
use std::path::Path;

use anyhow::Result;

pub use node::{Launch, Node};

use crate::browser::{Browser, Client};

/// Everything that serves a shop. What is dropped is killed.
pub struct Installation {
    /// Where browsers find it.
    pub origin: String,
    /// Those that a fault may meet.
    pub nodes: Vec<Node>,
    client: Client,
}

impl Installation {
    /// One process, on the database files of that directory.
    pub fn on_one_machine(linden: &Path, data: &Path, environment: &[(&str, OsString)]) -> Result<Self> {
        let mut launch = Launch::new("linden", linden, "linden ready at ");
        launch.log(data.with_extension("log"));
        launch.arguments(["dev", "--listen", &format!("127.0.0.1:{}", free_port()?), "--data-dir"]).argument(data);
        for (name, value) in environment {
            launch.environment(name, value);
        }
        let node = Node::start(launch)?;
        let origin = node.address()?.to_owned();
        Ok(Self { origin, nodes: vec![node], client: Client::default() })
    }

    /// A person's browser, with nothing in it.
    pub fn browser(&self) -> Browser {
        Browser::with(self.client.anew(), &self.origin)
    }

    pub fn client(&self) -> Client {
        self.client.clone()
    }
}

/// One that nobody has now: it stays the same when what listens there is started again.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
