//! The databases that a configuration names, opened and of this program's version.

use anyhow::{Context, Result};
use database::{Database, Migrations, PostgresOptions, SqliteOptions};

use crate::config::{Configuration, DatabaseSection, DatabaseUrl, FilePath};

/// Whose tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    Auth,
    Commerce,
}

impl Store {
    pub const fn schema(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Commerce => "commerce",
        }
    }

    pub fn migrations(self) -> &'static Migrations {
        match self {
            Self::Auth => &auth_store::MIGRATIONS,
            Self::Commerce => &commerce::MIGRATIONS,
        }
    }
}

pub async fn open(configuration: &Configuration, section: &DatabaseSection, store: Store) -> Result<Database> {
    let url = configuration.database_url(section)?;
    let (name, database) = match &url {
        DatabaseUrl::Sqlite(path) => {
            let path = configuration.path(path);
            let name = path.display().to_string();
            (name, Database::open_sqlite(SqliteOptions::new(&path)))
        }
        DatabaseUrl::Postgres(url) => {
            let schema = section.schema_or(store.schema());
            let options = postgres_options(configuration, section, url, store)?;
            (format!("with the schema {schema}"), Database::open_postgres(options).await)
        }
    };
    let describe = || format!("the {} database {name} cannot be used", store.schema());
    let database = database.with_context(describe)?;
    database.migrate(store.migrations()).await.with_context(describe)?;
    Ok(database)
}

/// How the server at this address is spoken to.
pub fn postgres_options(
    configuration: &Configuration,
    section: &DatabaseSection,
    url: &str,
    store: Store,
) -> Result<PostgresOptions> {
    let mut options = PostgresOptions::new(url, section.schema_or(store.schema()));
    options.connections = usize::try_from(section.connections.0)?;
    let file = |file: &Option<FilePath>| file.as_ref().map(|file| configuration.path(file));
    options.certificate_authority = file(&section.certificate_authority);
    options.client_certificate = file(&section.client_certificate);
    options.client_key = file(&section.client_key);
    Ok(options)
}
