use std::net::SocketAddr;
use std::path::Path;

use anyhow::Result;

use crate::port::free_port;

/// The addresses of one machine of many.
pub(super) struct Machine {
    pub auth: SocketAddr,
    pub auth_management: SocketAddr,
    pub gateway: SocketAddr,
    pub gateway_management: SocketAddr,
    pub services: SocketAddr,
    pub services_management: SocketAddr,
    pub resolver: SocketAddr,
}

impl Machine {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            auth: free_address()?,
            auth_management: free_address()?,
            gateway: free_address()?,
            gateway_management: free_address()?,
            services: free_address()?,
            services_management: free_address()?,
            resolver: free_address()?,
        })
    }
}

pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(SocketAddr::from(([127, 0, 0, 1], free_port()?)))
}

/// What operators' commands read.
pub(super) fn of_commands(directory: &Path, database: &str) -> Result<String> {
    Ok(without_gateway(directory, database, &Machine::new()?))
}

/// The file of one machine, on which each part runs once.
pub(super) fn of_machine(directory: &Path, database: &str, machine: &Machine, all: &[Machine]) -> String {
    let list = |address: fn(&Machine) -> SocketAddr, path: &str| {
        let each = all.iter().map(|machine| format!("\"http://{}{path}\"", address(machine)));
        format!("[{}]", each.collect::<Vec<_>>().join(", "))
    };
    let services = |name: &str| format!("{name} = {}", list(|machine| machine.services, &format!("/{name}")));
    let gateway = format!(
        r#"
[gateway]
listen = ["{listen}"]
management = "{management}"
public_scheme = "https"
trusted_proxies = ["127.0.0.1"]
client_secret_key_file = "{key}"
limits = {{ {LIMITS} }}

[gateway.upstreams]
auth = {auth}
tenant_resolver = {resolver}
services = {{ {tenant}, {customer}, {cart} }}
"#,
        listen = machine.gateway,
        management = machine.gateway_management,
        key = directory.join("gateway.key").display(),
        auth = list(|machine| machine.auth, ""),
        resolver = list(|machine| machine.resolver, ""),
        tenant = services("tenant"),
        customer = services("customer"),
        cart = services("cart"),
    );
    let auth = list(|machine| machine.auth, "");
    without_gateway(directory, database, machine).replace("# auth", &format!("auth = {auth}")) + &gateway
}

/// Long enough for HAProxy to see that a node leaves.
const LIMITS: &str = "leave_seconds = 2, drain_seconds = 10";

fn without_gateway(directory: &Path, database: &str, machine: &Machine) -> String {
    format!(
        r#"
[log]
level = "warn"

[auth]
listen = ["{auth}"]
management = "{auth_management}"
public_scheme = "https"
gateways = ["127.0.0.1"]
master_key_file = "{master_key}"
database = {{ url = "{database}", connections = 8 }}
limits = {{ {LIMITS} }}

[services]
listen = ["{services}"]
management = "{services_management}"
resolver = "{resolver}"
gateways = ["127.0.0.1"]
# auth
database = {{ url = "{database}", connections = 8 }}
limits = {{ {LIMITS} }}
"#,
        auth = machine.auth,
        auth_management = machine.auth_management,
        master_key = directory.join("master.key").display(),
        services = machine.services,
        services_management = machine.services_management,
        resolver = machine.resolver,
    )
}
