//! SIGTERM under load: whoever was taken is answered, and the program ends well.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::program::Shop;

const GUEST: &str = "GET /api/cart/item-lists HTTP/1.1\r\nhost: localhost";

/// One answer on a connection: its status, and whether the connection is to be closed after it.
fn answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<(u16, bool)> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let (mut length, mut is_last) = (0, false);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap(),
            Some(("connection", "close")) => is_last = true,
            Some(("transfer-encoding", _)) => panic!("the answer has no length"),
            Some(_) => {}
            None => break,
        }
    }
    std::io::copy(&mut stream.take(length), &mut std::io::sink())?;
    Ok((status, is_last))
}

/// Asks on and on, on one connection as long as the server lets it, until nobody listens any more.
fn load(at: SocketAddr, port: &str, answered: &AtomicUsize) {
    while let Ok(stream) = TcpStream::connect(at) {
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let mut stream = BufReader::new(stream);
        loop {
            stream.get_mut().write_all(format!("{GUEST}:{port}\r\n\r\n").as_bytes()).unwrap();
            let (status, is_last) = answer(&mut stream).expect("a request that was taken is answered");
            assert_eq!(status, 200);
            answered.fetch_add(1, Ordering::SeqCst);
            if is_last {
                break;
            }
        }
    }
}

#[test]
fn no_request_that_was_taken_is_lost_when_the_program_is_told_to_end() {
    let rounds = if std::env::var_os("LINDEN_TEST_LONG").is_some() { 40 } else { 3 };
    let data = tempfile::tempdir().unwrap();
    for _ in 0..rounds {
        let shop = Shop::start(data.path());
        let (port, answered) = (shop.port().to_owned(), AtomicUsize::new(0));
        let at = format!("127.0.0.1:{port}").parse().unwrap();
        std::thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| load(at, &port, &answered));
            }
            while answered.load(Ordering::SeqCst) < 200 {
                std::thread::sleep(Duration::from_millis(5));
            }
            assert_eq!(shop.terminate(), Some(0));
        });
    }
}
