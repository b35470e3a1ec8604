//! Listening exactly as the shipped program does, for floor and Linden alike: its accept loop, limits and time-outs, from
//! its own source.

#![allow(dead_code, reason = "it is another program's source, which uses all of it")]

#[path = "../../crates/linden/src/serve/connection.rs"]
mod connection;
#[path = "../../crates/linden/src/serve/ending.rs"]
mod ending;
#[path = "../../crates/linden/src/serve/limits.rs"]
mod limits;
#[path = "../../crates/linden/src/serve/load.rs"]
mod load;
#[path = "../../crates/linden/src/serve/overload.rs"]
mod overload;
#[path = "../../crates/linden/src/serve/paced.rs"]
mod paced;
#[path = "../../crates/linden/src/serve/run.rs"]
mod run;
#[path = "../../crates/linden/src/serve/timed.rs"]
mod timed;

use std::io::Write;

use anyhow::Result;
use axum::Router;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tracing_subscriber::EnvFilter;

use ending::Ending;
use limits::Limits;
use load::Load;
use run::Served;

/// As shipped: what is logged is decided, and written, as it is there.
pub fn log() {
    let filter = EnvFilter::try_from_env("LINDEN_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

/// Not spoken here: what is measured is plain HTTP.
#[derive(Clone)]
pub enum Tls {}

impl Tls {
    pub async fn follow(self) {
        match self {}
    }

    pub fn acceptor(&self) -> TlsAcceptor {
        match *self {}
    }
}

/// What a server prints before its address, once it can be asked.
pub const READY: &str = "ready at ";

/// Serves on a free port until the process is killed.
pub async fn serve(router: Router) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{READY}http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    run::run(Served::new(vec![listener], router), Ending::default()).await;
    Ok(())
}
