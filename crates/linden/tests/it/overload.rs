//! A flood: what is beyond the limits is told so, memory stays, and the node's health is told all the while.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::program::Shop;

/// As many as may be under way.
const REQUESTS: usize = 1024;

fn connect(at: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(at).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

fn exchange(at: SocketAddr, path: &str) -> String {
    let mut stream = connect(at);
    let port = at.port();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    // One that is refused may end with a reset.
    stream.read_to_string(&mut answer).ok();
    answer
}

fn resident_mebibytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// A request that keeps its place: its body does not come.
fn unfinished(at: SocketAddr) -> TcpStream {
    let mut stream = connect(at);
    let head = format!("POST /auth/oauth/token HTTP/1.1\r\nhost: localhost:{}", at.port());
    let form = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 60000";
    // Where it is refused, the server may close while we still write.
    write!(stream, "{head}\r\n{form}\r\n\r\ngrant_type=").ok();
    stream
}

/// More requests than may be under way, each given up for a new one after a while.
#[derive(Default)]
struct Flood {
    sent: AtomicUsize,
    is_over: AtomicBool,
}

impl Flood {
    fn run(&self, at: SocketAddr) {
        let mut held: VecDeque<TcpStream> = VecDeque::new();
        while !self.is_over.load(Ordering::SeqCst) {
            held.push_back(unfinished(at));
            if held.len() > 2 * REQUESTS {
                held.pop_front();
            }
            self.sent.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }
}

/// Ends the flood, also when the test fails.
struct Over<'a>(&'a Flood);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.is_over.store(true, Ordering::SeqCst);
    }
}

/// Whether a guest is told that it is too much; else they are served.
fn is_told(at: SocketAddr) -> bool {
    let answer = exchange(at, "/api/cart/item-lists");
    if answer.starts_with("HTTP/1.1 200") {
        return false;
    }
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("\r\nretry-after: 1\r\n"), "{answer}");
    assert!(answer.contains("urn:linden:problem:overloaded") && answer.contains("\"request_id\""), "{answer}");
    true
}

#[test]
fn a_flood_is_told_503_while_memory_stays_and_health_is_true() {
    rustix::process::setrlimit(
        rustix::process::Resource::Nofile,
        rustix::process::Rlimit {
            current: Some(8192),
            ..rustix::process::getrlimit(rustix::process::Resource::Nofile)
        },
    )
    .unwrap();
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start_on(data.path(), "127.0.0.1:0", &["--management", "127.0.0.1:0"]);
    let management = shop.management();
    let at: SocketAddr = format!("127.0.0.1:{}", shop.port()).parse().unwrap();
    assert!(exchange(management, "/readyz").starts_with("HTTP/1.1 200"));
    let before = resident_mebibytes(shop.pid());

    let flood = Flood::default();
    std::thread::scope(|threads| {
        threads.spawn(|| flood.run(at));
        let _over = Over(&flood);
        let is_full = (0..5_000).any(|_| is_told(at));
        assert!(is_full, "the flood was borne");
        // Memory that was used once is kept for the next; beyond that, it stays, however long the flood goes on.
        let (mut full, mut told) = (0, 0);
        while flood.sent() < 6 * REQUESTS || told < 100 {
            told += usize::from(is_told(at));
            assert!(exchange(management, "/healthz").starts_with("HTTP/1.1 200"));
            if flood.sent() < 3 * REQUESTS {
                full = resident_mebibytes(shop.pid());
            }
        }
        assert!(exchange(management, "/readyz").starts_with("HTTP/1.1 200"));
        let at_last = resident_mebibytes(shop.pid());
        assert!(full < before + 256 && at_last < full + 64, "{before} MiB, {full} MiB, {at_last} MiB");
    });
    let is_served = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        exchange(at, "/api/cart/item-lists").starts_with("HTTP/1.1 200")
    });
    assert!(is_served, "when the flood is over, everybody is served");
    assert_eq!(shop.terminate(), Some(0));
}
