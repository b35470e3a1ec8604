//! Which item lists are to be answered, decided on values: the store reads a bounded stretch, this chooses from it.

#[cfg(test)]
mod tests;

use auth_protocol::id::ItemListId;

use crate::cart::item_list::ItemList;
use crate::cart::query::Query;

/// Lists that one request looks at. More than any owner may have, so a query always reaches the end; were it not so, a page
/// would end early, with a cursor.
pub(crate) const MOST_LOOKED_AT: i64 = 200;

#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// `None` means all.
    pub(crate) query: Option<Query>,
    pub(crate) limit: usize,
    pub(crate) after: Option<Position>,
}

/// A place in the order of lists: by name, then by id. The default is before all of them, since no name is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) name: String,
    pub(crate) id: ItemListId,
}

impl Default for Position {
    fn default() -> Self {
        Self { name: String::new(), id: ItemListId::from_bytes([0; 16]) }
    }
}

impl Position {
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (id, name) = bytes.split_first_chunk::<16>()?;
        Some(Self { name: std::str::from_utf8(name).ok()?.to_owned(), id: ItemListId::from_bytes(*id) })
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        [&self.id.bytes()[..], self.name.as_bytes()].concat()
    }

    pub(crate) fn of(list: &ItemList) -> Self {
        Self { name: list.name.clone(), id: list.id }
    }
}

impl Wanted {
    /// Of lists in their order, those of the page; and where the next page begins, when there may be one.
    pub(crate) fn of(&self, lists: Vec<ItemList>) -> (Vec<ItemList>, Option<Vec<u8>>) {
        let was_cut = i64::try_from(lists.len()).is_ok_and(|read| read >= MOST_LOOKED_AT);
        let last_read = lists.last().map(Position::of);
        let is_meant = |list: &ItemList| self.query.as_ref().is_none_or(|query| query.matches(list.id, &list.name));
        let mut meant = lists.into_iter().filter(is_meant);
        let page: Vec<ItemList> = meant.by_ref().take(self.limit).collect();
        let end = match meant.next() {
            Some(_) => page.last().map(Position::of),
            None => last_read.filter(|_| was_cut),
        };
        (page, end.map(|position| position.bytes()))
    }
}
