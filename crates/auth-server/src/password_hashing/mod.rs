//! Password hashing on threads of its own (rule 7): as many as there are cores, with a bounded queue. A storm of sign-ins
//! takes the time of sign-ins, never the memory of the machine nor the threads of tokens.
//!
//! A thread keeps its memory from one hash to the next, since fresh memory costs a fair part of a hash, and gives it back
//! once nobody has signed in for a while.

mod argon2id;
mod proving;
#[cfg(test)]
mod tests;

use std::thread;
use std::time::{Duration, Instant};

use argon2::Block;
use auth_core::password::{SlowestHashes, TypedPassword};
use auth_store::user::StoredPassword;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use telemetry::metrics::Hashing;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::environment::{Random, random_bytes};

/// Waiting jobs for each thread: about a second of work, four where requests want the cores too. One more is turned away.
pub const QUEUE_PER_THREAD: usize = 48;
/// How long a thread without a job keeps its memory.
const MEMORY_KEPT: Duration = Duration::from_secs(10);
/// More than other threads have: a request that needs no hash does not wait for a hash's turn on the core to end, and hashes still get
/// a quarter of a core that is wanted by both.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashingError {
    #[error("too many sign-ins are waiting")]
    Busy,
    #[error("the password could not be hashed")]
    Failed,
}

struct Waiting {
    job: Job,
    since: Instant,
}

enum Job {
    Hash {
        password: Zeroizing<String>,
        salt: [u8; 16],
        answer: oneshot::Sender<Result<String, HashingError>>,
    },
    Prove {
        password: TypedPassword,
        stored: Option<StoredPassword>,
        slowest: SlowestHashes,
        answer: oneshot::Sender<Result<bool, HashingError>>,
    },
}

#[derive(Clone)]
pub struct PasswordHashing {
    jobs: Sender<Waiting>,
    metrics: Hashing,
}

impl PasswordHashing {
    pub fn start(threads: usize) -> Result<Self, HashingError> {
        Self::start_measured(threads, Hashing::default())
    }

    pub fn start_measured(threads: usize, metrics: Hashing) -> Result<Self, HashingError> {
        let (jobs, queue) = bounded(threads.max(1) * QUEUE_PER_THREAD);
        for number in 0..threads.max(1) {
            let (queue, metrics) = (queue.clone(), metrics.clone());
            thread::Builder::new()
                .name(format!("password-hashing-{number}"))
                .spawn(move || work(&queue, &metrics))
                .map_err(|_| HashingError::Failed)?;
        }
        Ok(Self { jobs, metrics })
    }

    /// PHC string of a password in canonical form.
    pub async fn hash(&self, password: String, random: &dyn Random) -> Result<String, HashingError> {
        let (answer, answered) = oneshot::channel();
        self.queue(Job::Hash { password: Zeroizing::new(password), salt: random_bytes(random), answer })?;
        answered.await.map_err(|_| HashingError::Failed)?
    }

    /// Whether the password is the one that was hashed. Whatever is stored, and if nothing is, the work is that of the
    /// slowest hashes in use.
    pub async fn prove(
        &self,
        password: TypedPassword,
        stored: Option<StoredPassword>,
        slowest: SlowestHashes,
    ) -> Result<bool, HashingError> {
        let (answer, answered) = oneshot::channel();
        self.queue(Job::Prove { password, stored, slowest, answer })?;
        answered.await.map_err(|_| HashingError::Failed)?
    }

    fn queue(&self, job: Job) -> Result<(), HashingError> {
        // Before it is there to be taken, so that the figure is never negative.
        self.metrics.waiting.inc();
        self.jobs.try_send(Waiting { job, since: Instant::now() }).map_err(|error| {
            self.metrics.waiting.dec();
            match error {
                TrySendError::Full(_) => {
                    self.metrics.refused.inc();
                    HashingError::Busy
                }
                TrySendError::Disconnected(_) => HashingError::Failed,
            }
        })
    }
}

fn work(queue: &Receiver<Waiting>, metrics: &Hashing) {
    // Of this thread: on Linux alone a thread has a niceness of its own.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "password hashing keeps the priority of requests");
    }
    let mut memory = Vec::new();
    while let Some(Waiting { job, since }) = next(queue, &mut memory) {
        let begun = Instant::now();
        metrics.waiting.dec();
        metrics.wait.observe(begun.duration_since(since).as_secs_f64());
        match job {
            // Who has gone away is not waited for.
            Job::Hash { answer, .. } if answer.is_closed() => {}
            Job::Prove { answer, .. } if answer.is_closed() => {}
            Job::Hash { password, salt, answer } => {
                let _ = answer.send(argon2id::hash(&password, &salt, &mut memory));
            }
            Job::Prove { password, stored, slowest, answer } => {
                let _ = answer.send(proving::prove(&password, stored.as_ref(), slowest, &mut memory));
            }
        }
        metrics.work.observe(begun.elapsed().as_secs_f64());
    }
}

/// The next job, or `None` at the end. Memory is given back while there is none.
fn next(queue: &Receiver<Waiting>, memory: &mut Vec<Block>) -> Option<Waiting> {
    if !memory.is_empty() {
        match queue.recv_timeout(MEMORY_KEPT) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Timeout) => *memory = Vec::new(),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    queue.recv().ok()
}
