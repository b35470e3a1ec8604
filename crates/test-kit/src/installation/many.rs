use std::ffi::OsString;
use std::path::Path;
use std::thread;

use anyhow::{Context, Result};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::commands::Commands;
use super::settings::{self, Machine};
use super::{Installation, Launch, Node, proxy};
use crate::authority::Authority;
use crate::browser::Client;

const MACHINES: usize = 2;
const SHOP: &str = "shop.toml";

/// How an installation on many machines differs from the usual one.
pub struct Many<'a> {
    pub linden: &'a Path,
    /// The address of an empty PostgreSQL database.
    pub database: &'a str,
    /// The declarative file of the shop.
    pub shop: &'a str,
    /// Variables of all nodes.
    pub environment: &'a [(&'a str, OsString)],
}

impl Many<'_> {
    /// Two authorization servers, two gateways and twice the services, on one database; HAProxy before the gateways.
    pub fn start(&self) -> Result<Installation> {
        let directory = tempfile::Builder::new().prefix("linden-many-").tempdir()?;
        let path = directory.path();
        let listen = settings::free_address()?;
        let origin = format!("https://localhost:{}", listen.port());
        let commands = self.prepare(path, &origin)?;
        let machines = (0..MACHINES).map(|_| Machine::new()).collect::<Result<Vec<_>>>()?;
        for (number, machine) in machines.iter().enumerate() {
            let file = path.join(format!("linden{}.toml", number + 1));
            std::fs::write(file, settings::of_machine(path, self.database, machine, &machines))?;
        }
        let nodes = started(self.launches(path))?;
        let authority = Authority::new();
        let servers: Vec<proxy::Server> = (1..).zip(&machines).map(of_gateway).collect();
        let certificate = authority.server(&["localhost"]);
        let proxy = proxy::start(path, listen, &certificate, &servers)?;
        let trusted = CertificateDer::from_pem_slice(authority.certificate().as_bytes())?;
        Ok(Installation {
            origin,
            nodes,
            client: Client::trusting(trusted)?,
            commands,
            public_key_hash: Some(certificate.public_key_hash()?),
            _proxy: Some(proxy),
            _directory: Some(directory),
        })
    }

    /// Keys, and the shop in the database.
    fn prepare(&self, directory: &Path, origin: &str) -> Result<Commands> {
        let mut master_key = [0; 32];
        std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut master_key)?;
        std::fs::write(directory.join("master.key"), master_key)?;
        let config = directory.join("commands.toml");
        std::fs::write(&config, settings::of_commands(directory, self.database)?)?;
        let commands = Commands::of(self.linden, "--config", &config);
        std::fs::write(directory.join("gateway.key"), commands.run(&["keys", "gateway-secret"])?)?;
        let shop = directory.join(SHOP);
        std::fs::write(&shop, self.shop)?;
        commands.run(&["apply", &shop.display().to_string(), "--public-origin", origin])?;
        Ok(commands)
    }

    fn launches(&self, directory: &Path) -> Vec<Launch> {
        let mut launches = Vec::new();
        for (part, ready) in [
            ("services", "linden services ready at "),
            ("auth", "linden auth ready at "),
            ("gateway", "linden gateway ready at "),
        ] {
            for number in 1..=MACHINES {
                let mut launch = Launch::new(&format!("{part}{number}"), self.linden, ready);
                let config = directory.join(format!("linden{number}.toml"));
                launch.arguments([part, "--config"]).argument(config);
                launch.log(directory.join(format!("{part}{number}.log")));
                for (name, value) in self.environment {
                    launch.environment(name, value);
                }
                launches.push(launch);
            }
        }
        launches
    }
}

fn of_gateway((number, machine): (usize, &Machine)) -> proxy::Server {
    proxy::Server { name: format!("gateway{number}"), address: machine.gateway, management: machine.gateway_management }
}

/// All at once: a gateway waits for the rest.
fn started(launches: Vec<Launch>) -> Result<Vec<Node>> {
    let starting: Vec<_> = launches.into_iter().map(|launch| thread::spawn(|| Node::start(launch))).collect();
    let nodes = starting.into_iter().map(|starting| starting.join().ok().context("a thread failed")?);
    nodes.collect()
}
