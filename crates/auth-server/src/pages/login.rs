//! The sign-in form.

use askama::Template;

use super::{Locale, document};

/// Asks for user name and password and posts them to `action` with `username`, `password`, `request` and `_csrf`.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "login.html")]
pub struct LoginPage<'a> {
    pub locale: Locale,
    pub shop_name: &'a str,
    /// Where the form goes, a path of this origin.
    pub action: &'a str,
    /// The sealed authorization request under way.
    pub request: &'a str,
    pub csrf: &'a str,
    /// What stands in the field already: from `login_hint`, or as it was typed before a failure. May be empty.
    pub username: &'a str,
    pub error: Option<LoginError>,
    pub note: Option<LoginNote>,
    /// Back to the client without signing in.
    pub cancel_url: Option<&'a str>,
    /// The path that assets are served at.
    pub assets: &'a str,
}

/// Why the sign-in before did not succeed. None of the texts depends on whether the account exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginError {
    WrongCredentials,
    /// Too many failures for this user name, known or not.
    Locked,
    /// Too many requests from this place.
    TooManyRequests,
    /// The form lay open too long; the page holds a fresh one.
    Expired,
    /// The browser did not send the cookie that the form was bound to.
    CookiesNeeded,
    /// The server cannot answer right now.
    Unavailable,
}

/// Why someone who may well be signed in sees the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginNote {
    /// The client asked for a fresh sign-in (`prompt=login`, `max_age`).
    SignInAgain,
}

impl LoginPage<'_> {
    pub fn render(&self) -> String {
        document(self)
    }

    fn title(&self) -> String {
        let title = self.locale.title(&self.locale.text("login-heading"), self.shop_name);
        if self.error.is_some() { self.locale.error_title(&title) } else { title }
    }

    /// What describes both fields to assistive technology: the error first, it is why the form is here again.
    fn described_by(&self) -> Option<&'static str> {
        match (self.error, self.note) {
            (Some(_), Some(_)) => Some("login-error login-note"),
            (Some(_), None) => Some("login-error"),
            (None, Some(_)) => Some("login-note"),
            (None, None) => None,
        }
    }

    /// Only then is something wrong with what was typed.
    fn fields_are_wrong(&self) -> bool {
        self.error == Some(LoginError::WrongCredentials)
    }
}

impl LoginError {
    fn text_id(self) -> &'static str {
        match self {
            Self::WrongCredentials => "login-error-wrong-credentials",
            Self::Locked => "login-error-locked",
            Self::TooManyRequests => "login-error-too-many-requests",
            Self::Expired => "login-error-expired",
            Self::CookiesNeeded => "login-error-cookies-needed",
            Self::Unavailable => "login-error-unavailable",
        }
    }
}

impl LoginNote {
    fn text_id(self) -> &'static str {
        match self {
            Self::SignInAgain => "login-note-sign-in-again",
        }
    }
}
