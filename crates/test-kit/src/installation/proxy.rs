use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::authority::Issued;
use crate::process::Process;

const LONGEST_START: Duration = Duration::from_secs(30);
const TEMPLATE: &str = include_str!("haproxy.cfg");

/// A gateway as HAProxy sees it.
pub(super) struct Server {
    pub name: String,
    pub address: SocketAddr,
    /// Where it tells whether it is ready.
    pub management: SocketAddr,
}

/// Debian's HAProxy.
pub(super) fn start(directory: &Path, listen: SocketAddr, certificate: &Issued, servers: &[Server]) -> Result<Process> {
    let pem = directory.join("shop.pem");
    std::fs::write(&pem, format!("{}{}", certificate.certificate, certificate.key))?;
    let line = |Server { name, address, management }: &Server| {
        format!("    server {name} {address} port {}\n", management.port())
    };
    let config = TEMPLATE
        .replace("{listen}", &listen.to_string())
        .replace("{certificate}", &pem.display().to_string())
        .replace("{servers}", &servers.iter().map(line).collect::<String>());
    let file = directory.join("haproxy.cfg");
    std::fs::write(&file, config)?;
    let mut command = Command::new(program());
    command.arg("-db").arg("-f").arg(&file);
    let log = directory.join("haproxy.log");
    let log = std::fs::File::options().create(true).append(true).read(true).open(log)?;
    let mut process =
        Process::begin(&mut command, log).context("HAProxy does not start: apt-get install -y haproxy")?;
    let began = Instant::now();
    while TcpStream::connect(listen).and_then(|mut stream| stream.write_all(b"")).is_err() {
        if process.has_ended()? || began.elapsed() > LONGEST_START {
            bail!("HAProxy does not listen: {}", process.log());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(process)
}

/// Debian keeps it where only root's PATH leads.
fn program() -> &'static str {
    if Path::new("/usr/sbin/haproxy").is_file() { "/usr/sbin/haproxy" } else { "haproxy" }
}
