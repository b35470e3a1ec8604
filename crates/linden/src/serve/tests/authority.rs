use std::path::Path;
use std::sync::Arc;

use auth_core::time::Timestamp;
use auth_server::environment::Clock;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::CertificateDer;

use crate::serve::CertificateFiles;

/// Certifies for these tests alone; nobody else trusts it.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub certificate: CertificateDer<'static>,
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    /// Of localhost, always valid; `name` is in the subject.
    pub fn certify(&self, name: &str) -> Certified {
        self.certify_until(name, 4000)
    }

    /// From 2025 until the start of a year.
    pub fn certify_until(&self, name: &str, year: i32) -> Certified {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(2025, 1, 1);
        params.not_after = date_time_ymd(year, 1, 1);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Certified { certificate: certificate.pem(), key: key.serialize_pem() }
    }
}

pub struct Certified {
    pub certificate: String,
    pub key: String,
}

impl Certified {
    pub fn write(&self, directory: &Path) -> CertificateFiles {
        let files = CertificateFiles { certificate: directory.join("chain.pem"), key: directory.join("key.pem") };
        std::fs::write(&files.certificate, &self.certificate).unwrap();
        std::fs::write(&files.key, &self.key).unwrap();
        files
    }
}

/// A clock that stands still at the start of a year.
pub fn in_year(year: i16) -> Arc<dyn Clock> {
    struct Still(Timestamp);
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            self.0
        }
    }
    let start: jiff::Timestamp = format!("{year}-01-01T00:00:00Z").parse().unwrap();
    Arc::new(Still(Timestamp::from_seconds(start.as_second())))
}
