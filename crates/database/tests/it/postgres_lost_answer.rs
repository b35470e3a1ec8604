//! The answer is lost after the commit: a proxy between us and PostgreSQL cuts the connection there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use database::{Database, Error, PostgresOptions, Reason, params};
use test_kit::postgres::{Protection, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::schema::{ISSUE_CODE, MIGRATIONS, count_codes, id};

/// Passes everything on. Once armed, the next answer to a message that holds the word is swallowed and both sides are cut.
#[derive(Clone, Default)]
struct Proxy {
    armed: Arc<AtomicBool>,
}

impl Proxy {
    /// Answers the port.
    async fn listen(&self, server: u16, word: &'static str) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let armed = Arc::clone(&self.armed);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                tokio::spawn(pass(client, server, word, Arc::clone(&armed)));
            }
        });
        port
    }
}

async fn pass(mut client: TcpStream, mut server: TcpStream, word: &str, armed: Arc<AtomicBool>) -> std::io::Result<()> {
    let (mut asked, mut answered) = ([0; 16_384], [0; 16_384]);
    let mut cut = false;
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let message = &asked[..read?];
                if message.is_empty() {
                    return Ok(());
                }
                cut |= armed.load(Ordering::SeqCst) && message.windows(word.len()).any(|part| part == word.as_bytes());
                server.write_all(message).await?;
            }
            read = server.read(&mut answered) => {
                let message = &answered[..read?];
                if message.is_empty() || (cut && armed.swap(false, Ordering::SeqCst)) {
                    return Ok(());
                }
                client.write_all(message).await?;
            }
        }
    }
}

async fn through(server: &Server, proxy: &Proxy, word: &'static str) -> Database {
    let port = proxy.listen(server.port(), word).await;
    let url = server.url("postgres").replace(&server.port().to_string(), &port.to_string());
    let options = PostgresOptions { connections: 1, ..PostgresOptions::new(url, "linden_test") };
    Database::open_postgres(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_whose_answer_is_lost_is_an_unknown_outcome() {
    let (server, proxy) = (Server::launch(&Protection::None), Proxy::default());
    let database = through(&server, &proxy, "COMMIT\0").await;
    database.migrate(&MIGRATIONS).await.unwrap();
    proxy.armed.store(true, Ordering::SeqCst);
    let answer: Result<(), Error> = database
        .write(|transaction| {
            Box::pin(async move { transaction.execute(&ISSUE_CODE, params![id(1), "storefront"]).await.map(drop) })
        })
        .await;
    assert!(matches!(answer, Err(Error::Unavailable(Reason::OutcomeUnknown))), "{answer:?}");
    assert!(answer.unwrap_err().is_unavailable(), "the caller answers 503");
    assert_eq!(count_codes(&database).await, 1, "it is there: nobody may say that it is not");
}

#[tokio::test(flavor = "multi_thread")]
async fn so_is_a_statement_of_its_own_and_a_read_is_done_again() {
    let (server, proxy) = (Server::launch(&Protection::None), Proxy::default());
    let database = through(&server, &proxy, "storefront").await;
    database.migrate(&MIGRATIONS).await.unwrap();
    proxy.armed.store(true, Ordering::SeqCst);
    let answer = database.execute(&ISSUE_CODE, params![id(1), "storefront"]).await;
    assert!(matches!(answer, Err(Error::Unavailable(Reason::OutcomeUnknown))), "{answer:?}");
    let reading = through(&server, &proxy, "count").await;
    proxy.armed.store(true, Ordering::SeqCst);
    assert_eq!(count_codes(&reading).await, 1);
    assert!(!proxy.armed.load(Ordering::SeqCst), "it was cut once");
}
