//! Who serves from the directory: whoever holds the lock, by what it noted there.

use std::fs::File;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use super::finding::Finding;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// The origin that was served last, if any was.
    Nobody {
        last_origin: Option<String>,
    },
    Process {
        pid: Option<i32>,
        /// Of the one process of `linden dev`.
        origin: Option<String>,
        /// Of a part apart.
        address: Option<String>,
    },
    Unreadable(String),
}

impl Holder {
    /// Asks for the lock as a reader, and gives it back at once: the one who serves holds it alone.
    pub fn of(directory: &Path) -> Self {
        let path = directory.join("linden.lock");
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Self::Nobody { last_origin: None },
            Err(error) => return Self::Unreadable(format!("{} cannot be read: {error}", path.display())),
        };
        let noted = std::fs::read_to_string(&path).unwrap_or_default();
        let origin = noted.lines().nth(1).map(str::to_owned);
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Self::Nobody { last_origin: origin },
            Err(Errno::WOULDBLOCK) => {
                let (pid, address) = process(&noted).unzip();
                Self::Process { pid, origin, address: address.flatten() }
            }
            Err(error) => Self::Unreadable(format!("{} cannot be locked: {error}", path.display())),
        }
    }

    /// The origin that is served from here, or was last.
    pub fn origin(&self) -> Option<&str> {
        match self {
            Self::Nobody { last_origin: origin } | Self::Process { origin, .. } => origin.as_deref(),
            Self::Unreadable(_) => None,
        }
    }

    pub fn finding(&self) -> Finding {
        const CHECK: &str = "server";
        match self {
            Self::Nobody { .. } => Finding::fine(CHECK, "none serves from here; linden dev starts one"),
            Self::Unreadable(why) => {
                Finding::wrong(CHECK, why.clone(), "run linden as the user that the file belongs to")
            }
            Self::Process { pid: Some(pid), origin: Some(origin), .. } if is_alive(*pid) => {
                Finding::fine(CHECK, format!("process {pid} serves {origin}"))
            }
            Self::Process { pid: Some(pid), origin: None, address: Some(address) } if is_alive(*pid) => {
                Finding::fine(CHECK, format!("process {pid} serves at {address}"))
            }
            Self::Process { pid, .. } => {
                let noted = pid.map_or("no process".to_owned(), |pid| format!("process {pid}, which is gone"));
                Finding::wrong(
                    CHECK,
                    format!("linden.lock is held, and names {noted}"),
                    "find who holds it (fuser linden.lock) and stop that one",
                )
            }
        }
    }
}

/// `process 4711 at http://localhost:8080`
fn process(noted: &str) -> Option<(i32, Option<String>)> {
    let line = noted.lines().next()?.strip_prefix("process ")?;
    let (pid, address) = line.split_once(" at ").map_or((line, None), |(pid, at)| (pid, Some(at.to_owned())));
    Some((pid.split(' ').next()?.parse().ok()?, address))
}

fn is_alive(pid: i32) -> bool {
    // Somebody else's process may not be signalled, and is there all the same.
    Pid::from_raw(pid).is_some_and(|pid| matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM)))
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict;
    use super::*;
    use crate::data_directory::DataDirectory;

    #[test]
    fn the_holder_is_known_by_what_it_noted() {
        let parent = tempfile::tempdir().unwrap();
        assert_eq!(Holder::of(parent.path()), Holder::Nobody { last_origin: None });
        let directory = DataDirectory::create(parent.path()).unwrap();
        let mut lock = directory.lock().unwrap();
        let unnoted = Holder::of(parent.path());
        assert_eq!(unnoted, Holder::Process { pid: None, origin: None, address: None });
        assert_eq!(unnoted.finding().verdict, Verdict::Wrong);
        lock.note_origin("http://localhost:8080").unwrap();
        let ours = i32::try_from(std::process::id()).unwrap();
        let origin = Some("http://localhost:8080".to_owned());
        let noted = Holder::of(parent.path());
        let address = origin.clone();
        assert_eq!(noted, Holder::Process { pid: Some(ours), origin: origin.clone(), address });
        assert_eq!(noted.finding().verdict, Verdict::Fine);
        lock.note_address("http://127.0.0.1:8081").unwrap();
        let apart = Holder::of(parent.path()).finding();
        assert_eq!(apart.verdict, Verdict::Fine);
        assert!(apart.found.ends_with("serves at http://127.0.0.1:8081"), "{apart:?}");
        lock.note_origin("http://localhost:8080").unwrap();
        drop(lock);
        assert_eq!(Holder::of(parent.path()), Holder::Nobody { last_origin: origin });
    }

    #[test]
    fn a_holder_that_is_gone_is_wrong() {
        let gone =
            Holder::Process { pid: Some(i32::MAX), origin: Some("http://localhost:8080".to_owned()), address: None };
        let finding = gone.finding();
        assert_eq!(finding.verdict, Verdict::Wrong);
        assert!(finding.found.contains("which is gone"), "{finding:?}");
    }
}
