//! A file that is looked at and not touched: nothing is made beside it, nothing carried over.
//!
//! A log that lies beside the file belongs to it, and is read with it. Without one there is nothing to share with other
//! programs, and SQLite is told that the file does not change, since it would make log and index otherwise.

use std::path::Path;
use std::sync::Arc;

use super::connection::{Connection, error_of};
use super::queue::Queue;
use super::{Sqlite, SqliteOptions, start};
use crate::measuring::Measuring;
use crate::sqlite::reader::Reader;
use crate::{Error, OpenError, Reason};

/// How many places of a damaged file are told.
const MOST_FINDINGS: usize = 20;

impl Sqlite {
    /// For reading alone: every write answers [`Reason::Closed`].
    pub(crate) fn open_to_read(path: &Path) -> Result<Sqlite, OpenError> {
        let failed = |detail: String| OpenError::File { path: path.display().to_string(), detail };
        let whole = std::path::absolute(path).map_err(|error| failed(error.to_string()))?;
        if !whole.is_file() {
            return Err(failed("there is no such file".to_owned()));
        }
        let options = SqliteOptions { readers: 1, ..SqliteOptions::new(address(&whole)) };
        let (reads, writes) = (Arc::new(Queue::new(options.queue_limit)), Arc::new(Queue::new(1)));
        writes.close();
        let measuring = Measuring::default();
        let reader =
            Reader::open(&options, Arc::clone(&reads), measuring.clone()).map_err(|error| failed(error.to_string()))?;
        let sqlite = Sqlite { options, writes, reads, threads: std::sync::Mutex::default(), measuring };
        sqlite.threads().readers.push(start("sqlite-reader", || reader.run())?);
        Ok(sqlite)
    }

    /// What SQLite finds wrong in the file; empty when it is whole. It takes its time with a large one.
    pub(crate) async fn quick_check(&self) -> Result<Vec<String>, Error> {
        let options = self.options.clone();
        let checked = tokio::task::spawn_blocking(move || quick_check(&options));
        checked.await.unwrap_or(Err(Error::Unavailable(Reason::Closed)))
    }
}

fn quick_check(options: &SqliteOptions) -> Result<Vec<String>, Error> {
    let failed = |error| error_of("QUICK_CHECK", error);
    let connection = Connection::open_reading(options).map_err(failed)?;
    let mut findings = Vec::new();
    let told = connection.raw.pragma_query(None, "quick_check", |row| {
        let finding: String = row.get(0)?;
        if finding != "ok" && findings.len() < MOST_FINDINGS {
            findings.push(finding);
        }
        Ok(())
    });
    told.map_err(failed)?;
    Ok(findings)
}

/// As SQLite's URI, in which these three characters mean something.
fn address(path: &Path) -> String {
    let escaped = path.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let log = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().to_string_lossy()));
    let has_log = std::fs::metadata(log).is_ok_and(|log| log.len() > 0);
    if has_log { format!("file:{escaped}") } else { format!("file:{escaped}?immutable=1") }
}
