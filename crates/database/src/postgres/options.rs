use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

use super::GRACE;
use super::tls::Tls;
use crate::OpenError;

/// A server that has gone without a word is noticed on resting connections within half a minute.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEPALIVE_RETRIES: u32 = 3;

/// How PostgreSQL is reached; [`PostgresOptions::new`] has what a server wants.
///
/// Certificates are verified whenever TLS is spoken: chain, validity and the host's name, against
/// [`certificate_authority`](PostgresOptions::certificate_authority) or, without one, the public authorities.
///
/// | `sslmode` in the address | what happens |
/// | --- | --- |
/// | `disable` | clear text; for a private network or tunnel |
/// | `prefer` (default) | TLS where the server offers it; a certificate that is not trusted is an error, no reason for clear text |
/// | `require`, `verify-full` | TLS or no connection; the default with a certificate authority or a client certificate |
///
/// A socket file (`host=/run/postgresql`) speaks no TLS: it is refused with `require`.
#[derive(Clone)]
pub struct PostgresOptions {
    /// `postgres://user:password@host:port/database`, or `host=… user=…`. Several hosts (`db1:5432,db2:5432`) are tried in
    /// order until one takes writes, so a standby that is promoted is found without a restart.
    pub url: String,
    /// The schema that holds the store's tables; made by the first migration. Lower-case letters, digits and `_`.
    pub schema: String,
    /// PEM file with the authorities that may vouch for the server. It and the next two are read at each new connection,
    /// so renewed files need no restart.
    pub certificate_authority: Option<PathBuf>,
    /// PEM file with this client's certificate, followed by its chain.
    pub client_certificate: Option<PathBuf>,
    /// PEM file with the client certificate's key.
    pub client_key: Option<PathBuf>,
    pub connections: usize,
    /// How many calls may wait for a connection; one more is refused at once.
    pub queue_limit: usize,
    /// How long a call waits for a connection, and how long a host may take to accept one.
    pub connection_timeout: Duration,
    pub statement_timeout: Duration,
    pub lock_timeout: Duration,
}

impl PostgresOptions {
    pub fn new(url: impl Into<String>, schema: impl Into<String>) -> PostgresOptions {
        PostgresOptions {
            url: url.into(),
            schema: schema.into(),
            certificate_authority: None,
            client_certificate: None,
            client_key: None,
            connections: 16,
            queue_limit: 1_024,
            connection_timeout: Duration::from_secs(3),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(3),
        }
    }

    /// What every session is started with. Hosts and ports are those of the address.
    pub(super) fn config(&self) -> Result<Config, OpenError> {
        if !is_schema_name(&self.schema) {
            return Err(OpenError::Address(format!("{:?} is no name for a schema", self.schema)));
        }
        let mut config = self.address()?;
        if config.get_target_session_attrs() == TargetSessionAttrs::ReadOnly {
            return refused("target_session_attrs=read-only: the program writes; say read-write, or leave it out");
        }
        let settings = format!(
            "{} -c search_path={} -c statement_timeout={} -c lock_timeout={} -c idle_in_transaction_session_timeout={}",
            config.get_options().unwrap_or_default(),
            self.schema,
            self.statement_timeout.as_millis().max(1),
            self.lock_timeout.as_millis().max(1),
            (self.statement_timeout + GRACE).as_millis(),
        );
        if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
            config.keepalives_idle(KEEPALIVE_IDLE);
            config.keepalives_interval(KEEPALIVE_INTERVAL).keepalives_retries(KEEPALIVE_RETRIES);
        }
        config
            .options(settings)
            .connect_timeout(self.connection_timeout)
            .tcp_user_timeout(self.statement_timeout + GRACE)
            // Every new connection is asked, see `connector.rs`.
            .target_session_attrs(TargetSessionAttrs::Any);
        if config.get_application_name().is_none() {
            config.application_name("linden");
        }
        Ok(config)
    }

    pub(super) fn tls(&self) -> Result<Tls, OpenError> {
        let client = match (&self.client_certificate, &self.client_key) {
            (Some(certificate), Some(key)) => Some((certificate.clone(), key.clone())),
            (None, None) => None,
            _ => return refused("a client certificate and its key belong together: give both or neither"),
        };
        Ok(Tls { authority: self.certificate_authority.clone(), client })
    }

    fn address(&self) -> Result<Config, OpenError> {
        let mode = ssl_mode(&self.url);
        let has_files = self.certificate_authority.is_some() || self.client_certificate.is_some();
        let url = match mode {
            Some("verify-full") => self.url.replacen("sslmode=verify-full", "sslmode=require", 1),
            Some(mode @ ("allow" | "verify-ca")) => {
                return refused(format!("sslmode={mode} is not offered: require verifies chain and host name"));
            }
            Some("disable") if has_files => {
                return refused("sslmode=disable contradicts a certificate authority or client certificate");
            }
            _ => self.url.clone(),
        };
        let mut config = Config::from_str(&url).map_err(|error| OpenError::Address(causes(&error)))?;
        if mode.is_none() && has_files {
            config.ssl_mode(SslMode::Require);
        }
        let is_socket = |host: &Host| matches!(host, Host::Unix(_));
        if config.get_ssl_mode() == SslMode::Require && config.get_hosts().iter().any(is_socket) {
            return refused("a socket file speaks no TLS: name a host, or leave sslmode and certificates out");
        }
        Ok(config)
    }
}

/// Leaves the address out: it may hold a password.
impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("PostgresOptions").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// An error and what it came from; the driver's own words name only the outermost.
pub(super) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    // A server's error has lines for details and hints.
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

fn refused<T>(sentence: impl Into<String>) -> Result<T, OpenError> {
    Err(OpenError::Address(sentence.into()))
}

fn is_schema_name(name: &str) -> bool {
    let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(named) && name.starts_with(|first: char| !first.is_ascii_digit())
}

/// The driver knows neither `verify-full` nor whether a mode was given at all.
fn ssl_mode(url: &str) -> Option<&str> {
    let is_url = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let parameters = if is_url { url.rsplit_once('?')?.1 } else { url };
    let separates = |sign: char| if is_url { sign == '&' } else { sign.is_whitespace() };
    parameters.split(separates).find_map(|parameter| parameter.strip_prefix("sslmode="))
}
