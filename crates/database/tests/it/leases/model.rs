//! Two and three nodes do anything in any order, and a model knows whose the work is.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use database::{Database, Error, Fence, Lease, params};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::engines::{self, Opened};
use crate::schema::{ADD_BATCH, id};

const EVERY: Duration = Duration::from_secs(20);
const LENGTH: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Time passes for everybody.
    Pass(u64),
    /// One node's clock runs ahead.
    Jump(usize, u64),
    Hold(usize),
    /// With the newest fence that the node got, however long ago: it may have been paused since.
    Work(usize),
    /// A process that is gone for the others wakes and goes on.
    WorkOfAGhost(usize),
    Release(usize),
    /// The process is replaced without having released anything.
    Restart(usize),
}

fn steps(nodes: usize, with_jumps: bool) -> impl Strategy<Value = Vec<Step>> {
    let node = 0..nodes;
    let jump = (node.clone(), 1..200_u64).prop_map(move |(node, seconds)| match with_jumps {
        true => Step::Jump(node, seconds),
        false => Step::Pass(seconds / 4),
    });
    let step = prop_oneof![
        4 => (0..45_u64).prop_map(Step::Pass),
        1 => jump,
        6 => node.clone().prop_map(Step::Hold),
        4 => node.clone().prop_map(Step::Work),
        2 => (0..8_usize).prop_map(Step::WorkOfAGhost),
        1 => node.clone().prop_map(Step::Release),
        1 => node.prop_map(Step::Restart),
    ];
    vec(step, 1..50)
}

struct Node {
    lease: Lease,
    newest: Option<Fence>,
    ahead: Arc<Mutex<Duration>>,
}

struct Model<'a> {
    database: &'a Database,
    name: &'static str,
    now: Arc<Mutex<Instant>>,
    nodes: Vec<Node>,
    ghosts: Vec<Fence>,
    started: u64,
    /// Whose the work is.
    owner: Option<Fence>,
    highest_epoch: i64,
    /// When the owner was last heard of.
    heard_at: Instant,
    clocks_are_steady: bool,
}

impl<'a> Model<'a> {
    fn new(database: &'a Database, name: &'static str, nodes: usize) -> Self {
        let start = Instant::now();
        let mut model = Self {
            database,
            name,
            now: Arc::new(Mutex::new(start)),
            nodes: Vec::new(),
            ghosts: Vec::new(),
            started: 0,
            owner: None,
            highest_epoch: 0,
            heard_at: start,
            clocks_are_steady: true,
        };
        model.nodes = (0..nodes).map(|_| model.started()).collect();
        model
    }

    fn started(&mut self) -> Node {
        self.started += 1;
        let (now, ahead) = (Arc::clone(&self.now), Arc::new(Mutex::new(Duration::ZERO)));
        let own = Arc::clone(&ahead);
        let clock = Arc::new(move || *now.lock().unwrap() + *own.lock().unwrap());
        Node { lease: Lease::new(self.name, id(self.started), EVERY).with_clock(clock), newest: None, ahead }
    }

    fn now(&self) -> Instant {
        *self.now.lock().unwrap()
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Pass(seconds) => *self.now.lock().unwrap() += Duration::from_secs(seconds),
            Step::Jump(node, seconds) => {
                *self.nodes[node].ahead.lock().unwrap() += Duration::from_secs(seconds);
                self.clocks_are_steady = false;
            }
            Step::Hold(node) => self.hold(node).await,
            Step::Work(node) => {
                if let Some(fence) = self.nodes[node].newest.clone() {
                    self.work(&fence).await;
                }
            }
            Step::WorkOfAGhost(number) => {
                if let Some(fence) = self.ghosts.get(number).cloned() {
                    self.work(&fence).await;
                }
            }
            Step::Release(node) => {
                self.nodes[node].lease.release(self.database).await.unwrap();
                if self.owner.is_some() && self.owner == self.nodes[node].newest {
                    self.owner = None;
                }
            }
            Step::Restart(node) => {
                let before = std::mem::replace(
                    &mut self.nodes[node],
                    Node { lease: Lease::new(self.name, [0; 16], EVERY), newest: None, ahead: Arc::default() },
                );
                self.ghosts.extend(before.newest);
                self.nodes[node] = self.started();
            }
        }
    }

    async fn hold(&mut self, node: usize) {
        let now = self.now();
        let Some(fence) = self.nodes[node].lease.hold(self.database).await.unwrap() else {
            assert!(self.owner.is_some(), "nobody's work was not taken");
            assert_ne!(self.owner, self.nodes[node].newest, "the owner was turned away");
            return;
        };
        if self.owner.as_ref() != Some(&fence) {
            assert!(fence.epoch() > self.highest_epoch, "an epoch came twice");
            let is_early = now.duration_since(self.heard_at) < LENGTH;
            let may_be_early = self.owner.is_none() || !self.clocks_are_steady;
            assert!(!is_early || may_be_early, "taken from a holder who was heard of");
        }
        self.highest_epoch = fence.epoch();
        self.nodes[node].newest = Some(fence.clone());
        (self.owner, self.heard_at) = (Some(fence), now);
    }

    async fn work(&mut self, fence: &Fence) {
        let (name, with) = (self.name, fence.clone());
        let done: Result<(), Error> = self
            .database
            .write(move |transaction| {
                let fence = with.clone();
                Box::pin(async move {
                    transaction.execute(&ADD_BATCH, params![name, fence.epoch()]).await?;
                    fence.check(transaction).await
                })
            })
            .await;
        match done {
            Ok(()) => {
                assert_eq!(self.owner.as_ref(), Some(fence), "work that was another's");
                self.heard_at = self.now();
            }
            Err(Error::LeaseLost) => assert_ne!(self.owner.as_ref(), Some(fence), "the owner was refused"),
            Err(error) => panic!("{error:?}"),
        }
    }

    /// Whatever happened before, who is silent for long enough is replaced.
    async fn take_over(&mut self) {
        for _ in 0..2 {
            self.hold(0).await;
            self.take(Step::Pass(LENGTH.as_secs())).await;
        }
        self.hold(0).await;
        assert_eq!(self.owner, self.nodes[0].newest);
    }
}

fn holds(opened: impl AsyncFn() -> Opened, cases: u32) {
    let runtime = Runtime::new().unwrap();
    let opened = runtime.block_on(opened());
    let case = std::cell::Cell::new(0);
    for (nodes, with_jumps) in [(2, false), (3, false), (3, true)] {
        let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
        let checked = runner.run(&steps(nodes, with_jumps), |steps| {
            case.set(case.get() + 1);
            let name: &'static str = Box::leak(format!("work {}", case.get()).into_boxed_str());
            runtime.block_on(async {
                let mut model = Model::new(&opened.database, name, nodes);
                for step in steps {
                    model.take(step).await;
                }
                model.take_over().await;
            });
            Ok(())
        });
        checked.unwrap();
    }
}

#[test]
fn one_node_at_a_time_on_sqlite() {
    holds(engines::sqlite, 40);
}

#[test]
fn one_node_at_a_time_on_postgres() {
    holds(engines::postgres, 40);
}
