use std::collections::BTreeMap;

use auth_protocol::jws::Algorithm;
use proptest::prelude::*;

use super::*;
use crate::server::{KeyRotation, ServerSettings};

const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
const DAY: i64 = 24 * 60;
/// What two nodes' clocks differ by, at most.
const SKEW: i64 = 25;
const OFFSETS: [i64; 3] = [-SKEW, 0, SKEW];

fn policy(rotation_days: u32, publish_hours: u32) -> RotationPolicy {
    RotationPolicy::of(&ServerSettings {
        keys: KeyRotation { rotation_days, publish_hours },
        ..ServerSettings::default()
    })
}

fn minutes(minutes: i64) -> Span {
    Span::minutes(minutes)
}

/// The rows, the time that it really is, and what was signed when.
struct World {
    policy: RotationPolicy,
    now: Timestamp,
    keys: Vec<Key>,
    made_at: Vec<Timestamp>,
    /// When each key signed last.
    signed: BTreeMap<String, Timestamp>,
    /// Retired in an emergency: what it signed is over.
    gone_early: Vec<String>,
}

impl World {
    fn new(policy: RotationPolicy) -> Self {
        let mut world =
            World { policy, now: START, keys: vec![], made_at: vec![], signed: BTreeMap::new(), gone_early: vec![] };
        world.add(START, START);
        world
    }

    fn add(&mut self, created_at: Timestamp, activates_at: Timestamp) {
        let key_id = format!("key {}", self.keys.len());
        self.keys.push(Key { key_id, algorithm: Algorithm::Es256, created_at, activates_at, retired_at: None });
        self.made_at.push(self.now);
    }

    fn key(&mut self, key_id: &str) -> &mut Key {
        self.keys.iter_mut().find(|key| key.key_id == key_id).unwrap()
    }

    /// A node whose clock says so does what is due.
    fn tick(&mut self, clock: Timestamp) {
        for due in due(&self.keys, &self.policy, clock) {
            match due {
                Due::Make { activates_at, .. } => self.add(clock, activates_at),
                Due::Erase { key_id } => self.key(&key_id).retired_at = Some(clock),
            }
        }
    }

    fn rotate(&mut self, publish_ahead: Span, clock: Timestamp) {
        match rotate(&self.keys, Algorithm::Es256, publish_ahead, clock) {
            Rotation::Make { activates_at } => self.add(clock, activates_at),
            Rotation::BringForward { key_id, activates_at } => self.key(&key_id).activates_at = activates_at,
            Rotation::Waiting { .. } => {}
        }
    }

    fn retire(&mut self, key_id: &str, at_once: bool, clock: Timestamp) -> Result<(), RetireRefusal> {
        for over in retire(&self.keys, key_id, at_once, &self.policy, clock)? {
            self.key(&over).retired_at = Some(clock);
        }
        Ok(())
    }

    fn with(&self, standing: Standing, clock: Timestamp) -> Vec<String> {
        let standings = standings(&self.keys, &self.policy, clock);
        let found = self.keys.iter().zip(standings).filter(|(_, known)| *known == standing);
        found.map(|(key, _)| key.key_id.clone()).collect()
    }

    fn is_published(&self, key_id: &str, clock: Timestamp) -> bool {
        let place = self.keys.iter().position(|key| key.key_id == key_id).unwrap();
        standings(&self.keys, &self.policy, clock)[place].is_published()
    }

    /// Every node signs, and every node's key set has what any of them signed in the last day.
    fn look(&mut self) {
        for offset in OFFSETS {
            let clock = self.now + minutes(offset);
            let signing = self.with(Standing::Signing, clock);
            assert_eq!(signing.len(), 1, "{signing:?} sign at {clock:?} in {:?}", self.keys);
            self.signed.insert(signing[0].clone(), self.now);
        }
        let lifetime = Span::seconds(LONGEST_TOKEN_SECONDS.into());
        let (now, gone) = (self.now, self.gone_early.clone());
        self.signed.retain(|key_id, at| *at + lifetime > now && !gone.contains(key_id));
        for (key_id, at) in &self.signed {
            for offset in OFFSETS {
                let clock = self.now + minutes(offset);
                assert!(self.is_published(key_id, clock), "{key_id} signed at {at:?}, gone at {clock:?}");
            }
        }
    }

    /// Nobody who keeps a key set for less than the time ahead misses the key that signs now.
    fn signs_what_was_published(&self, publish_ahead: Span) {
        for offset in OFFSETS {
            let signing = self.with(Standing::Signing, self.now + minutes(offset)).remove(0);
            let place = self.keys.iter().position(|key| key.key_id == signing).unwrap();
            let published_for = self.now.since(self.made_at[place]);
            let is_first = place == 0;
            assert!(
                is_first || published_for >= Span(publish_ahead.0 - minutes(2 * SKEW).0),
                "{signing}: {published_for:?}"
            );
        }
    }

