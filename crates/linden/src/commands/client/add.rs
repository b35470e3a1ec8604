use std::fmt;

use anyhow::{Result, bail};
use auth_server::environment::{Clock, SystemClock};
use auth_store::audit::AuditKind;
use auth_store::client_administration::{self, AddClientError};
use clap::Args;
use serde::Serialize;

use crate::apply::single::{self, ClientTable, Generate};
use crate::commands::server::{Opened, ServerOptions};
use crate::commands::{answer, audit};

#[derive(Debug, Args)]
pub struct AddOptions {
    /// 1 to 64 letters, digits or - . _ ~
    client_id: String,
    /// What people read where the client is named
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A client in a browser or on a device: it has no secret
    #[arg(long)]
    public: bool,
    /// A client of somebody else, which gets no identity claims beside its tokens
    #[arg(long)]
    third_party: bool,
    /// Take the secret in the form, not in the Authorization header
    #[arg(long, conflicts_with = "public")]
    secret_in_form: bool,
    /// authorization_code or client_credentials; may be given several times. Left out: the former with a redirect URI, the
    /// latter without
    #[arg(long = "grant-type", value_name = "GRANT")]
    grant_types: Vec<String>,
    /// Where codes may be sent; may be given several times
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where browsers may be sent after signing out; may be given several times
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// A scope that it may ask for; may be given several times
    #[arg(long = "scope", value_name = "NAME")]
    scopes: Vec<String>,
    /// What it may do when it acts for itself; may be given several times
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
    #[command(flatten)]
    server: ServerOptions,
}

/// The secret is told once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    client_id: String,
    issuer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl fmt::Display for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "added client {} at {}", self.client_id, self.issuer)?;
        self.secret.as_ref().map_or(Ok(()), |secret| write!(f, "\nsecret {secret}"))
    }
}

pub async fn run(options: AddOptions) -> Result<()> {
    let added = options.server.with(async |opened| add(opened, &options).await).await?;
    answer::print(&added, options.server.json)
}

async fn add(opened: &Opened, options: &AddOptions) -> Result<Added> {
    let now = SystemClock.now();
    let method = match (options.public, options.secret_in_form) {
        (true, _) => "none",
        (false, true) => "client_secret_post",
        (false, false) => "client_secret_basic",
    };
    let usual = if options.redirect_uris.is_empty() { "client_credentials" } else { "authorization_code" };
    let usual = [usual.to_owned()];
    let table = ClientTable {
        server: &opened.server.name,
        client_id: &options.client_id,
        friendly_name: options.name.as_deref(),
        first_party: !options.third_party,
        authentication_methods: vec![method],
        grant_types: if options.grant_types.is_empty() { &usual } else { &options.grant_types },
        redirect_uris: &options.redirect_uris,
        post_logout_redirect_uris: &options.post_logout_redirect_uris,
        scopes: &options.scopes,
        permissions: &options.permissions,
        secret: (!options.public).then_some(Generate { generate: true }),
    };
    let commerce = opened.data.commerce().await?;
    let planned = single::client(&table, &opened.auth, &commerce, audit::unix_millis(now)).await;
    commerce.close().await;
    let Some((entry, secret)) = planned? else {
        bail!("no client was planned");
    };
    let client_id = entry.client_id.clone();
    let event = audit::event(AuditKind::ClientAdded, "", &client_id, String::new(), now);
    match client_administration::add(&opened.auth, entry, event, now).await {
        Ok(()) => Ok(Added { client_id, issuer: opened.server.issuer.clone(), secret }),
        Err(AddClientError::Taken) => bail!(
            "there is a client {client_id} at the authorization server {} already: nothing was changed",
            opened.server.name
        ),
        Err(AddClientError::Storage(error)) => Err(error.into()),
    }
}
