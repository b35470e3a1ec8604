//! The question before a sign-out that no ID token vouches for: another site may have sent the browser here.

use askama::Template;

use super::{Locale, document};

/// Asks "Sign out?" and posts `request` and `_csrf` to `action`.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "logout.html")]
pub struct LogoutPage<'a> {
    pub locale: Locale,
    pub shop_name: &'a str,
    /// Where the form goes, a path of this origin.
    pub action: &'a str,
    /// The sealed end-session request under way.
    pub request: &'a str,
    pub csrf: &'a str,
    /// The user name of the session that would end.
    pub signed_in_as: Option<&'a str>,
    /// Back without signing out.
    pub cancel_url: Option<&'a str>,
    /// The path that assets are served at.
    pub assets: &'a str,
}

impl LogoutPage<'_> {
    pub fn render(&self) -> String {
        document(self)
    }

    fn title(&self) -> String {
        self.locale.title(&self.locale.text("logout-heading"), self.shop_name)
    }
}