    fn pass(&mut self, time: Span) {
        self.now = self.now + time;
    }
}

#[derive(Debug, Clone)]
enum Happening {
    Tick { offset: i64 },
    Rotate { offset: i64, hours_longer: u8 },
    Retire { offset: i64, which: usize, at_once: bool },
}

fn happenings() -> impl Strategy<Value = Vec<(i64, Happening)>> {
    let offset = -SKEW..=SKEW;
    let one = prop_oneof![
        6 => offset.clone().prop_map(|offset| Happening::Tick { offset }),
        1 => (offset.clone(), 0..72_u8).prop_map(|(offset, hours_longer)| Happening::Rotate { offset, hours_longer }),
        1 => (offset, 0..4_usize, proptest::bool::weighted(0.1))
            .prop_map(|(offset, which, at_once)| Happening::Retire { offset, which, at_once }),
    ];
    proptest::collection::vec((1..2 * DAY, one), 1..50)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// Whatever operators ask for and whichever node does what is due, late or not: one key signs, it was published long
    /// enough, and stays published for as long as what it signed.
    #[test]
    fn no_verifier_sees_a_gap(rotation_days in 0..10_u32, publish_hours in 2..72_u32, story in happenings()) {
        let policy = policy(rotation_days, publish_hours);
        let mut world = World::new(policy);
        let mut hurried = false;
        for (passed, happening) in story {
            // Often enough to see what comes and goes in between.
            for _ in 0..passed / 360 {
                world.pass(minutes(360));
                world.look();
            }
            world.pass(minutes(passed % 360));
            match happening {
                Happening::Tick { offset } => world.tick(world.now + minutes(offset)),
                Happening::Rotate { offset, hours_longer } => {
                    let ahead = policy.publish_ahead + minutes(i64::from(hours_longer) * 60);
                    world.rotate(ahead, world.now + minutes(offset));
                }
                Happening::Retire { offset, which, at_once } => {
                    let key_id = world.keys[which % world.keys.len()].key_id.clone();
                    if world.retire(&key_id, at_once, world.now + minutes(offset)).is_ok() && at_once {
                        // What is retired in an emergency is over, and its successor may have to sign sooner.
                        prop_assert!(!world.is_published(&key_id, world.now));
                        world.gone_early.push(key_id);
                        hurried = true;
                    }
                }
            }
            world.look();
            if !hurried {
                world.signs_what_was_published(policy.publish_ahead);
            }
        }
    }

    /// A clock goes ahead by less than a week, or back by less than a key is published ahead, does what is due by it, and
    /// comes right again: nothing is missing.
    #[test]
    fn a_clock_that_steps_does_no_harm(
        rotation_days in 1..10_u32,
        steps in proptest::collection::vec((1..DAY, -DAY / 2..6 * DAY), 1..60),
    ) {
        let policy = policy(rotation_days, 24);
        let mut world = World::new(policy);
        for (passed, step) in steps {
            world.pass(minutes(passed));
            world.look();
            world.tick(world.now + minutes(step));
            world.look();
            world.signs_what_was_published(minutes(DAY / 2));
        }
    }
}

#[test]
fn over_a_year_a_key_signs_for_its_days_and_is_erased_afterwards() {
    let policy = policy(90, 24);
    let mut world = World::new(policy);
    for _ in 0..400 * 24 {
        world.pass(minutes(60));
        world.tick(world.now);
        world.look();
        world.signs_what_was_published(policy.publish_ahead);
        let signing = world.with(Standing::Signing, world.now).remove(0);
        let age = world.now.since(world.key(&signing).activates_at);
        assert!(age < minutes(90 * DAY + 60), "{age:?}");
        let published = world.keys.iter().filter(|key| world.is_published(&key.key_id, world.now)).count();
        assert!(published <= 2, "{published} keys");
    }
    assert_eq!(world.keys.len(), 5);
    assert_eq!(world.keys.iter().filter(|key| key.retired_at.is_some()).count(), 4);
}

/// An operator sets the clock right again; the key that was made ahead of time is not waited for.
#[test]
fn a_clock_that_was_a_year_ahead_stops_no_rotation() {
    let policy = policy(90, 24);
    let mut world = World::new(policy);
    world.tick(START + minutes(365 * DAY));
    assert_eq!(world.with(Standing::Next, START), ["key 1"]);
    world.pass(minutes(89 * DAY + 1));
    world.tick(world.now);
    world.pass(minutes(DAY));
    assert_eq!(world.with(Standing::Signing, world.now), ["key 2"]);
    world.look();
}

