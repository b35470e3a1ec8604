use auth_protocol::jws::Algorithm;

use super::rotation::{earliest, next};
use super::{Key, RotationPolicy, Standing, in_order, signing_at, standing};
use crate::time::{Span, Timestamp};

/// What an operator's wish for another key comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rotation {
    Make {
        activates_at: Timestamp,
    },
    /// One is published already: it signs sooner than it would have.
    BringForward {
        key_id: String,
        activates_at: Timestamp,
    },
    /// One is published already, and signs no later than was asked for.
    Waiting {
        key_id: String,
        activates_at: Timestamp,
    },
}

pub fn rotate(keys: &[Key], algorithm: Algorithm, publish_ahead: Span, now: Timestamp) -> Rotation {
    let ordered = in_order(keys, algorithm);
    let Some(signing) = signing_at(&ordered, now, |key| key.activates_at) else {
        return Rotation::Make { activates_at: now };
    };
    let activates_at = earliest(signing, publish_ahead, now);
    match next(&ordered, signing, now) {
        None => Rotation::Make { activates_at },
        Some(next) if next.activates_at > activates_at => {
            Rotation::BringForward { key_id: next.key_id.clone(), activates_at }
        }
        Some(next) => Rotation::Waiting { key_id: next.key_id.clone(), activates_at: next.activates_at },
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetireRefusal {
    #[error("there is no such key")]
    Unknown,
    #[error("it is retired already")]
    Retired,
    #[error("it is the only key that signs {0}: make another first")]
    OnlyOne(&'static str),
    #[error("tokens are signed with it")]
    Signing,
    #[error("tokens that it signed are still in use")]
    Retiring { until: Timestamp },
}

/// The keys that are to be erased so that this one is gone: itself, and those that would come back into the key set when
/// it goes. `at_once` takes that tokens which it signed are not believed any more.
pub fn retire(
    keys: &[Key],
    key_id: &str,
    at_once: bool,
    policy: &RotationPolicy,
    now: Timestamp,
) -> Result<Vec<String>, RetireRefusal> {
    let key = keys.iter().find(|key| key.key_id == key_id).ok_or(RetireRefusal::Unknown)?;
    if key.retired_at.is_some() {
        return Err(RetireRefusal::Retired);
    }
    let standing_of = |key: &Key| standing(keys, key, policy, now);
    let of_algorithm = in_order(keys, key.algorithm);
    let others = of_algorithm.iter().filter(|other| other.key_id != key_id);
    match standing_of(key) {
        Standing::Next | Standing::Retired => {}
        _ if !others.clone().any(|other| standing_of(other).is_published()) => {
            return Err(RetireRefusal::OnlyOne(key.algorithm.name()));
        }
        Standing::Signing if !at_once => return Err(RetireRefusal::Signing),
        Standing::Retiring { until } if !at_once => return Err(RetireRefusal::Retiring { until }),
        Standing::Signing | Standing::Retiring { .. } => {}
    }
    let over = others.filter(|other| standing_of(other) == Standing::Retired);
    Ok(std::iter::once(key_id.to_owned()).chain(over.map(|other| other.key_id.clone())).collect())
}
