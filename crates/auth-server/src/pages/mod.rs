//! The pages that the authorization server shows to people: sign-in, sign-out and errors.
//!
//! A page is a struct with all that it says; `render` makes the whole HTML document of it. Pages know nothing of requests,
//! status codes or storage. What holds for every one of them:
//!
//! 1. No inline script or style, nothing from elsewhere, and nothing that needs a script: one page has one, which presses
//!    its button ([`FormPostPage`]). The others work under
//!    `default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'` and a `form-action`.
//! 2. Each sentence is a Fluent message in `locales/<language>/`; a new language is a new folder there.
//! 3. Whatever comes from outside is escaped by the template. Text that people read loses its invisible controls besides
//!    ([`visible`]), and an address becomes a link only when it is safe to follow ([`link`]).
//! 4. A page with its style sheet and pictures stays under 50 kB.

pub mod assets;
mod error;
mod form_post;
mod link;
mod locale;
mod login;
mod logout;
mod not_offered;
mod signed_out;
mod visible;

#[cfg(test)]
mod tests;

use link::followable;
use visible::visible;

pub use error::{ErrorKind, ErrorPage};
pub use form_post::FormPostPage;
pub use locale::Locale;
pub use login::{LoginError, LoginNote, LoginPage};
pub use logout::LogoutPage;
pub use not_offered::{HostedPage, NotOfferedPage};
pub use signed_out::SignedOutPage;

/// Makes the document of a page's template.
#[expect(clippy::expect_used, reason = "a String takes every write, and no filter in the templates returns an error")]
fn document(template: &impl askama::Template) -> String {
    template.render().expect("the templates of the pages cannot fail")
}
