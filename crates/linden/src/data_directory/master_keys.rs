//! `master.key`, and what lies beside it when it is changed. Whatever moment a change is ended in, every row is sealed under
//! one of these files:
//!
//! 1. `master.key.next` is made. Servers open with it what is sealed under it already, and seal under `master.key` still.
//! 2. All rows are sealed under it.
//! 3. `master.key` is named a second time, `master.key.former-ID`, and the next one takes its place.
//!
//! Former ones stay: backups are sealed under them.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use auth_server::MasterKey;
use auth_server::environment::{Random, SystemRandom};
use auth_server::keys::KeyRing;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

const CURRENT: &str = "master.key";
const NEXT: &str = "master.key.next";
const FORMER: &str = "master.key.former-";

pub struct MasterKeyFiles {
    directory: PathBuf,
}

/// Held by the one who changes the master key.
pub struct Change<'f> {
    files: &'f MasterKeyFiles,
    _lock: File,
}

impl MasterKeyFiles {
    pub fn of(directory: &Path) -> Self {
        Self { directory: directory.to_owned() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    pub fn current(&self) -> Result<Option<MasterKey>> {
        read(&self.path(CURRENT))
    }

    pub fn ring(&self) -> Result<KeyRing> {
        let Some(current) = self.current()? else {
            bail!("there is no {}", self.path(CURRENT).display());
        };
        let mut others: Vec<MasterKey> = read(&self.path(NEXT))?.into_iter().collect();
        for name in self.former()? {
            others.extend(read(&name)?);
        }
        Ok(KeyRing { current, others })
    }

    /// The next one seals: for step 2.
    pub fn next_seals(&self) -> Result<KeyRing> {
        let KeyRing { current, mut others } = self.ring()?;
        match read(&self.path(NEXT))? {
            Some(_) => {
                let next = others.remove(0);
                others.push(current);
                Ok(KeyRing { current: next, others })
            }
            None => Ok(KeyRing { current, others }),
        }
    }

    fn former(&self) -> Result<Vec<PathBuf>> {
        let mut former = Vec::new();
        for entry in std::fs::read_dir(&self.directory)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(FORMER) {
                former.push(entry.path());
            }
        }
        former.sort();
        Ok(former)
    }

    /// Files that hold a key, for their owner alone.
    pub fn every(&self) -> Result<Vec<PathBuf>> {
        Ok([self.path(CURRENT), self.path(NEXT)].into_iter().chain(self.former()?).collect())
    }

    pub fn make_first(&self) -> Result<MasterKey> {
        self.make(CURRENT)
    }

    /// Written aside, flushed, then named: a crash leaves a whole key or none.
    fn make(&self, name: &str) -> Result<MasterKey> {
        let mut bytes = [0; 32];
        SystemRandom.fill(&mut bytes);
        let aside = self.path("master.key.new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&aside, self.path(name))?;
        self.sync()?;
        Ok(MasterKey::new(bytes)?)
    }

    fn sync(&self) -> Result<()> {
        Ok(File::open(&self.directory)?.sync_all()?)
    }

    /// One at a time.
    pub fn change(&self) -> Result<Change<'_>> {
        let lock = File::open(&self.directory)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Change { files: self, _lock: lock }),
            Err(Errno::WOULDBLOCK) => bail!("the master key of {} is being changed already", self.directory.display()),
            Err(error) => Err(error).with_context(|| format!("{} cannot be locked", self.directory.display())),
        }
    }
}

impl Change<'_> {
    /// Step 1; a change that was ended before goes on with its key.
    pub fn begin(&self) -> Result<()> {
        if read(&self.files.path(NEXT))?.is_none() {
            self.files.make(NEXT)?;
        }
        Ok(())
    }

    /// Step 3; where the former one is now.
    pub fn finish(&self) -> Result<PathBuf> {
        let Some(current) = self.files.current()? else {
            bail!("there is no {}", self.files.path(CURRENT).display());
        };
        let former = self.files.path(&format!("{FORMER}{}", current.id()));
        match std::fs::hard_link(self.files.path(CURRENT), &former) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
            _ => self.files.sync()?,
        }
        std::fs::rename(self.files.path(NEXT), self.files.path(CURRENT))?;
        self.files.sync()?;
        Ok(former)
    }
}

fn read(path: &Path) -> Result<Option<MasterKey>> {
    match std::fs::read(path) {
        Ok(bytes) => match <[u8; 32]>::try_from(bytes) {
            Ok(bytes) => Ok(Some(MasterKey::new(bytes)?)),
            Err(_) => bail!("{} is no master key: it must hold exactly 32 bytes", path.display()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn ids(ring: &KeyRing) -> (String, Vec<String>) {
        (ring.current.id().to_owned(), ring.others.iter().map(|key| key.id().to_owned()).collect())
    }

    #[test]
    fn the_next_key_takes_the_place_and_every_former_one_stays() {
        let directory = tempfile::tempdir().unwrap();
        let files = MasterKeyFiles::of(directory.path());
        let first = files.make_first().unwrap().id().to_owned();
        let change = files.change().unwrap();
        assert!(files.change().err().unwrap().to_string().contains("is being changed already"));
        change.begin().unwrap();
        let (next, others) = ids(&files.next_seals().unwrap());
        assert_eq!(others, std::slice::from_ref(&first));
        assert_eq!(ids(&files.ring().unwrap()), (first.clone(), vec![next.clone()]), "servers seal as before");
        // Ended and begun again, also between the two names.
        change.begin().unwrap();
        assert_eq!(ids(&files.next_seals().unwrap()).0, next);
        std::fs::hard_link(files.path(CURRENT), files.path(&format!("{FORMER}{first}"))).unwrap();
        change.begin().unwrap();
        assert_eq!(ids(&files.next_seals().unwrap()).0, next);
        change.finish().unwrap();
        assert_eq!(ids(&files.ring().unwrap()), (next.clone(), vec![first.clone()]));
        change.begin().unwrap();
        let (third, _) = ids(&files.next_seals().unwrap());
        change.finish().unwrap();
        let (current, others) = ids(&files.ring().unwrap());
        assert_eq!((current, others.len()), (third, 2));
        assert!(others.contains(&first) && others.contains(&next));
        for file in files.every().unwrap().iter().filter(|file| file.exists()) {
            assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
        }
    }
}
