use std::sync::Arc;

use auth_server::environment::Clock;
use tempfile::TempDir;

use super::following::Following;
use super::{CertificateFiles, Tls};
use crate::serve::tests::authority::{Authority, in_year};
use crate::serve::tests::log::Log;

fn load(files: &CertificateFiles, clock: Arc<dyn Clock>) -> Result<Tls, String> {
    Tls::load(files.clone(), clock).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(files: &CertificateFiles, clock: Arc<dyn Clock>, words: &str) {
    let said = load(files, clock).err().unwrap();
    assert!(said.contains(words) && said.contains(".pem"), "{said}");
}

#[test]
fn files_that_cannot_be_used_are_told_at_the_start() {
    let (authority, directory) = (Authority::new(), tempfile::tempdir().unwrap());
    let good = authority.certify_until("shop", 2027);
    let files = good.write(directory.path());
    assert!(load(&files, in_year(2026)).is_ok());
    refused(&files, in_year(2028), "expired at 2027-01-01T00:00:00Z: renew it");
    refused(&files, in_year(2024), "valid from 2025-01-01T00:00:00Z only: is the clock right?");

    let (certificate, key) = (good.certificate.as_str(), good.key.as_str());
    let other = authority.certify("other");
    let expired = format!("{certificate}{}", authority.certify_until("above", 2025).certificate);
    let ill_formed = certificate.replacen("MI", "MA", 1);
    let cases = [
        ("", key, "holds no PEM certificates"),
        (key, key, "holds no PEM certificates"),
        (&certificate[..certificate.len() / 2], key, "ill-formed"),
        (&ill_formed, key, "ill-formed"),
        (&expired, key, "expired at 2025"),
        (certificate, "", "holds no PEM key"),
        (certificate, &key[..key.len() / 2], "holds no PEM key"),
        (certificate, &other.key, "do not belong together"),
    ];
    for (certificate, key, words) in cases {
        std::fs::write(&files.certificate, certificate).unwrap();
        std::fs::write(&files.key, key).unwrap();
        refused(&files, in_year(2026), words);
    }
    std::fs::remove_file(&files.key).unwrap();
    refused(&files, in_year(2026), "cannot be read");
}

/// A server that shows a certificate, and what its log says.
struct Shown {
    authority: Authority,
    directory: TempDir,
    files: CertificateFiles,
    tls: Tls,
    following: Option<Following>,
    log: Log,
}

impl Shown {
    fn new(clock: Arc<dyn Clock>) -> Self {
        let (authority, directory) = (Authority::new(), tempfile::tempdir().unwrap());
        let files = authority.certify_until("first", 2027).write(directory.path());
        let tls = load(&files, clock).unwrap();
        let following = Some(Following::new(tls.clone()));
        Self { authority, directory, files, tls, following, log: Log::default() }
    }

    fn looks(&mut self, times: usize) {
        let _kept = self.log.keep();
        for _ in 0..times {
            self.following = self.following.take().map(Following::after_a_look);
        }
    }

    fn in_force(&self) -> Vec<u8> {
        self.tls.0.in_force.0.load().certified.cert[0].to_vec()
    }
}

#[test]
fn a_renewed_pair_is_taken_once_it_is_the_same_at_two_looks() {
    let mut shown = Shown::new(in_year(2026));
    let first = shown.in_force();
    shown.looks(3);
    assert_eq!(shown.in_force(), first);
    shown.authority.certify("second").write(shown.directory.path());
    shown.looks(1);
    assert_eq!(shown.in_force(), first, "it may still be written");
    shown.looks(1);
    assert_ne!(shown.in_force(), first);
    assert_eq!(shown.log.lines("a renewed certificate is in force"), 1);
}

/// Of the files.
type Change<'a> = &'a dyn Fn(&Shown);

#[test]
fn what_cannot_be_used_leaves_the_former_in_force_and_is_told_once() {
    let mut shown = Shown::new(in_year(2026));
    let first = shown.in_force();
    let second = shown.authority.certify("second");
    let expired = shown.authority.certify_until("late", 2025);
    let changes: [(&str, Change<'_>); 4] = [
        ("do not belong together", &|shown| std::fs::write(&shown.files.certificate, &second.certificate).unwrap()),
        ("ill-formed", &|shown| std::fs::write(&shown.files.certificate, &second.certificate[..200]).unwrap()),
        ("cannot be read", &|shown| std::fs::remove_file(&shown.files.certificate).unwrap()),
        ("expired at 2025-01-01", &|shown| drop(expired.write(shown.directory.path()))),
    ];
    for (words, change) in changes {
        change(&shown);
        shown.looks(4);
        assert_eq!(shown.in_force(), first, "{words}");
        assert_eq!(shown.log.lines(words), 1, "{words}: {}", shown.log.text());
    }
    second.write(shown.directory.path());
    shown.looks(2);
    assert_ne!(shown.in_force(), first, "and what is right again is taken");
    let log = shown.log.text();
    assert!(!log.contains("BEGIN") && !log.contains("PRIVATE"), "{log}");
}

#[test]
fn a_certificate_that_soon_ends_is_warned_of_once() {
    let mut early = Shown::new(in_year(2026));
    early.looks(2);
    assert_eq!(early.log.text(), "");
    let mut shown = Shown::new(Arc::new(Before));
    shown.looks(3);
    assert_eq!(shown.log.lines("is good until 2027-01-01T00:00:00Z only: renew it"), 1);
}

/// Ten days before 2027.
struct Before;

impl Clock for Before {
    fn now(&self) -> auth_core::time::Timestamp {
        in_year(2027).now() - auth_core::time::Span::minutes(10 * 24 * 60)
    }
}
