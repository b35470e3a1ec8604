//! The page for everything that went wrong and must not, or cannot, be told to the client by redirect.

use askama::Template;

use super::{Locale, document};

#[derive(Debug, Clone, Copy, Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    pub locale: Locale,
    /// Unknown when the request did not even name a server.
    pub shop_name: Option<&'a str>,
    pub kind: ErrorKind<'a>,
    /// By which the log knows this answer.
    pub request_id: &'a str,
    /// Where to go on; never taken from a request that is itself the mistake.
    pub back_url: Option<&'a str>,
    /// The path that assets are served at.
    pub assets: &'a str,
}

/// Each kind has one stable heading, one sentence on what happened and one on what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind<'a> {
    UnknownClient,
    UnregisteredRedirectUri,
    BadRequest {
        /// For the developer who made the link, in the words of the protocol; may be empty.
        detail: &'a str,
    },
    RequestExpired,
    OtherBrowser,
    CookiesNeeded,
    BodyTooLarge,
    UnsupportedMediaType,
    NotFound,
    MethodNotAllowed,
    TooManyRequests,
    Unavailable,
    Internal,
}

impl ErrorPage<'_> {
    pub fn render(&self) -> String {
        document(self)
    }

    fn heading(&self) -> String {
        self.locale.text(self.kind.text_id())
    }

    fn what_happened(&self) -> String {
        self.locale.text(&format!("{}.happened", self.kind.text_id()))
    }

    fn what_to_do(&self) -> String {
        self.locale.text(&format!("{}.advice", self.kind.text_id()))
    }

    fn title(&self) -> String {
        let heading = self.heading();
        self.locale.error_title(&self.shop_name.map_or(heading.clone(), |shop| self.locale.title(&heading, shop)))
    }
}

impl<'a> ErrorKind<'a> {
    /// As it is known in logs: `unknown_client`.
    pub(crate) fn code(self) -> String {
        self.text_id().trim_start_matches("error-").replace('-', "_")
    }

    fn text_id(self) -> &'static str {
        match self {
            Self::UnknownClient => "error-unknown-client",
            Self::UnregisteredRedirectUri => "error-unregistered-redirect-uri",
            Self::BadRequest { .. } => "error-bad-request",
            Self::RequestExpired => "error-request-expired",
            Self::OtherBrowser => "error-other-browser",
            Self::CookiesNeeded => "error-cookies-needed",
            Self::BodyTooLarge => "error-body-too-large",
            Self::UnsupportedMediaType => "error-unsupported-media-type",
            Self::NotFound => "error-not-found",
            Self::MethodNotAllowed => "error-method-not-allowed",
            Self::TooManyRequests => "error-too-many-requests",
            Self::Unavailable => "error-unavailable",
            Self::Internal => "error-internal",
        }
    }

    pub(crate) fn detail(self) -> Option<&'a str> {
        match self {
            Self::BadRequest { detail } => Some(detail).filter(|detail| !detail.is_empty()),
            _ => None,
        }
    }
}
