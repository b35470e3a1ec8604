use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::oneshot;

/// What a redeemed code stands for.
pub struct Redeemed {
    pub code_challenge: String,
    pub nonce: String,
}

enum Job {
    /// Session and code, in one commit.
    SignIn {
        session: [u8; 32],
        code: [u8; 32],
        code_challenge: String,
        nonce: String,
        answer: oneshot::Sender<bool>,
    },
    Redeem {
        code: [u8; 32],
        answer: oneshot::Sender<Option<Redeemed>>,
    },
}

/// SQLite as Linden keeps it (WAL, `synchronous=FULL`): one writer, each job a durable commit of its own.
pub struct Store(Sender<Job>);

impl Store {
    pub fn open(directory: &Path) -> Result<Self> {
        let connection = Connection::open(directory.join("floor.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             CREATE TABLE session (secret_hash BLOB NOT NULL PRIMARY KEY) STRICT;
             CREATE TABLE code (
                 code_hash BLOB NOT NULL PRIMARY KEY,
                 code_challenge TEXT NOT NULL,
                 nonce TEXT NOT NULL,
                 redeemed INTEGER NOT NULL
             ) STRICT;",
        )?;
        let (jobs, waiting) = channel();
        thread::Builder::new().name("store".to_owned()).spawn(move || write(connection, waiting))?;
        Ok(Self(jobs))
    }

    pub async fn sign_in(&self, session: [u8; 32], code: [u8; 32], code_challenge: String, nonce: String) -> bool {
        let (answer, answered) = oneshot::channel();
        let sent = self.0.send(Job::SignIn { session, code, code_challenge, nonce, answer });
        sent.is_ok() && answered.await.unwrap_or(false)
    }

    pub async fn redeem(&self, code: [u8; 32]) -> Option<Redeemed> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Job::Redeem { code, answer }).ok()?;
        answered.await.ok()?
    }
}

fn write(mut connection: Connection, waiting: Receiver<Job>) {
    for job in waiting {
        match job {
            Job::SignIn { session, code, code_challenge, nonce, answer } => {
                let _ = answer.send(sign_in(&mut connection, &session, &code, &code_challenge, &nonce).is_ok());
            }
            Job::Redeem { code, answer } => {
                let _ = answer.send(redeem(&connection, &code).ok().flatten());
            }
        }
    }
}

fn sign_in(
    connection: &mut Connection,
    session: &[u8; 32],
    code: &[u8; 32],
    code_challenge: &str,
    nonce: &str,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.prepare_cached("INSERT INTO session (secret_hash) VALUES (?1)")?.execute(params![session])?;
    transaction
        .prepare_cached("INSERT INTO code (code_hash, code_challenge, nonce, redeemed) VALUES (?1, ?2, ?3, 0)")?
        .execute(params![code, code_challenge, nonce])?;
    transaction.commit()
}

fn redeem(connection: &Connection, code: &[u8; 32]) -> rusqlite::Result<Option<Redeemed>> {
    connection
        .prepare_cached(
            "UPDATE code SET redeemed = 1 WHERE code_hash = ?1 AND redeemed = 0 RETURNING code_challenge, nonce",
        )?
        .query_row(params![code], |row| Ok(Redeemed { code_challenge: row.get(0)?, nonce: row.get(1)? }))
        .optional()
}
