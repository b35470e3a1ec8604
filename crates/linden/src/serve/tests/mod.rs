pub mod authority;
mod ending;
mod limits;
mod listening;
mod management;
mod overload;
mod server;
mod tls;
mod upgrades;
