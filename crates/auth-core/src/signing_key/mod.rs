//! Signing keys of a server and which of them signs. Everything follows from the times in the rows, so that all nodes
//! agree at any moment, whoever wrote them.
//!
//! 1. A key is published from the moment it is made, and signs from `activates_at` on.
//! 2. Of an algorithm's keys the one that became active last signs. When none is active yet, as after a clock was set
//!    back or the others were retired, the one that will be first signs: something always does.
//! 3. A key stays published until all that it signed is over ([`RotationPolicy::keep`]), counted from its successor's
//!    `activates_at`: it is retired then.
//! 4. A retired key's private half is erased a week later, and its row stays: no key id comes twice.

mod operator;
mod rotation;
#[cfg(test)]
mod tests;

pub use operator::{RetireRefusal, Rotation, retire, rotate};
pub use rotation::{Due, RotationPolicy, due};

use auth_protocol::jws::Algorithm;

use crate::time::{Span, Timestamp};

/// No token lives longer, whatever is configured.
pub const LONGEST_TOKEN_SECONDS: u32 = 24 * 60 * 60;
/// What nodes' clocks and what they cached may differ by.
const MARGIN: Span = Span::minutes(60);
/// How long a retired key is kept from being erased: a clock that went ahead retires keys that others still need.
const ERASED_AFTER: Span = Span::minutes(7 * 24 * 60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub key_id: String,
    pub algorithm: Algorithm,
    pub created_at: Timestamp,
    pub activates_at: Timestamp,
    /// For good: its private half is erased.
    pub retired_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Published, and signs later.
    Next,
    Signing,
    /// Published for what it signed before.
    Retiring {
        until: Timestamp,
    },
    Retired,
}

impl Standing {
    pub fn is_published(self) -> bool {
        self != Standing::Retired
    }
}

/// Rule 2, for keys of one algorithm in the order of their `activates_at`.
pub fn signing_at<T>(ordered: &[T], now: Timestamp, activates_at: impl Fn(&T) -> Timestamp) -> Option<&T> {
    ordered.iter().rev().find(|key| activates_at(key) <= now).or_else(|| ordered.first())
}

/// The keys of an algorithm that may still be used, in the order in which they sign.
fn in_order(keys: &[Key], algorithm: Algorithm) -> Vec<&Key> {
    let mut ordered: Vec<&Key> =
        keys.iter().filter(|key| key.algorithm == algorithm && key.retired_at.is_none()).collect();
    ordered.sort_by_key(|key| (key.activates_at, key.created_at, &key.key_id));
    ordered
}

/// How each key stands now, in the order given.
pub fn standings(keys: &[Key], policy: &RotationPolicy, now: Timestamp) -> Vec<Standing> {
    keys.iter().map(|key| standing(keys, key, policy, now)).collect()
}

fn standing(keys: &[Key], key: &Key, policy: &RotationPolicy, now: Timestamp) -> Standing {
    let ordered = in_order(keys, key.algorithm);
    let place_of = |key_id: &str| ordered.iter().position(|other| other.key_id == key_id);
    let signing = signing_at(&ordered, now, |key| key.activates_at).and_then(|key| place_of(&key.key_id));
    let (Some(place), Some(signing)) = (place_of(&key.key_id), signing) else { return Standing::Retired };
    match ordered.get(place + 1) {
        _ if place == signing => Standing::Signing,
        Some(successor) if place < signing => {
            let until = successor.activates_at + policy.keep;
            if now < until { Standing::Retiring { until } } else { Standing::Retired }
        }
        _ => Standing::Next,
    }
}

/// When the first key that is published now will not be any more, as time goes by.
pub fn next_retirement(keys: &[Key], policy: &RotationPolicy, now: Timestamp) -> Option<Timestamp> {
    let ends = keys.iter().filter(|key| standing(keys, key, policy, now).is_published()).filter_map(|key| {
        let ordered = in_order(keys, key.algorithm);
        let place = ordered.iter().position(|other| other.key_id == key.key_id)?;
        Some(ordered.get(place + 1)?.activates_at + policy.keep)
    });
    ends.min()
}
