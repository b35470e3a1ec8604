//! Whether a server could listen, and who is in the way. The process is found in `/proc`, where there is one.

use std::fs;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use url::Url;

use super::finding::Finding;
use super::holder::Holder;

const CHECK: &str = "port";
const PATIENCE: Duration = Duration::from_secs(2);

pub fn finding(listen: SocketAddr, holder: &Holder) -> Finding {
    match holder {
        Holder::Process { origin: Some(origin), .. } => answers(origin),
        _ => is_free(listen),
    }
}

/// The server that runs is connected to where it says it listens. Where a proxy stands in front, that one is asked.
fn answers(origin: &str) -> Finding {
    let addresses = Url::parse(origin).ok().and_then(|url| url.socket_addrs(|| None).ok()).unwrap_or_default();
    match addresses.iter().any(|address| TcpStream::connect_timeout(address, PATIENCE).is_ok()) {
        true => Finding::fine(CHECK, format!("{origin} takes connections")),
        false => Finding::wrong(
            CHECK,
            format!("{origin} takes no connections, though a server holds the directory"),
            "stop the server and start it again; behind a proxy, look whether that one runs",
        ),
    }
}

fn is_free(listen: SocketAddr) -> Finding {
    match TcpListener::bind(listen) {
        Ok(_) => Finding::fine(CHECK, format!("{listen} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            let who =
                listener(listen).map_or("another program".to_owned(), |(pid, name)| format!("process {pid} ({name})"));
            let advice = "stop that one, or choose another address: linden dev --listen 127.0.0.1:0 takes a free port";
            Finding::wrong(CHECK, format!("{listen} is in use by {who}"), advice)
        }
        Err(error) => Finding::wrong(
            CHECK,
            format!("{listen} cannot be listened on: {error}"),
            "choose another address, such as linden dev --listen 127.0.0.1:8080",
        ),
    }
}

/// The process that listens there, with its name; `None` where the system does not tell, or it is somebody else's.
fn listener(address: SocketAddr) -> Option<(u32, String)> {
    let table = if address.is_ipv4() { "/proc/net/tcp" } else { "/proc/net/tcp6" };
    let inode = listening_inode(&fs::read_to_string(table).ok()?, address)?;
    let wanted = format!("socket:[{inode}]");
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let mut processes = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let pid = processes.find(|pid| {
        let files = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read_link(file.path()).ok()).any(|target| target.to_str() == Some(&wanted))
    })?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some((pid, name.trim().to_owned()))
}

/// A line is `0: 0100007F:1F90 00000000:0000 0A … uid timeout inode`; 0A listens.
fn listening_inode(table: &str, address: SocketAddr) -> Option<u64> {
    let port = format!(":{:04X}", address.port());
    let host = hexadecimal(address.ip());
    let everywhere = "0".repeat(host.len());
    table.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let local = fields.get(1)?.strip_suffix(&port)?;
        let is_there = local == host || local == everywhere;
        (is_there && *fields.get(3)? == "0A").then(|| fields.get(9)?.parse().ok())?
    })
}

/// As the table has it: words of four bytes, each in the machine's order.
fn hexadecimal(address: IpAddr) -> String {
    let bytes = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let words = bytes.chunks_exact(4).map(|word| u32::from_ne_bytes([word[0], word[1], word[2], word[3]]));
    words.map(|word| format!("{word:08X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;

    #[test]
    fn a_port_in_use_is_told_with_its_process() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap();
        let taken = is_free(address);
        assert_eq!(taken.verdict, Verdict::Wrong);
        assert!(taken.found.contains(&format!("process {}", std::process::id())), "{taken:?}");
        drop(free);
        assert_eq!(is_free(address).verdict, Verdict::Fine);
        assert_eq!(is_free("192.0.2.1:80".parse().unwrap()).verdict, Verdict::Wrong);
    }

    #[test]
    fn a_server_that_takes_no_connections_is_wrong() {
        let listening = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listening.local_addr().unwrap());
        let holder = Holder::Process { pid: Some(1), origin: Some(origin), address: None };
        let unused = "127.0.0.1:8080".parse().unwrap();
        assert_eq!(finding(unused, &holder).verdict, Verdict::Fine);
        drop(listening);
        assert_eq!(finding(unused, &holder).verdict, Verdict::Wrong);
    }
}
