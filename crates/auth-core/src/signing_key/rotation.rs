use auth_protocol::jws::Algorithm;

use super::{ERASED_AFTER, Key, LONGEST_TOKEN_SECONDS, MARGIN, Standing, in_order, signing_at, standing};
use crate::server::ServerSettings;
use crate::time::{Span, Timestamp};

/// What a server's settings mean for its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationPolicy {
    /// How long a key signs before its successor does; none: until an operator rotates.
    pub rotate_after: Option<Span>,
    /// How long a key is published before it signs.
    pub publish_ahead: Span,
    /// How long a key is published after another signs.
    pub keep: Span,
}

impl RotationPolicy {
    /// Kept for the longest token there can be, not for those of today: a lifetime may have been shortened since. And for
    /// the longest session: an ID token is the hint of its sign-out long after it expired.
    pub fn of(settings: &ServerSettings) -> Self {
        let days = i64::from(settings.keys.rotation_days);
        let needed = LONGEST_TOKEN_SECONDS.max(settings.lifetimes.session_seconds);
        Self {
            rotate_after: (days > 0).then(|| Span::minutes(days * 24 * 60)),
            publish_ahead: Span::minutes(i64::from(settings.keys.publish_hours) * 60),
            keep: Span::seconds(needed.into()) + MARGIN,
        }
    }
}

/// What is to be done without anybody asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Due {
    /// A new key of this algorithm.
    Make { algorithm: Algorithm, activates_at: Timestamp },
    /// The private half of a key that nobody needs any more.
    Erase { key_id: String },
}

/// Algorithms that have a key keep having one; a first one is made when it is needed.
pub fn due(keys: &[Key], policy: &RotationPolicy, now: Timestamp) -> Vec<Due> {
    let made = [Algorithm::Es256, Algorithm::Rs256, Algorithm::EdDsa].into_iter().filter_map(|algorithm| {
        Some(Due::Make { algorithm, activates_at: successor_due(keys, algorithm, policy, now)? })
    });
    let erased = keys.iter().filter(|key| is_erasable(keys, key, policy, now));
    made.chain(erased.map(|key| Due::Erase { key_id: key.key_id.clone() })).collect()
}

fn successor_due(keys: &[Key], algorithm: Algorithm, policy: &RotationPolicy, now: Timestamp) -> Option<Timestamp> {
    let rotate_after = policy.rotate_after?;
    let ordered = in_order(keys, algorithm);
    let signing = *signing_at(&ordered, now, |key| key.activates_at)?;
    let ends_at = signing.activates_at + rotate_after;
    let is_due = now >= ends_at - policy.publish_ahead && next(&ordered, signing, now).is_none();
    is_due.then(|| ends_at.max(earliest(signing, policy.publish_ahead, now)))
}

/// The key that will follow. One that a clock far ahead of ours made is none: it would keep us waiting for its time.
pub(super) fn next<'k>(ordered: &[&'k Key], signing: &Key, now: Timestamp) -> Option<&'k Key> {
    let behind = ordered.iter().skip_while(|key| key.key_id != signing.key_id).skip(1);
    behind.copied().find(|key| key.created_at <= now + MARGIN)
}

/// When a successor may sign: published for long enough, and behind the key that signs now, which may not be active yet
/// itself (rule 2). Before it, the new one would sign at once.
pub(super) fn earliest(signing: &Key, publish_ahead: Span, now: Timestamp) -> Timestamp {
    (now + publish_ahead).max(signing.activates_at + Span(1))
}

fn is_erasable(keys: &[Key], key: &Key, policy: &RotationPolicy, now: Timestamp) -> bool {
    let a_week_ago = now - ERASED_AFTER;
    key.retired_at.is_none()
        && standing(keys, key, policy, now) == Standing::Retired
        && standing(keys, key, policy, a_week_ago) == Standing::Retired
}
