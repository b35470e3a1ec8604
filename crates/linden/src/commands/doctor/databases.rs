//! Both databases: there, whole, and of a schema that this program knows.

use std::path::Path;

use database::{Database, MigrateError, Migrations, OpenError};

use super::finding::Finding;

pub struct Databases {
    pub auth: Opened,
    commerce: Opened,
}

pub struct Opened {
    check: &'static str,
    file: String,
    migrations: &'static Migrations,
    pub database: Result<Database, OpenError>,
}

impl Databases {
    pub fn open(directory: &Path) -> Self {
        let open = |check, name: &str, migrations| {
            let path = directory.join(name);
            Opened {
                check,
                file: path.display().to_string(),
                migrations,
                database: Database::open_sqlite_to_read(&path),
            }
        };
        Self {
            auth: open("auth database", "auth.db", &auth_store::MIGRATIONS),
            commerce: open("commerce database", "commerce.db", &commerce::MIGRATIONS),
        }
    }

    pub async fn findings(&self) -> [Finding; 2] {
        [self.auth.finding().await, self.commerce.finding().await]
    }

    pub async fn close(self) {
        for opened in [self.auth, self.commerce] {
            if let Ok(database) = opened.database {
                database.close().await;
            }
        }
    }
}

impl Opened {
    async fn finding(&self) -> Finding {
        let (check, file) = (self.check, &self.file);
        let database = match &self.database {
            Ok(database) => database,
            Err(error) => {
                return Finding::wrong(check, error.to_string(), "linden dev makes it, or put it back from a backup");
            }
        };
        let restore = "stop the server, move the file aside, and put it back from a backup";
        match database.quick_check().await {
            Ok(damage) if damage.is_empty() => {}
            Ok(damage) => return Finding::wrong(check, format!("{file} is damaged: {}", damage.join("; ")), restore),
            Err(error) => return Finding::wrong(check, format!("{file} cannot be read: {error}"), restore),
        }
        match database.pending_migrations(self.migrations).await {
            Ok(0) => Finding::fine(check, "whole, and of this program's schema"),
            Ok(_) => Finding::fine(check, "whole; the next start brings its schema up to this program's"),
            Err(newer @ MigrateError::NewerSchema { .. }) => {
                Finding::wrong(check, newer.to_string(), "install the version of linden that wrote it, or a newer one")
            }
            Err(error) => Finding::wrong(check, error.to_string(), restore),
        }
    }
}
