//! Which request the running code works for.
//!
//! An entrance names the request once, around all that is done for it ([`within`]); whoever writes a log line asks
//! ([`with_id`]). Nothing is handed down, and where nothing is logged it costs a copy of a few bytes when the task is
//! polled. What leaves the task (another thread, a task of its own) takes the name along with [`current`].

use std::future::Future;

use tokio::task::futures::TaskLocalFuture;

/// Bytes of a name; a longer one is cut.
pub const LONGEST: usize = 64;

tokio::task_local! {
    static CURRENT: Option<RequestName>;
}

/// The id of a request as it was given, in place: naming a request takes no memory.
#[derive(Clone, Copy)]
pub struct RequestName {
    bytes: [u8; LONGEST],
    length: u8,
}

impl RequestName {
    pub fn new(id: &str) -> Self {
        let end = id.floor_char_boundary(LONGEST);
        let mut bytes = [0; LONGEST];
        bytes[..end].copy_from_slice(&id.as_bytes()[..end]);
        Self { bytes, length: end as u8 }
    }

    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// The future, done for this request.
pub fn within<F: Future>(id: &str, future: F) -> TaskLocalFuture<Option<RequestName>, F> {
    CURRENT.scope(Some(RequestName::new(id)), future)
}

/// The request that the running code works for.
pub fn current() -> Option<RequestName> {
    CURRENT.try_with(|name| *name).ok().flatten()
}

/// Does `work` for a request that was [`current`] elsewhere.
pub fn on_behalf_of<R>(name: Option<RequestName>, work: impl FnOnce() -> R) -> R {
    CURRENT.sync_scope(name, work)
}

#[cfg(test)]
mod tests {
    use futures::executor::block_on;

    use super::*;

    fn named() -> Option<String> {
        current().map(|name| name.as_str().to_owned())
    }

    #[test]
    fn each_request_finds_its_own_name_and_takes_it_to_other_threads() {
        assert_eq!(named(), None);
        let done = within("outer", async {
            let inner = within("inner", async { named() }).await;
            let carried = current();
            let elsewhere = std::thread::spawn(move || on_behalf_of(carried, named)).join().unwrap();
            (inner, elsewhere, named())
        });
        let outer = Some("outer".to_owned());
        assert_eq!(block_on(done), (Some("inner".to_owned()), outer.clone(), outer));
        assert_eq!(named(), None);
    }

    #[test]
    fn a_name_that_is_too_long_is_cut_between_characters() {
        assert_eq!(RequestName::new(&"a".repeat(70)).as_str(), "a".repeat(64));
        assert_eq!(RequestName::new(&format!("{}é", "a".repeat(63))).as_str(), "a".repeat(63));
        assert_eq!(RequestName::new("").as_str(), "");
    }
}
