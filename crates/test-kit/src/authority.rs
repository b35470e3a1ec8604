//! A certificate authority for one test: certificates of servers and clients, good ones and bad ones.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PublicKeyData, date_time_ymd,
};

/// Its key never leaves the process.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its private key, in PEM form.
pub struct Issued {
    pub certificate: String,
    pub key: String,
}

impl Issued {
    /// SHA-256 of the public key with its algorithm (SPKI), in Base64: what pins name.
    pub fn public_key_hash(&self) -> Result<String> {
        let key = KeyPair::from_pem(&self.key)?;
        Ok(STANDARD.encode(digest(&SHA256, &key.subject_public_key_info())))
    }
}

impl Authority {
    /// # Panics
    /// When the cryptography fails.
    pub fn new() -> Authority {
        match make_authority() {
            Ok(issuer) => Authority { issuer },
            Err(error) => panic!("no certificate authority for the test: {error:#}"),
        }
    }

    /// What clients trust, in PEM form.
    pub fn certificate(&self) -> String {
        self.issuer.pem()
    }

    /// For a server with these names; an IP address is a name too.
    ///
    /// # Panics
    /// When a name is none.
    pub fn server(&self, names: &[&str]) -> Issued {
        self.must_issue(names, "server", ExtendedKeyUsagePurpose::ServerAuth, 2096)
    }

    /// One that ran out long ago.
    ///
    /// # Panics
    /// When a name is none.
    pub fn expired_server(&self, names: &[&str]) -> Issued {
        self.must_issue(names, "server", ExtendedKeyUsagePurpose::ServerAuth, 2021)
    }

    /// For a client; PostgreSQL's `cert` method lets it in as the role of that name.
    ///
    /// # Panics
    /// When the cryptography fails.
    pub fn client(&self, name: &str) -> Issued {
        self.must_issue(&[], name, ExtendedKeyUsagePurpose::ClientAuth, 2096)
    }

    fn must_issue(&self, names: &[&str], common: &str, purpose: ExtendedKeyUsagePurpose, until: i32) -> Issued {
        match self.issue(names, common, purpose, until) {
            Ok(issued) => issued,
            Err(error) => panic!("no certificate for the test: {error:#}"),
        }
    }

    fn issue(&self, names: &[&str], common: &str, purpose: ExtendedKeyUsagePurpose, until: i32) -> Result<Issued> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).context("a name")?;
        params.distinguished_name.push(DnType::CommonName, common);
        params.extended_key_usages = vec![purpose];
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        Ok(Issued { certificate: certificate.pem(), key: key.serialize_pem() })
    }
}

impl Default for Authority {
    fn default() -> Authority {
        Authority::new()
    }
}

fn make_authority() -> Result<CertifiedIssuer<'static, KeyPair>> {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let mut params = CertificateParams::new(Vec::<String>::new())?;
    let name = format!("Linden test authority {}", NUMBER.fetch_add(1, Ordering::Relaxed));
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2096, 1, 1);
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}
