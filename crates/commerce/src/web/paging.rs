//! Pages of a list: `limit` says how long one may be, `cursor` where it begins.
//!
//! A cursor names the last thing that was looked at, and with a part of a SHA-256 the listing that it belongs to: who asked,
//! for what, by which query. With another listing, or changed in any way, it is refused. It needs no key: whoever computes
//! one of their own begins somewhere else within what they may see anyway.

#[cfg(test)]
mod tests;

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::web::answer::List;
use crate::web::failure::Failure;
use crate::web::parameters::Parameters;

/// Bytes of a cursor's tag.
const TAG: usize = 16;
/// Characters.
const LONGEST_CURSOR: usize = 1_024;

/// How many entries a page has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageSize {
    pub(crate) by_default: usize,
    pub(crate) most: usize,
}

/// What is listed: everything that makes the answer another one, so that a cursor fits one listing alone.
#[derive(Clone)]
pub(crate) struct Listing(Context);

impl Listing {
    pub(crate) fn new(name: &str) -> Self {
        Self(Context::new(&SHA256)).with(name.as_bytes())
    }

    pub(crate) fn with(mut self, part: &[u8]) -> Self {
        self.0.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(part);
        self
    }

    fn tag(&self, position: &[u8]) -> Vec<u8> {
        let digest = self.clone().with(position).0.finish();
        digest.as_ref()[..TAG].to_vec()
    }
}

/// The page that is asked for.
pub(crate) struct Paging {
    pub(crate) limit: usize,
    /// What [`Page::end`] said of the page before.
    pub(crate) after: Option<Vec<u8>>,
    listing: Listing,
}

/// What a store found for a page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) content: Vec<T>,
    /// The place of the last thing that was looked at, when there may be more.
    pub(crate) end: Option<Vec<u8>>,
}

impl Paging {
    pub(crate) fn read(parameters: &Parameters, size: PageSize, listing: Listing) -> Result<Self, Failure> {
        let limit = match parameters.single("limit")? {
            None => size.by_default,
            Some(text) => limit(text, size.most)?,
        };
        let after = parameters.single("cursor")?.map(|cursor| opened(&listing, cursor).ok_or(Failure::CursorInvalid));
        Ok(Self { limit, after: after.transpose()?, listing })
    }

    pub(crate) fn answer<T>(&self, page: Page<T>) -> List<T> {
        let cursor = page.end.map(|position| {
            let tag = self.listing.tag(&position);
            URL_SAFE_NO_PAD.encode([tag, position].concat())
        });
        List { content: page.content, cursor }
    }
}

fn limit(text: &str, most: usize) -> Result<usize, Failure> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|limit| is_plain && (1..=most).contains(limit)).ok_or_else(|| Failure::WrongParameter {
        name: "limit",
        detail: format!("The limit is a whole number from 1 to {most}."),
    })
}

/// The position, if this is a cursor of this listing.
fn opened(listing: &Listing, cursor: &str) -> Option<Vec<u8>> {
    let bytes = Some(cursor).filter(|cursor| cursor.len() <= LONGEST_CURSOR)?;
    let bytes = URL_SAFE_NO_PAD.decode(bytes).ok()?;
    let (tag, position) = bytes.split_at_checked(TAG)?;
    (listing.tag(position) == tag).then(|| position.to_vec())
}
