//! What is injected, when and into which node: drawn from a seed, printed, and repeated by it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

const SEED: &str = "LINDEN_FAULT_SEED";

/// One injection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Round {
    /// How long people use the shop before.
    pub after: Duration,
    /// Which of the nodes that the fault may meet.
    pub node: usize,
    pub lasting: Duration,
}

pub struct Plan {
    fault: &'static str,
    pub rounds: Vec<Round>,
    began: Instant,
}

/// What a fault's rounds are drawn from.
pub struct Shape {
    pub rounds: usize,
    pub nodes: usize,
    pub after: RangeInclusive<u64>,
    pub lasting: RangeInclusive<u64>,
}

impl Plan {
    /// By the seed in the environment, or a new one.
    pub fn draw(fault: &'static str, shape: Shape) -> Self {
        let seed = match std::env::var(SEED) {
            Ok(seed) => seed.parse().unwrap_or_else(|_| panic!("{SEED} is a number, not {seed}")),
            Err(_) => u64::from(RandomState::new().build_hasher().finish() as u32),
        };
        let rounds = rounds(seed, fault, &shape);
        println!("{fault}: {SEED}={seed} repeats this plan");
        for round in &rounds {
            println!("{fault}: after {:?} node {} for {:?}", round.after, round.node, round.lasting);
        }
        Self { fault, rounds, began: Instant::now() }
    }

    /// Tells what is done now.
    pub fn inject(&self, what: &str) {
        println!("{}: at {:.2} s {what}", self.fault, self.began.elapsed().as_secs_f32());
    }
}

/// Each fault draws for itself, so that one test alone repeats what it did among all.
fn rounds(seed: u64, fault: &str, shape: &Shape) -> Vec<Round> {
    let of_fault = fault.bytes().fold(seed, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let mut drawn = fastrand::Rng::with_seed(of_fault);
    let mut round = || Round {
        after: Duration::from_millis(drawn.u64(shape.after.clone())),
        node: drawn.usize(0..shape.nodes),
        lasting: Duration::from_millis(drawn.u64(shape.lasting.clone())),
    };
    (0..shape.rounds).map(|_| round()).collect()
}

#[test]
fn a_seed_repeats_its_plan_and_another_makes_another() {
    let shape = Shape { rounds: 20, nodes: 2, after: 100..=900, lasting: 0..=50 };
    let first = rounds(7, "kill", &shape);
    assert_eq!(first, rounds(7, "kill", &shape));
    assert_ne!(first, rounds(8, "kill", &shape));
    assert_ne!(first, rounds(7, "freeze", &shape));
    assert!((0..2).all(|node| first.iter().any(|round| round.node == node)));
    assert!(first.iter().all(|round| (100..=900).contains(&round.after.as_millis())));
}
