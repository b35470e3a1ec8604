//! The cluster serves, keeps databases apart, and leaves nothing behind when its process is killed.

#![allow(clippy::expect_used, reason = "a test says what is wrong by failing")]

mod one_owner;

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fs, thread};

use test_kit::postgres::{Cluster, Protection, Server};
use tokio_postgres::NoTls;

async fn query(url: &str, sql: &str) -> Option<i64> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connection");
    tokio::spawn(connection);
    client.query_one(sql, &[]).await.ok()?.try_get(0).ok()
}

#[tokio::test]
async fn each_test_has_a_database_of_its_own() {
    let (one, other) = (Cluster::start().fresh_database().await, Cluster::start().fresh_database().await);
    let made = query(&one, "WITH made AS (SELECT 1) SELECT count(*) FROM made").await;
    assert_eq!(made, Some(1));
    let (client, connection) = tokio_postgres::connect(&one, NoTls).await.expect("connection");
    tokio::spawn(connection);
    client.batch_execute("CREATE TABLE mine (id BIGINT)").await.expect("table");
    assert_eq!(query(&one, "SELECT count(*) FROM mine").await, Some(0));
    assert_eq!(query(&other, "SELECT count(*) FROM mine").await, None, "the table is not seen by others");
}

#[tokio::test]
async fn a_server_of_a_tests_own_can_be_hurt_and_goes_with_the_test() {
    let server = Server::launch(&Protection::None);
    let url = server.url("postgres");
    for (hurt, mend) in [
        (Server::stop as fn(&Server), Server::start as fn(&Server)),
        (Server::kill, Server::start),
        (Server::pause, Server::resume),
    ] {
        assert_eq!(query(&url, "SELECT count(*) FROM pg_database WHERE datname = 'postgres'").await, Some(1));
        hurt(&server);
        let asked = tokio::time::timeout(Duration::from_millis(300), tokio_postgres::connect(&url, NoTls)).await;
        assert!(!asked.is_ok_and(|answer| answer.is_ok()), "it answers");
        mend(&server);
    }
    server.pause();
    let port = server.port();
    drop(server);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err(), "a frozen one is left behind");
}

const HOLD: &str = "TEST_KIT_HOLD_A_CLUSTER";

/// The other half of the next test, in a process that can be killed; by itself it does nothing.
#[test]
fn hold_a_cluster() {
    if env::var_os(HOLD).is_none() {
        return;
    }
    println!("\ncluster: {}", Cluster::start().url("postgres"));
    thread::sleep(Duration::from_secs(600));
}

#[test]
fn server_and_directory_go_when_the_process_is_killed() {
    let mut holder = Command::new(env::current_exe().expect("own path"))
        .args(["--exact", "hold_a_cluster", "--nocapture"])
        .env(HOLD, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("own program");
    let output = BufReader::new(holder.stdout.take().expect("pipe"));
    let url = output.lines().map_while(Result::ok).find(|line| line.starts_with("cluster: ")).expect("a cluster");
    let directory = url.trim_start_matches("cluster: host=").split(' ').next().expect("directory").to_owned();
    let state = fs::read_to_string(Path::new(&directory).join("data/postmaster.pid")).expect("pid file");
    let server = Path::new("/proc").join(state.lines().next().expect("pid"));
    assert!(server.exists());

    holder.kill().expect("kill");
    holder.wait().expect("end");
    while server.exists() || Path::new(&directory).exists() {
        thread::sleep(Duration::from_millis(20));
    }
}
