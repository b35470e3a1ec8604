//! What a sign-out ends with when there is no address to return to by redirect.

use askama::Template;

use super::{Locale, document};

#[derive(Debug, Clone, Copy, Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage<'a> {
    pub locale: Locale,
    pub shop_name: &'a str,
    pub return_url: Option<&'a str>,
    /// The path that assets are served at.
    pub assets: &'a str,
}

impl SignedOutPage<'_> {
    pub fn render(&self) -> String {
        document(self)
    }

    fn title(&self) -> String {
        self.locale.title(&self.locale.text("signed-out-heading"), self.shop_name)
    }
}
