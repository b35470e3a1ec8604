use std::sync::Arc;

use auth_core::time::{Span, Timestamp};

use super::Tls;
use super::pair::{Contents, Pair, TlsError, shown};

/// How long before its end a certificate is warned about.
pub const SOON: Span = Span::minutes(14 * 24 * 60);

/// Looks at the files, and what the looks before have said.
pub struct Following {
    tls: Tls,
    last_seen: Option<Contents>,
    last_complaint: Option<String>,
    warned_of: Option<Timestamp>,
}

impl Following {
    pub fn new(tls: Tls) -> Self {
        Self { tls, last_seen: None, last_complaint: None, warned_of: None }
    }

    pub fn after_a_look(mut self) -> Self {
        match self.look() {
            Ok(()) => self.last_complaint = None,
            Err(error) => self.complain(error.to_string()),
        }
        self.warn_of_end();
        self
    }

    fn look(&mut self) -> Result<(), TlsError> {
        let shown_now = self.tls.0.in_force.0.load_full();
        let seen = Contents::read(&self.tls.0.files)?;
        if seen == shown_now.contents {
            self.last_seen = None;
            return Ok(());
        }
        let is_still_written = self.last_seen.as_ref() != Some(&seen);
        self.last_seen = Some(seen);
        if is_still_written {
            return Ok(());
        }
        let Some(seen) = self.last_seen.clone() else { return Ok(()) };
        let pair = Pair::of(seen, &self.tls.0.files, &self.tls.0.provider, self.tls.0.clock.now())?;
        tracing::info!(until = shown(pair.expires_at), "a renewed certificate is in force");
        self.tls.0.in_force.0.store(Arc::new(pair));
        Ok(())
    }

    /// Each complaint once, not every two seconds.
    fn complain(&mut self, complaint: String) {
        if self.last_complaint.as_ref() != Some(&complaint) {
            tracing::warn!("the certificate shown before stays in force: {complaint}");
            self.last_complaint = Some(complaint);
        }
    }

    fn warn_of_end(&mut self) {
        let (end, now) = (self.tls.expires_at(), self.tls.0.clock.now());
        if now + SOON > end && self.warned_of != Some(end) {
            let file = self.tls.0.files.certificate.display();
            tracing::warn!("the certificate in {file} is good until {} only: renew it", shown(end));
            self.warned_of = Some(end);
        }
    }
}
