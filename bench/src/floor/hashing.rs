use std::sync::mpsc::{Sender, channel};
use std::thread;

use anyhow::{Result, anyhow};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use tokio::sync::oneshot;

use crate::shop::ARGON2;

type Job = (String, oneshot::Sender<Option<[u8; 32]>>);

/// One thread that hashes, and keeps its memory.
pub struct Hashing(Sender<Job>);

impl Hashing {
    pub fn start() -> Result<Self> {
        let (memory, passes, lanes) = ARGON2;
        let params = Params::new(memory, passes, lanes, Some(32)).map_err(|error| anyhow!("{error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let (jobs, waiting) = channel::<Job>();
        thread::Builder::new().name("hashing".to_owned()).spawn(move || {
            let mut memory = vec![Block::default(); memory as usize];
            for (password, answer) in waiting {
                let mut hash = [0; 32];
                let filled =
                    argon2.hash_password_into_with_memory(password.as_bytes(), &[7; 16], &mut hash, &mut memory);
                let _ = answer.send(filled.ok().map(|()| hash));
            }
        })?;
        Ok(Self(jobs))
    }

    pub async fn hash(&self, password: String) -> Option<[u8; 32]> {
        let (answer, answered) = oneshot::channel();
        self.0.send((password, answer)).ok()?;
        answered.await.ok()?
    }
}
