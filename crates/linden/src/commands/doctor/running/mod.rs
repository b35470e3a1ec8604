//! A running system, by the configuration that its nodes are started with: what each section needs, and what the nodes
//! and the world around them say. It writes nothing.

mod certificate;
mod clocks;
mod fetch;
mod issuers;
mod management;
mod redirects;
mod signing_keys;
mod store;
mod upstreams;

use std::path::Path;

use anyhow::Result;
use auth_core::time::Timestamp;
use auth_server::check_keys;
use auth_store::Database;

use self::fetch::Fetch;
use super::finding::Finding;
use super::machine;
use crate::config::{Address, AuthSection, Configuration, GatewaySection, ServicesSection, TlsSection};
use crate::parts::Store;
use crate::reading::Spanned;
use crate::serve::CertificateFiles;

/// What all checks look at.
struct Examined<'a> {
    file: &'a Path,
    configuration: Configuration,
    fetch: Fetch,
    now: Timestamp,
}

/// `authority` is trusted beside the usual ones, where issuers and pages are asked for.
pub async fn findings(file: &Path, authority: Option<&Path>, now: Timestamp) -> Result<Vec<Finding>> {
    let fetch = Fetch::new(authority)?;
    let configuration = match Configuration::load(file) {
        Ok(configuration) => configuration,
        Err(error) => {
            let advice = format!("linden config check --config {}", file.display());
            return Ok(vec![Finding::wrong("configuration", format!("{error:#}"), advice)]);
        }
    };
    let examined = Examined { file, configuration, fetch, now };
    let mut findings = vec![examined.sections(), machine::clock_alone(now)];
    if let Ok(section) = examined.configuration.auth() {
        findings.extend(examined.auth(section).await);
    }
    if let Ok(section) = examined.configuration.gateway() {
        findings.extend(examined.gateway(section).await);
    }
    if let Ok(section) = examined.configuration.services() {
        findings.extend(examined.services(section).await);
    }
    Ok(findings)
}

impl Examined<'_> {
    fn sections(&self) -> Finding {
        let configuration = &self.configuration;
        let there = [
            ("auth", configuration.auth().is_ok()),
            ("gateway", configuration.gateway().is_ok()),
            ("services", configuration.services().is_ok()),
        ];
        let there: Vec<&str> = there.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name).collect();
        let file = self.file.display();
        match there.is_empty() {
            true => {
                Finding::wrong("configuration", format!("{file} has no section of a part"), "linden config example")
            }
            false => Finding::fine("configuration", format!("{file}, for {}", there.join(", "))),
        }
    }

    async fn auth(&self, section: &AuthSection) -> Vec<Finding> {
        let mut findings = vec![self.certificate("auth certificate", section.tls.as_ref())];
        let (of_store, database) = store::findings(&self.configuration, section.database.get_ref(), Store::Auth).await;
        findings.extend(of_store);
        if let Some(database) = database {
            findings.extend(self.of_auth_database(&database).await);
            database.close().await;
        }
        findings.push(self.management("auth node", section.management.as_ref(), "auth").await);
        findings
    }

    async fn of_auth_database(&self, auth: &Database) -> Vec<Finding> {
        let mut findings = vec![self.master_key(auth).await];
        let known = match auth_store::apply::known(auth, &[]).await {
            Ok(known) => known,
            Err(error) => {
                let advice = "linden apply FILE writes it anew; LINDEN_LOG=debug tells what is in the way";
                findings.push(Finding::wrong("what is configured", format!("cannot be read: {error:?}"), advice));
                return findings;
            }
        };
        findings.push(signing_keys::finding(auth, &known.servers, self.now).await);
        findings.extend(issuers::findings(auth, &known.servers, &self.fetch, self.now).await);
        findings.push(redirects::finding(&known, &self.fetch).await);
        findings
    }

    async fn master_key(&self, auth: &Database) -> Finding {
        const CHECK: &str = "master key";
        let advice = "name the file with the key of this data in master_key_file";
        let key = match self.configuration.master_keys() {
            Ok(key) => key,
            Err(error) => return Finding::wrong(CHECK, format!("{error:#}"), advice),
        };
        match check_keys(auth, &key).await {
            Ok(opened) => Finding::fine(CHECK, format!("opens all {opened} keys and secrets of the database")),
            Err(error) => Finding::wrong(CHECK, error.to_string(), advice),
        }
    }

    async fn gateway(&self, section: &GatewaySection) -> [Finding; 3] {
        [
            self.certificate("gateway certificate", section.tls.as_ref()),
            upstreams::finding(section.upstreams.get_ref()).await,
            self.management("gateway node", section.management.as_ref(), "gateway").await,
        ]
    }

    async fn services(&self, section: &ServicesSection) -> Vec<Finding> {
        let mut findings = vec![self.certificate("services certificate", section.tls.as_ref())];
        let database = section.database.get_ref();
        let (of_store, database) = store::findings(&self.configuration, database, Store::Commerce).await;
        findings.extend(of_store);
        if let Some(database) = database {
            database.close().await;
        }
        findings.push(self.management("services node", section.management.as_ref(), "services").await);
        findings
    }

    fn certificate(&self, check: &'static str, section: Option<&Spanned<TlsSection>>) -> Finding {
        let files = section.map(Spanned::get_ref).map(|TlsSection { certificate, key }| CertificateFiles {
            certificate: self.configuration.path(certificate),
            key: self.configuration.path(key),
        });
        certificate::finding(check, files.as_ref(), self.now)
    }

    async fn management(&self, check: &'static str, address: Option<&Spanned<Address>>, part: &str) -> Finding {
        let command = format!("linden {part} --config {}", self.file.display());
        management::finding(check, address.map(|address| address.get_ref().0), &command, &self.fetch).await
    }
}
