use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::server::{self, Server, read_all};
use crate::serve::bind::{Bound, bind};
use crate::serve::{Ending, Limits, NotReady, Readiness, Served, Serving, management};

const LONG: Duration = Duration::from_secs(60);

async fn ask(router: &Router, path: &str) -> (StatusCode, String) {
    let answer = router.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status();
    (status, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

async fn ready(router: &Router) -> (StatusCode, Value) {
    let (status, body) = ask(router, "/readyz").await;
    (status, serde_json::from_str(&body).unwrap())
}

fn metrics() -> String {
    "linden_up 1\n".to_owned()
}

#[tokio::test]
async fn readiness_names_what_fails_and_keeps_the_cause_to_itself() {
    let is_there = Arc::new(AtomicBool::new(true));
    let database = Arc::clone(&is_there);
    let readiness =
        Readiness::new(Ending::default()).with("keys", LONG, async || Ok(())).with("database", LONG, move || {
            let is_there = database.load(Ordering::SeqCst);
            async move {
                match is_there {
                    true => Ok(()),
                    false => Err(NotReady::new("cannot be reached", "postgres://linden:secret@db1/linden: refused")),
                }
            }
        });
    let router = management(Arc::new(readiness), metrics);
    assert_eq!(ready(&router).await.0, StatusCode::OK);
    is_there.store(false, Ordering::SeqCst);
    let (status, report) = loop {
        // A result is told again for a moment.
        let told = ready(&router).await;
        if told.0 != StatusCode::OK {
            break told;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    let expected = json!({ "ready": false, "leaving": false, "checks": [
        { "check": "keys", "holds": true },
        { "check": "database", "holds": false, "why": "cannot be reached" },
    ] });
    assert_eq!(report, expected);
    assert_eq!(ask(&router, "/healthz").await, (StatusCode::OK, "ok\n".to_owned()));
    assert_eq!(ask(&router, "/metrics").await, (StatusCode::OK, metrics()));
    assert_eq!(ask(&router, "/").await.0, StatusCode::NOT_FOUND);
}

database::statements! {
    FORGET = "DELETE FROM schema_version WHERE store = $1 AND version = (SELECT max(version) FROM schema_version)";
    FORESEE = "INSERT INTO schema_version (store, version, name, checksum) VALUES ($1, 1000, 'of a newer program', 0)";
}

#[tokio::test]
async fn a_database_that_is_gone_or_has_another_schema_makes_a_node_unready() {
    let directory = tempfile::tempdir().unwrap();
    let options = database::SqliteOptions::new(directory.path().join("auth.db"));
    let database = database::Database::open_sqlite(options).unwrap();
    database.migrate(&auth_store::MIGRATIONS).await.unwrap();
    let why = async || {
        let readiness = Readiness::new(Ending::default());
        let readiness = readiness.with_database("auth database", &database, &auth_store::MIGRATIONS);
        let (status, report) = ready(&management(Arc::new(readiness), metrics)).await;
        assert_eq!(status == StatusCode::OK, report["ready"] == true);
        report["checks"][0]["why"].as_str().map(str::to_owned)
    };
    assert_eq!(why().await, None);
    let store = database::params![auth_store::MIGRATIONS.name];
    database.execute(&FORGET, store).await.unwrap();
    assert_eq!(why().await.as_deref(), Some("lacks migrations"));
    database.execute(&FORESEE, store).await.unwrap();
    assert_eq!(why().await.as_deref(), Some("has another schema than this program"));
    database.close().await;
    assert_eq!(why().await.as_deref(), Some("cannot be reached, or takes no writes"));
}

#[tokio::test(start_paused = true)]
async fn a_check_that_gives_no_answer_fails_after_its_time() {
    let readiness = Readiness::new(Ending::default())
        .with("database", Duration::from_secs(1), std::future::pending)
        .with("keys", Duration::from_secs(1), async || Ok(()));
    let (status, report) = ready(&management(Arc::new(readiness), metrics)).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(report["checks"][0]["why"], "gave no answer in time");
    assert_eq!(report["checks"][1]["holds"], true);
}

#[tokio::test(start_paused = true)]
async fn many_who_ask_at_once_make_one_check() {
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    let readiness = Readiness::new(Ending::default()).with("database", LONG, move || {
        counting.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(())
        }
    });
    let router = management(Arc::new(readiness), metrics);
    futures::future::join_all((0..50).map(|_| ready(&router))).await;
    assert_eq!(count.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_secs(1)).await;
    ready(&router).await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn at_the_end_readiness_falls_first_and_the_management_listener_goes_last() {
    let ending = Ending::default();
    let readiness = Arc::new(Readiness::new(ending.clone()));
    let addresses = ["127.0.0.1:0".parse().unwrap()];
    let (public, operators) = (bind(&addresses).await.unwrap(), bind(&addresses).await.unwrap());
    let at = |bound: &Bound| Server::at(bound.listeners[0].local_addr().unwrap());
    let (shop, node) = (at(&public), at(&operators));
    let release = Arc::new(tokio::sync::Notify::new());
    let waiting = Arc::clone(&release);
    let held = async move || {
        waiting.notified().await;
        "done"
    };
    let router =
        Router::new().route("/", axum::routing::get(held)).route("/quick", axum::routing::get(async || "quick"));
    let limits = Limits { delay: Duration::from_secs(3600), ..Limits::default() };
    let served = Served { limits, ..Served::new(public.listeners, router) };
    let load = served.load.clone();
    let serving = Serving::start(
        vec![served],
        vec![Served::management(operators.listeners, management(readiness, metrics))],
        ending,
    );
    let ask = async |server: &Server, path: &str| server.exchange(&server::get(path, true)).await;
    assert!(ask(&node, "/readyz").await.starts_with("HTTP/1.1 200"));
    let mut under_way = shop.connect().await;
    tokio::io::AsyncWriteExt::write_all(&mut under_way, &server::get("/", false)).await.unwrap();
    while load.requests() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let (hurry, hurried) = tokio::sync::oneshot::channel::<()>();
    let ended = tokio::spawn(serving.end(async move { drop(hurried.await) }));
    while !ask(&node, "/readyz").await.starts_with("HTTP/1.1 503") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(ask(&node, "/readyz").await.contains("\"leaving\":true"));
    assert!(ask(&shop, "/quick").await.ends_with("quick"), "until listeners close, requests are answered");
    hurry.send(()).unwrap();
    while tokio::net::TcpStream::connect(shop.address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(ask(&node, "/healthz").await.starts_with("HTTP/1.1 200"), "it goes last");
    release.notify_one();
    assert!(read_all(&mut under_way).await.ends_with("done"));
    ended.await.unwrap();
    assert!(tokio::net::TcpStream::connect(node.address).await.is_err());
}
