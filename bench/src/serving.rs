//! Listening exactly as the shipped program does, for floor and Linden alike: the same accept loop, limits and time-outs.

#[path = "../../crates/linden/src/serve/mod.rs"]
#[allow(dead_code, unused_imports, reason = "TLS and binding to several addresses are the program's alone")]
mod serve;

use std::io::Write;

use anyhow::Result;
use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use serve::Limits;

/// What a server prints before its address, once it can be asked.
pub const READY: &str = "ready at ";

/// Serves on a free port until the process is killed.
pub async fn serve(router: Router) -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{READY}http://{}", listener.local_addr()?);
    std::io::stdout().flush()?;
    serve::run(vec![listener], router, None, Limits::default(), CancellationToken::new()).await;
    Ok(())
}
