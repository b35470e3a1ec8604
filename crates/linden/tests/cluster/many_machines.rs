//! PostgreSQL: two authorization servers, two gateways and twice the services, behind HAProxy.

use std::ffi::OsString;

use test_kit::installation::{Installation, Many};
use test_kit::postgres::{Protection, Server};
use tokio::sync::{Mutex, MutexGuard};

use crate::linden;

/// What `linden dev` serves.
pub const SHOP: &str = include_str!("../../demo/shop.toml");

/// Two of everything are much for one machine: tests with that take turns.
static TURN: Mutex<()> = Mutex::const_new(());

pub struct ManyMachines {
    pub installation: Installation,
    pub database: Server,
    _turn: MutexGuard<'static, ()>,
}

impl ManyMachines {
    pub async fn start() -> Self {
        let server = Server::launch(&Protection::None);
        Self::start_on(server, |server| server.url("linden"), &[]).await
    }

    /// With the nodes' own way to the database.
    pub async fn start_on(server: Server, url: impl Fn(&Server) -> String, environment: &[(&str, OsString)]) -> Self {
        let turn = TURN.lock().await;
        server.run("CREATE DATABASE linden TEMPLATE template0").await.unwrap();
        let database = url(&server);
        let many = Many { linden: linden(), database: &database, shop: SHOP, environment };
        Self { installation: many.start().unwrap(), database: server, _turn: turn }
    }
}
