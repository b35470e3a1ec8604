//! What two keys together must not say. What files hold that are named is looked at where they are: a gateway's machine has
//! no master key.

use std::net::SocketAddr;

use super::values::{Address, Listen, Scheme};
use super::{
    AuthSection, Configuration, DatabaseSection, DatabaseUrl, GatewaySection, ServicesSection, Sources, TlsSection,
};
use crate::reading::{Complaints, Mistakes, Place, Spanned};

impl Configuration {
    pub(super) fn check(&self) -> Result<(), Mistakes> {
        let mut check = Check { sources: &self.sources, complaints: Complaints::default() };
        if let Some(auth) = &self.auth {
            check.auth(auth);
        }
        if let Some(gateway) = &self.gateway {
            check.gateway(gateway);
        }
        if let Some(services) = &self.services {
            check.services(services);
        }
        if let (Some(auth), Some(services)) = (&self.auth, &self.services) {
            check.databases_apart(auth.database.get_ref(), services.database.get_ref());
        }
        check.complaints.finish(&self.sources.all)
    }
}

struct Check<'a> {
    sources: &'a Sources,
    complaints: Complaints,
}

/// How requests come.
struct Way<'a> {
    listen: &'a Spanned<Listen>,
    tls: Option<&'a Spanned<TlsSection>>,
    scheme: Option<&'a Spanned<Scheme>>,
    /// Whether somebody is named who may come by plain http, and by which keys that is done.
    has_peers: bool,
    peers: &'static str,
}

impl Check<'_> {
    fn auth(&mut self, auth: &AuthSection) {
        let listen = &auth.listen;
        self.apart("management", auth.management.as_ref(), "listen", &listen.get_ref().addresses());
        self.way(&Way {
            listen,
            tls: auth.tls.as_ref(),
            scheme: Some(&auth.public_scheme),
            has_peers: !(auth.trusted_proxies.is_empty() && auth.gateways.is_empty()),
            peers: "trusted_proxies and gateways",
        });
        self.database(&auth.database);
    }

    fn gateway(&mut self, gateway: &GatewaySection) {
        let listen = &gateway.listen;
        self.apart("management", gateway.management.as_ref(), "listen", &listen.get_ref().addresses());
        self.way(&Way {
            listen,
            tls: gateway.tls.as_ref(),
            scheme: Some(&gateway.public_scheme),
            has_peers: !gateway.trusted_proxies.is_empty(),
            peers: "trusted_proxies",
        });
    }

    fn services(&mut self, services: &ServicesSection) {
        let (listen, resolver) = (&services.listen, services.resolver.as_ref());
        let addresses = listen.get_ref().addresses();
        let resolving: Vec<SocketAddr> = resolver.map(|resolver| resolver.get_ref().0).into_iter().collect();
        self.apart("management", services.management.as_ref(), "listen", &addresses);
        self.apart("management", services.management.as_ref(), "resolver", &resolving);
        self.apart("resolver", resolver, "listen", &addresses);
        self.way(&Way {
            listen,
            tls: services.tls.as_ref(),
            scheme: None,
            has_peers: !services.gateways.is_empty(),
            peers: "gateways",
        });
        if let Some(resolver) = resolver.filter(|at| !at.get_ref().0.ip().is_loopback() && services.gateways.is_empty())
        {
            let message = "resolver: nobody may ask it from elsewhere: name the gateways' networks in gateways";
            self.complain(self.sources.at(resolver), message);
        }
        self.database(&services.database);
    }

    /// What is for operators or gateways alone must not be where others are served.
    fn apart(&mut self, key: &str, address: Option<&Spanned<Address>>, other: &str, others: &[SocketAddr]) {
        let Some(at) = address else { return };
        let address = at.get_ref().0;
        if others.iter().any(|other| is_one(*other, address)) {
            let message = format!("{key}: {address} is what `{other}` serves others at: give it an address of its own");
            self.complain(self.sources.at(at), message);
        }
    }

    /// Plain http is for this machine, and for those in front of us who are named.
    fn way(&mut self, way: &Way<'_>) {
        let mut addresses = way.listen.get_ref().addresses().into_iter();
        let foreign = addresses.find(|address| !address.ip().is_loopback());
        if let Some(scheme) = way.scheme.filter(|scheme| *scheme.get_ref() == Scheme::Http) {
            if way.tls.is_some() {
                self.complain(self.sources.at(scheme), "public_scheme: is https where tls is given");
            }
            if let Some(address) = foreign {
                let message = format!(
                    "public_scheme: {address} can be reached from elsewhere: http is for trials on 127.0.0.1 and [::1]"
                );
                self.complain(self.sources.at(scheme), message);
            }
        } else if let Some(address) = foreign.filter(|_| way.tls.is_none() && !way.has_peers) {
            let message = format!(
                "listen: {address} can be reached from elsewhere by plain http: give tls, or name who may come so in {}",
                way.peers
            );
            self.complain(self.sources.at(way.listen), message);
        }
    }

    fn database(&mut self, section: &Spanned<DatabaseSection>) {
        let DatabaseSection { url, url_file, schema, .. } = section.get_ref();
        match (url, url_file) {
            (None, None) => {
                let message = "database: write url, or url_file for a file with the address in it";
                self.complain(self.sources.at(section), message);
            }
            (Some(_), Some(file)) => {
                self.complain(self.sources.at(file), "url_file: write this or url, not both");
            }
            _ => {}
        }
        if let Some(schema) = schema.as_ref().filter(|schema| !is_schema(schema.get_ref())) {
            self.complain(self.sources.at(schema), "schema: must be lower-case letters, digits and _, a letter first");
        }
    }

    /// Commerce never opens the authorization server's database.
    fn databases_apart(&mut self, auth: &DatabaseSection, services: &DatabaseSection) {
        let (Some(first), Some(second)) = (&auth.url, &services.url) else { return };
        let is_same_place = match (first.get_ref(), second.get_ref()) {
            (DatabaseUrl::Sqlite(first), DatabaseUrl::Sqlite(second)) => first == second,
            (DatabaseUrl::Postgres(first), DatabaseUrl::Postgres(second)) => {
                first == second && auth.schema_or("auth") == services.schema_or("commerce")
            }
            _ => false,
        };
        if is_same_place {
            let message = "url: this is the database of [auth]: give the services another file, or another schema";
            self.complain(self.sources.at(second), message);
        }
    }

    fn complain(&mut self, at: Place, message: impl Into<String>) {
        self.complaints.add(at, message);
    }
}

/// `0.0.0.0` holds all addresses.
fn is_one(one: SocketAddr, other: SocketAddr) -> bool {
    let same_host = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    one.port() != 0 && one.port() == other.port() && same_host
}

fn is_schema(name: &str) -> bool {
    let named = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(named) && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
}
