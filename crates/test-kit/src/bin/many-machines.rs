//! Many machines for tests that are not in Rust: `many-machines LINDEN SHOP.toml`.
//!
//! 1. Prints one line of JSON once the shop is served: `origin`, and `spki`, by which a browser knows the test
//!    certificate's key.
//! 2. Reads commands from stdin, one a line, and answers each with `done`: `down NODE` (`kill -9`), `up NODE`.
//! 3. Ends everything when stdin ends.

use std::io::BufRead;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use test_kit::installation::{Installation, Many};
use test_kit::postgres::{Protection, Server};

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(linden), Some(shop)) = (arguments.next(), arguments.next()) else {
        bail!("many-machines LINDEN SHOP.toml");
    };
    let database = Server::launch(&Protection::None);
    database.run("CREATE DATABASE linden TEMPLATE template0").await?;
    let url = database.url("linden");
    let shop = std::fs::read_to_string(&shop).with_context(|| shop.display().to_string())?;
    let many = Many { linden: &linden, database: &url, shop: &shop, environment: &[] };
    let mut installation = many.start()?;
    println!("{}", serde_json::json!({ "origin": installation.origin, "spki": installation.public_key_hash() }));
    for line in std::io::stdin().lock().lines() {
        follow(&mut installation, &line?).await?;
        println!("done");
    }
    Ok(())
}

async fn follow(installation: &mut Installation, command: &str) -> Result<()> {
    match command.split_once(' ') {
        Some(("down", name)) => installation.kill(name).await,
        Some(("up", name)) => {
            let node = installation.node(name)?;
            if node.is_down() { node.start_again() } else { Ok(()) }
        }
        _ => bail!("what is {command}?"),
    }
}