#[test]
fn another_key_is_published_first_and_one_that_waits_is_brought_forward() {
    let mut world = World::new(policy(90, 24));
    world.rotate(minutes(DAY), START);
    assert_eq!(world.with(Standing::Next, START), ["key 1"]);
    world.rotate(minutes(DAY), START + minutes(1));
    assert_eq!(world.keys.len(), 2, "whoever asks twice gets one");
    let sooner = START + minutes(10);
    assert_eq!(
        rotate(&world.keys, Algorithm::Es256, minutes(10), START),
        Rotation::BringForward { key_id: "key 1".into(), activates_at: sooner }
    );
    world.rotate(minutes(10), START);
    assert_eq!(world.with(Standing::Signing, just_before(sooner)), ["key 0"]);
    assert_eq!(world.with(Standing::Signing, sooner), ["key 1"]);
    let until = sooner + world.policy.keep;
    assert_eq!(world.with(Standing::Retiring { until }, just_before(until)), ["key 0"]);
    assert_eq!(world.with(Standing::Retired, until), ["key 0"]);
    assert_eq!(next_retirement(&world.keys, &world.policy, sooner), Some(until));
    assert_eq!(next_retirement(&world.keys, &world.policy, until), None);
}

fn just_before(at: Timestamp) -> Timestamp {
    at - Span(1)
}

#[test]
fn a_leaked_key_goes_at_once_when_another_can_sign() {
    let mut world = World::new(policy(90, 24));
    assert_eq!(world.retire("key 0", true, START), Err(RetireRefusal::OnlyOne("ES256")));
    world.rotate(minutes(DAY), START);
    assert_eq!(world.retire("key 0", false, START), Err(RetireRefusal::Signing));
    assert_eq!(world.retire("key 9", true, START), Err(RetireRefusal::Unknown));
    world.retire("key 0", true, START).unwrap();
    assert_eq!(world.with(Standing::Signing, START), ["key 1"], "before its time: there is no other");
    assert_eq!(world.retire("key 0", true, START), Err(RetireRefusal::Retired));
    assert_eq!(world.retire("key 1", true, START), Err(RetireRefusal::OnlyOne("ES256")));
    // Its successor comes behind it, though it is not active itself.
    world.rotate(minutes(0), START);
    assert_eq!(world.with(Standing::Signing, START), ["key 1"]);
    assert_eq!(world.with(Standing::Next, START), ["key 2"]);
}

/// Its predecessor is known to everybody still, and signs until the next one may.
#[test]
fn when_a_leaked_key_goes_what_is_over_does_not_come_back() {
    let mut world = World::new(policy(90, 24));
    for at in [10, 20] {
        world.now = START + minutes(at * DAY);
        world.rotate(minutes(DAY), world.now);
        world.pass(minutes(DAY));
    }
    world.pass(minutes(60));
    let RotationPolicy { keep, .. } = world.policy;
    assert_eq!(world.with(Standing::Retiring { until: START + minutes(21 * DAY) + keep }, world.now), ["key 1"]);
    assert_eq!(world.with(Standing::Retired, world.now), ["key 0"]);
    world.retire("key 2", true, world.now).unwrap();
    assert_eq!(world.with(Standing::Signing, world.now), ["key 1"]);
    assert_eq!(world.with(Standing::Retired, world.now), ["key 0", "key 2"]);
}

#[test]
fn algorithms_rotate_apart() {
    let mut world = World::new(policy(90, 24));
    world.keys.push(Key {
        key_id: "rsa".into(),
        algorithm: Algorithm::Rs256,
        activates_at: START + minutes(30 * DAY),
        created_at: START,
        retired_at: None,
    });
    let made = |at: i64, keys: &[Key]| due(keys, &policy(90, 24), START + minutes(at * DAY));
    assert_eq!(made(88, &world.keys), []);
    let activates_at = START + minutes(90 * DAY);
    assert_eq!(made(89, &world.keys), [Due::Make { algorithm: Algorithm::Es256, activates_at }]);
    assert_eq!(made(120, &world.keys).len(), 2);
    assert_eq!(due(&world.keys, &policy(0, 24), START + minutes(9999 * DAY)), [], "by hand alone");
    assert_eq!(rotate(&world.keys, Algorithm::EdDsa, minutes(60), START), Rotation::Make { activates_at: START });
}

#[test]
fn a_key_is_kept_for_the_longest_token_and_the_longest_session() {
    let mut settings = ServerSettings::default();
    settings.lifetimes.access_token_seconds = 60;
    let day = Span::seconds(LONGEST_TOKEN_SECONDS.into());
    assert_eq!(RotationPolicy::of(&settings).keep, day + MARGIN, "a longer one may have been issued before");
    settings.lifetimes.session_seconds = 3 * LONGEST_TOKEN_SECONDS;
    assert_eq!(RotationPolicy::of(&settings).keep, day + day + day + MARGIN);
}
