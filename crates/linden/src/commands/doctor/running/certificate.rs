use auth_core::time::Timestamp;

use crate::commands::doctor::finding::Finding;
use crate::serve::{self, CertificateFiles};

/// The files of a listener.
pub fn finding(check: &'static str, files: Option<&CertificateFiles>, now: Timestamp) -> Finding {
    let Some(files) = files else { return Finding::fine(check, "none: a proxy in front speaks TLS") };
    match serve::certificate_end(files, now) {
        Err(error) => {
            Finding::wrong(check, error.to_string(), "nodes go on with the one they have, and do not start anew")
        }
        Ok(end) if end < now + serve::SOON => Finding::wrong(
            check,
            format!("{} is good until {} only", files.certificate.display(), serve::shown(end)),
            "renew it: nodes take the new file by themselves",
        ),
        Ok(end) => Finding::fine(check, format!("is good until {}", serve::shown(end))),
    }
}
