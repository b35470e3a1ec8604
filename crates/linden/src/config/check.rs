//! What two keys together must not say, and what the files that are named must hold.

use std::net::SocketAddr;
use std::path::Path;

use super::values::{Address, FilePath, Listen, Scheme};
use super::{Configuration, DatabaseSection, DatabaseUrl, Sources, TlsSection, files};
use crate::reading::{Complaints, Mistakes, Spanned};

impl Configuration {
    pub(super) fn check(&self) -> Result<(), Mistakes> {
        let mut complaints = Complaints::default();
        let sources = &self.sources;
        if let Some(auth) = &self.auth {
            let listener = Listener { key: "listen", addresses: auth.listen.get_ref().addresses(), at: &auth.listen };
            listener.apart(sources, auth.management.as_ref(), "management", &mut complaints);
            let is_passed_on = !(auth.trusted_proxies.is_empty() && auth.gateways.is_empty());
            let way = Way { tls: auth.tls.as_ref(), scheme: Some(&auth.public_scheme) };
            way.check(sources, &listener, is_passed_on, "trusted_proxies and gateways", &mut complaints);
            self.database(&auth.database, &mut complaints);
            for file in std::iter::once(&auth.master_key_file).chain(&auth.other_master_key_files) {
                self.told(file, |path| files::master_key(path).map(drop), &mut complaints);
            }
        }
        if let Some(gateway) = &self.gateway {
            let listen = &gateway.listen;
            let listener = Listener { key: "listen", addresses: listen.get_ref().addresses(), at: listen };
            listener.apart(sources, gateway.management.as_ref(), "management", &mut complaints);
            let way = Way { tls: gateway.tls.as_ref(), scheme: Some(&gateway.public_scheme) };
            let is_passed_on = !gateway.trusted_proxies.is_empty();
            way.check(sources, &listener, is_passed_on, "trusted_proxies", &mut complaints);
            let key = |path: &Path| files::client_secret_key(path).map(drop);
            self.told(&gateway.client_secret_key_file, key, &mut complaints);
        }
        if let Some(services) = &self.services {
            let listen = &services.listen;
            let mut listener = Listener { key: "listen", addresses: listen.get_ref().addresses(), at: listen };
            listener.apart(sources, services.management.as_ref(), "management", &mut complaints);
            listener.apart(sources, services.resolver.as_ref(), "resolver", &mut complaints);
            listener.addresses.extend(services.resolver.as_ref().map(|resolver| resolver.get_ref().0));
            let way = Way { tls: services.tls.as_ref(), scheme: None };
            way.check(sources, &listener, !services.gateways.is_empty(), "gateways", &mut complaints);
            self.database(&services.database, &mut complaints);
        }
        self.databases_apart(&mut complaints);
        complaints.finish(&sources.all)
    }

    /// The file that a key names.
    fn told(&self, key: &Spanned<FilePath>, look: impl Fn(&Path) -> Result<(), String>, complaints: &mut Complaints) {
        if let Err(message) = look(&self.path(key.get_ref())) {
            complaints.add(self.sources.at(key), message);
        }
    }

    fn database(&self, section: &Spanned<DatabaseSection>, complaints: &mut Complaints) {
        let at = self.sources.at(section);
        let DatabaseSection { url, url_file, schema, .. } = section.get_ref();
        match (url, url_file) {
            (None, None) => complaints.add(at, "database: write url, or url_file for a file with the address in it"),
            (Some(_), Some(file)) => {
                complaints.add(self.sources.at(file), "url_file: write this or url, not both");
            }
            (None, Some(file)) => self.told(file, |path| files::database_url(path).map(drop), complaints),
            (Some(_), None) => {}
        }
        if let Some(schema) = schema {
            let name = schema.get_ref();
            let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if name.is_empty() || !name.bytes().all(named) || name.starts_with(|first: char| first.is_ascii_digit()) {
                complaints.add(self.sources.at(schema), "schema: must be lower-case letters, digits and _");
            }
        }
    }

    /// Commerce never opens the authorization server's database.
    fn databases_apart(&self, complaints: &mut Complaints) {
        let (Some(auth), Some(services)) = (&self.auth, &self.services) else { return };
        let (one, other) = (auth.database.get_ref(), services.database.get_ref());
        let (Some(first), Some(second)) = (&one.url, &other.url) else { return };
        let is_same_place = match (first.get_ref(), second.get_ref()) {
            (DatabaseUrl::Sqlite(first), DatabaseUrl::Sqlite(second)) => first == second,
            (DatabaseUrl::Postgres(first), DatabaseUrl::Postgres(second)) => {
                first == second && one.schema_or("auth") == other.schema_or("commerce")
            }
            _ => false,
        };
        if is_same_place {
            let message = "url: this is the database of [auth]: give the services another file, or another schema";
            complaints.add(self.sources.at(second), message);
        }
    }
}

struct Listener<'a> {
    key: &'static str,
    addresses: Vec<SocketAddr>,
    at: &'a Spanned<Listen>,
}

impl Listener<'_> {
    /// What is for operators or gateways alone must not be where everybody is served.
    fn apart(
        &self,
        sources: &Sources,
        other: Option<&Spanned<Address>>,
        key: &'static str,
        complaints: &mut Complaints,
    ) {
        let Some(other) = other else { return };
        let address = other.get_ref().0;
        if self.addresses.iter().any(|public| is_one(*public, address)) {
            let public = self.key;
            let message = format!("{key}: {address} is served to others by `{public}`: give it an address of its own");
            complaints.add(sources.at(other), message);
        }
    }

    fn foreign(&self) -> Option<SocketAddr> {
        self.addresses.iter().copied().find(|address| !address.ip().is_loopback())
    }
}

/// `0.0.0.0` holds all addresses.
fn is_one(one: SocketAddr, other: SocketAddr) -> bool {
    let same_host = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && same_host
}

/// How requests come.
struct Way<'a> {
    tls: Option<&'a Spanned<TlsSection>>,
    scheme: Option<&'a Spanned<Scheme>>,
}

impl Way<'_> {
    /// Plain http is for this machine, and for those in front of us who are named.
    fn check(
        &self,
        sources: &Sources,
        listener: &Listener<'_>,
        is_passed_on: bool,
        networks: &str,
        complaints: &mut Complaints,
    ) {
        let at = sources.at(listener.at);
        if let Some(scheme) = self.scheme.filter(|scheme| *scheme.get_ref() == Scheme::Http) {
            if self.tls.is_some() {
                complaints.add(sources.at(scheme), "public_scheme: is https where tls is given");
            }
            if let Some(address) = listener.foreign() {
                let message =
                    format!("public_scheme: {address} can be reached from elsewhere: http is for 127.0.0.1 and [::1]");
                complaints.add(sources.at(scheme), message);
            }
            return;
        }
        if let Some(address) = listener.foreign().filter(|_| self.tls.is_none() && !is_passed_on) {
            let message = format!(
                "listen: {address} can be reached from elsewhere by plain http: give tls, or name who may come so in {networks}"
            );
            complaints.add(at, message);
        }
    }
}
