//! Pages that the contract names and this server does not have; the answer is a 404 that says so.

use askama::Template;

use super::{Locale, document};

#[derive(Debug, Clone, Copy, Template)]
#[template(path = "not_offered.html")]
pub struct NotOfferedPage<'a> {
    pub locale: Locale,
    pub shop_name: Option<&'a str>,
    pub what: HostedPage,
    pub request_id: &'a str,
    pub back_url: Option<&'a str>,
    /// The path that assets are served at.
    pub assets: &'a str,
}

/// The hosted pages beyond sign-in and sign-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostedPage {
    Register,
    PasswordForgot,
    PasswordReset,
    PasswordChange,
    EmailVerify,
    AccountSessions,
    AccountEmail,
    AccountConsents,
    RememberMeContinuation,
}

impl NotOfferedPage<'_> {
    pub fn render(&self) -> String {
        document(self)
    }

    fn heading(&self) -> String {
        self.locale.text(self.what.text_id())
    }

    fn title(&self) -> String {
        let heading = self.heading();
        self.locale.error_title(&self.shop_name.map_or(heading.clone(), |shop| self.locale.title(&heading, shop)))
    }
}

impl HostedPage {
    fn text_id(self) -> &'static str {
        match self {
            Self::Register => "not-offered-register",
            Self::PasswordForgot => "not-offered-password-forgot",
            Self::PasswordReset => "not-offered-password-reset",
            Self::PasswordChange => "not-offered-password-change",
            Self::EmailVerify => "not-offered-email-verify",
            Self::AccountSessions => "not-offered-account-sessions",
            Self::AccountEmail => "not-offered-account-email",
            Self::AccountConsents => "not-offered-account-consents",
            Self::RememberMeContinuation => "not-offered-remember-me-continuation",
        }
    }
}
