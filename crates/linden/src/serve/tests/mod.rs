mod ending;
mod limits;
mod listening;
mod server;
mod tls;
mod upgrades;
