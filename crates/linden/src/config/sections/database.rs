use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::values::{FilePath, PoolSize};
use crate::reading::Spanned;

/// Where a store is: a SQLite file, or PostgreSQL.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSection {
    /// "sqlite:/var/lib/linden/auth.db", or "postgres://user@host1,host2/database?target_session_attrs=read-write".
    /// One of this and `url_file`.
    pub url: Option<Spanned<DatabaseUrl>>,
    /// A file with the address in it, since it may hold a password.
    pub url_file: Option<Spanned<FilePath>>,
    /// PostgreSQL: the schema that holds the tables; "auth" for [auth], "commerce" for [services], when left out.
    pub schema: Option<Spanned<String>>,
    /// PostgreSQL: PEM file with the authorities that may vouch for the server; with it TLS is a must, unless the address
    /// says `sslmode=disable`.
    pub certificate_authority: Option<FilePath>,
    /// PostgreSQL: PEM file with this program's own certificate and its chain.
    pub client_certificate: Option<FilePath>,
    /// PostgreSQL: PEM file with the key of `client_certificate`.
    pub client_key: Option<FilePath>,
    /// PostgreSQL: connections at a time.
    #[serde(default = "sixteen")]
    pub connections: PoolSize,
}

fn sixteen() -> PoolSize {
    PoolSize::of(16)
}

/// An address of a database. `Debug` shows nothing of it: it may hold a password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", inline)]
pub enum DatabaseUrl {
    Sqlite(FilePath),
    Postgres(String),
}

impl TryFrom<String> for DatabaseUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, &'static str> {
        match text.strip_prefix("sqlite:") {
            Some(path) => Ok(Self::Sqlite(FilePath::try_from(path.to_owned())?)),
            None if is_postgres(&text) => Ok(Self::Postgres(text)),
            None => Err("must be sqlite:/var/lib/linden/auth.db, or postgres://user@host/database"),
        }
    }
}

/// An address, or its parts as libpq writes them: `host=db1 user=linden`.
fn is_postgres(text: &str) -> bool {
    let is_address = text.starts_with("postgres://") || text.starts_with("postgresql://");
    is_address || text.split_whitespace().any(|part| part.starts_with("host="))
}

impl From<DatabaseUrl> for String {
    fn from(url: DatabaseUrl) -> String {
        match url {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", String::from(path)),
            DatabaseUrl::Postgres(url) => url,
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite(…)",
            Self::Postgres(_) => "Postgres(…)",
        })
    }
}

impl DatabaseSection {
    pub fn schema_or<'a>(&'a self, usual: &'a str) -> &'a str {
        self.schema.as_ref().map_or(usual, |schema| schema.get_ref())
    }
}
