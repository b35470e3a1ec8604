//! Password hashing on threads of its own (rule 7): as many as there are cores, with a bounded queue. A storm of sign-ins
//! takes the time of sign-ins, never the memory of the machine nor the threads of tokens.
//!
//! A thread keeps its memory from one hash to the next, since fresh memory costs a fair part of a hash, and gives it back
//! once nobody has signed in for a while.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TrySendError, bounded};
use subtle::ConstantTimeEq;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::environment::{Random, random_bytes};

/// OWASP's figures for Argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const HASH_LENGTH: usize = 32;
/// Waiting jobs for each thread: about a second of work. One more is turned away.
pub const QUEUE_PER_THREAD: usize = 48;
/// How long a thread without a job keeps its memory.
const MEMORY_KEPT: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HashingError {
    #[error("too many sign-ins are waiting")]
    Busy,
    #[error("the password could not be hashed")]
    Failed,
}

enum Job {
    Hash { password: Zeroizing<String>, salt: [u8; 16], answer: oneshot::Sender<Result<String, HashingError>> },
    Verify { password: Zeroizing<String>, hash: String, answer: oneshot::Sender<Result<bool, HashingError>> },
}

#[derive(Clone)]
pub struct PasswordHashing {
    jobs: Sender<Job>,
    /// What is compared for users who do not exist: the same work.
    decoy: Arc<str>,
}

impl PasswordHashing {
    pub fn start(threads: usize, random: &dyn Random) -> Result<Self, HashingError> {
        let (jobs, queue) = bounded(threads.max(1) * QUEUE_PER_THREAD);
        for number in 0..threads.max(1) {
            let queue = queue.clone();
            thread::Builder::new()
                .name(format!("password-hashing-{number}"))
                .spawn(move || work(&queue))
                .map_err(|_| HashingError::Failed)?;
        }
        let (salt, hash): ([u8; 16], [u8; HASH_LENGTH]) = (random_bytes(random), random_bytes(random));
        Ok(Self { jobs, decoy: encode(&salt, &hash).into() })
    }

    /// PHC string of a password in canonical form.
    pub async fn hash(&self, password: String, random: &dyn Random) -> Result<String, HashingError> {
        let (answer, answered) = oneshot::channel();
        self.queue(Job::Hash { password: Zeroizing::new(password), salt: random_bytes(random), answer })?;
        answered.await.map_err(|_| HashingError::Failed)?
    }

    /// Whether the password is the one that was hashed. Without a hash the same work is done, and the answer is no.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, HashingError> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.decoy.to_string());
        let (answer, answered) = oneshot::channel();
        self.queue(Job::Verify { password: Zeroizing::new(password), hash, answer })?;
        let matches = answered.await.map_err(|_| HashingError::Failed)??;
        Ok(matches && exists)
    }

    fn queue(&self, job: Job) -> Result<(), HashingError> {
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => HashingError::Busy,
            TrySendError::Disconnected(_) => HashingError::Failed,
        })
    }
}

fn work(queue: &Receiver<Job>) {
    let mut memory = Vec::new();
    while let Some(job) = next(queue, &mut memory) {
        match job {
            // Who has gone away is not waited for.
            Job::Hash { answer, .. } if answer.is_closed() => {}
            Job::Verify { answer, .. } if answer.is_closed() => {}
            Job::Hash { password, salt, answer } => {
                let _ = answer.send(hash(&password, &salt, enough(&mut memory)));
            }
            Job::Verify { password, hash, answer } => {
                let _ = answer.send(verify(&password, &hash, enough(&mut memory)));
            }
        }
    }
}

/// The next job, or `None` at the end. Memory is given back while there is none.
fn next(queue: &Receiver<Job>, memory: &mut Vec<Block>) -> Option<Job> {
    if !memory.is_empty() {
        match queue.recv_timeout(MEMORY_KEPT) {
            Ok(job) => return Some(job),
            Err(RecvTimeoutError::Timeout) => *memory = Vec::new(),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    queue.recv().ok()
}

fn enough(memory: &mut Vec<Block>) -> &mut [Block] {
    memory.resize(MEMORY_KIB as usize, Block::default());
    memory
}

fn hash(password: &str, salt: &[u8; 16], memory: &mut [Block]) -> Result<String, HashingError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(HASH_LENGTH)).map_err(|_| HashingError::Failed)?;
    let mut hash = [0; HASH_LENGTH];
    fill(params, Version::V0x13, password, salt, &mut hash, memory)?;
    Ok(encode(salt, &hash))
}

fn encode(salt: &[u8], hash: &[u8]) -> String {
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${hash}")
}

fn verify(password: &str, stored: &str, memory: &mut [Block]) -> Result<bool, HashingError> {
    let parsed = Phc::new(stored).map_err(|_| HashingError::Failed)?;
    let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else { return Err(HashingError::Failed) };
    if parsed.algorithm.as_str() != "argon2id" {
        return Err(HashingError::Failed);
    }
    let params = Params::try_from(&parsed).map_err(|_| HashingError::Failed)?;
    let version = parsed.version.map_or(Ok(Version::V0x13), Version::try_from).map_err(|_| HashingError::Failed)?;
    let mut hash = vec![0; expected.as_bytes().len()];
    fill(params, version, password, salt.as_ref(), &mut hash, memory)?;
    Ok(hash.ct_eq(expected.as_bytes()).into())
}

/// With the thread's own memory where it is large enough.
fn fill(
    params: Params,
    version: Version,
    password: &str,
    salt: &[u8],
    hash: &mut [u8],
    memory: &mut [Block],
) -> Result<(), HashingError> {
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, version, params);
    let filled = match memory.get_mut(..blocks) {
        Some(memory) => argon2.hash_password_into_with_memory(password.as_bytes(), salt, hash, memory),
        None => argon2.hash_password_into(password.as_bytes(), salt, hash),
    };
    filled.map_err(|_| HashingError::Failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::SystemRandom;

    #[tokio::test]
    async fn the_password_and_no_other() {
        let hashing = PasswordHashing::start(1, &SystemRandom).unwrap();
        let hash = hashing.hash("harbour lantern".to_owned(), &SystemRandom).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(hashing.verify("harbour lantern".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!hashing.verify("harbour lanterns".to_owned(), Some(hash)).await.unwrap());
        assert!(!hashing.verify("harbour lantern".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_full_queue_answers_at_once() {
        let hashing = PasswordHashing::start(1, &SystemRandom).unwrap();
        let waiting: Vec<_> = (0..200)
            .map(|_| {
                tokio::spawn({
                    let hashing = hashing.clone();
                    async move { hashing.verify("x".to_owned(), None).await }
                })
            })
            .collect();
        let mut busy = 0;
        for answer in waiting {
            busy += usize::from(answer.await.unwrap() == Err(HashingError::Busy));
        }
        assert!(busy > 0, "200 jobs for one thread were all taken");
    }
}
