//! The page that posts the answer of an authorization to the client (Form Post Response Mode §2).

use askama::Template;

use super::{Locale, document};

/// Its script submits the form at once; without JavaScript there is a button.
#[derive(Debug, Clone, Copy, Template)]
#[template(path = "form_post.html")]
pub struct FormPostPage<'a> {
    pub locale: Locale,
    pub shop_name: &'a str,
    /// The client's redirect URI.
    pub action: &'a str,
    /// Names and values of the answer.
    pub fields: &'a [(&'a str, &'a str)],
    /// The path that assets are served at.
    pub assets: &'a str,
}

impl FormPostPage<'_> {
    pub fn render(&self) -> String {
        document(self)
    }

    fn title(&self) -> String {
        self.locale.title(&self.locale.text("form-post-heading"), self.shop_name)
    }
}
