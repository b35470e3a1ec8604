//! A data directory: `auth.db`, `commerce.db`, `master.key` (`master_keys`) and `linden.lock`.
//!
//! 1. One server at a time: whoever serves holds `linden.lock` (flock), which names its process and address. The
//!    command line may work beside it.
//! 2. `dev` makes the master key at first start, readable by its owner alone; other commands refuse without one.
//! 3. A database of a newer version is refused, not guessed at.

mod master_keys;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use auth_server::{MasterKey, MasterKeys};
use database::{Database, Migrations, SqliteOptions};
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;

pub use self::master_keys::MasterKeyFiles;

pub struct DataDirectory {
    path: PathBuf,
}

/// The lock of the one who serves; given back when dropped.
pub struct Lock {
    file: File,
}

impl DataDirectory {
    pub fn create(path: &Path) -> Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("the data directory {} cannot be made", path.display()))?;
        Ok(Self { path: path.to_owned() })
    }

    pub fn existing(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            bail!(
                "there is no data directory {}: start `linden dev` once, or name another with --data-dir",
                path.display()
            );
        }
        Ok(Self { path: path.to_owned() })
    }

    pub fn lock(&self) -> Result<Lock> {
        let mut file = self.lock_file()?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Lock { file }),
            Err(Errno::WOULDBLOCK) => {
                let mut holder = String::new();
                file.read_to_string(&mut holder).ok();
                bail!(
                    "the data directory {} is in use by {}: stop that one, or name another with --data-dir",
                    self.path.display(),
                    holder.lines().next().unwrap_or("another linden")
                )
            }
            Err(error) => Err(error).with_context(|| format!("{} cannot be locked", self.path.display())),
        }
    }

    fn lock_file(&self) -> Result<File> {
        let path = self.path.join("linden.lock");
        OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(|| format!("{} cannot be opened", path.display()))
    }

    /// The public origin of the shop that serves from here, or did last.
    pub fn last_origin(&self) -> Option<String> {
        let noted = std::fs::read_to_string(self.path.join("linden.lock")).ok()?;
        noted.lines().nth(1).map(str::to_owned)
    }

    /// The master key; made when there is none and `make` allows it. Databases that are there already had another key
    /// then, so it is not made beside them.
    pub fn master_key(&self, make: bool) -> Result<MasterKey> {
        let files = self.master_key_files();
        if let Some(key) = files.current()? {
            return Ok(key);
        }
        let path = self.path.join("master.key");
        if !make {
            bail!("there is no {}: `linden dev` makes one, or put the key of this data there", path.display());
        }
        if self.path.join("auth.db").exists() {
            bail!("{} is missing, but auth.db is there: put back the key that belongs to it", path.display());
        }
        files.make_first()
    }

    /// With those that it is changed from or to, read anew when they change.
    pub fn master_keys(&self, make: bool) -> Result<MasterKeys> {
        self.master_key(make)?;
        let files = self.master_key_files();
        MasterKeys::read_by(move || Ok(files.ring()?)).map_err(|error| anyhow!(error))
    }

    pub fn master_key_files(&self) -> MasterKeyFiles {
        MasterKeyFiles::of(&self.path)
    }

    /// An operator's command finds databases, and makes none.
    pub fn expect_databases(&self) -> Result<()> {
        let missing = ["auth.db", "commerce.db"].iter().find(|name| !self.path.join(name).exists());
        match missing {
            None => Ok(()),
            Some(name) => bail!(
                "there are no databases in {} ({name} is missing): start `linden dev` once, or name another with --data-dir",
                self.path.display()
            ),
        }
    }

    pub async fn auth(&self) -> Result<Database> {
        self.database("auth.db", &auth_store::MIGRATIONS).await
    }

    pub async fn commerce(&self) -> Result<Database> {
        self.database("commerce.db", &commerce::MIGRATIONS).await
    }

    async fn database(&self, name: &str, migrations: &Migrations) -> Result<Database> {
        let path = self.path.join(name);
        let describe = || format!("the database {} cannot be used", path.display());
        let database = Database::open_sqlite(SqliteOptions::new(&path)).with_context(describe)?;
        database.migrate(migrations).await.with_context(describe)?;
        Ok(database)
    }
}

impl Lock {
    /// Notes who serves, for the one who comes second and for the command line. The shop's origin is where browsers find it.
    pub fn note_origin(&mut self, origin: &str) -> Result<()> {
        self.write(&format!("process {} at {origin}\n{origin}\n", std::process::id()))
    }

    /// For one who does not know the shop's origin.
    pub fn note_address(&mut self, address: &str) -> Result<()> {
        self.write(&format!("process {} at {address}\n", std::process::id()))
    }

    fn write(&mut self, note: &str) -> Result<()> {
        self.file.set_len(0)?;
        self.file.rewind()?;
        self.file.write_all(note.as_bytes())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn one_serves_at_a_time_and_the_second_is_told_who() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDirectory::create(&parent.path().join("shop")).unwrap();
        let mut lock = directory.lock().unwrap();
        lock.note_origin("http://localhost:8080").unwrap();
        let refused = directory.lock().err().unwrap().to_string();
        assert!(refused.contains(&format!("process {} at http://localhost:8080", std::process::id())), "{refused}");
        assert_eq!(directory.last_origin().as_deref(), Some("http://localhost:8080"));
        drop(lock);
        directory.lock().unwrap();
    }

    #[test]
    fn the_master_key_is_made_once_for_its_owner_alone() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDirectory::create(parent.path()).unwrap();
        assert!(directory.master_key(false).is_err());
        let made = directory.master_key(true).unwrap().derive("test").unwrap();
        assert_eq!(directory.master_key(false).unwrap().derive("test").unwrap(), made);
        let mode = std::fs::metadata(parent.path().join("master.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::write(parent.path().join("master.key"), b"short").unwrap();
        assert!(directory.master_key(true).is_err());
    }

    #[test]
    fn no_new_key_is_made_beside_data_of_another() {
        let parent = tempfile::tempdir().unwrap();
        let directory = DataDirectory::create(parent.path()).unwrap();
        std::fs::write(parent.path().join("auth.db"), b"").unwrap();
        let refused = directory.master_key(true).err().unwrap().to_string();
        assert!(refused.contains("put back the key"), "{refused}");
    }
}
