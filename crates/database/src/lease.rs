//! Leases: background work runs on one node at a time, and a node that was paused cannot go on when it wakes.
//!
//! 1. A row of the table `lease` says who does a piece of work. Each taking raises its `epoch`, each renewal `renewals`.
//! 2. Whoever wants the work watches the row. When nothing of it moved for the lease's length on the watcher's own steady
//!    clock, the holder is taken for dead and the row is taken, by one statement that repeats what was seen ([`Watch`]).
//!    No time is in the row, so that clocks which disagree or are set cannot give the work to two.
//! 3. The holder gets a [`Fence`]. Every transaction of the work passes it ([`Fence::check`]): the row must still be the
//!    holder's, and stays so until the commit. Whoever takes it waits for that commit; whatever comes later is refused.
//!
//! So an early taking (a slow disk, a paused machine, a clock that ran ahead) costs a batch of work and never does it twice.
//! What leaves the database, a mail or a call, is not undone by a fence: let its receiver know it by an id.
//!
//! The table is the second that this crate knows, beside `schema_version`; a store with background work makes it in a
//! migration, as `crates/database/tests/it/schema.rs` shows.

mod watch;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::{Database, Error, Statement, Transaction, Value, params};

use watch::{Seen, Verdict, Watch};

crate::statements! {
    READ_LEASE = "SELECT holder, epoch, renewals FROM lease WHERE name = $1";
    MAKE_LEASE = "INSERT INTO lease (name, holder, epoch, renewals) VALUES ($1, $2, 1, 0) ON CONFLICT DO NOTHING";
    TAKE_LEASE = "UPDATE lease SET holder = $2, epoch = epoch + 1, renewals = 0 \
                  WHERE name = $1 AND epoch = $3 AND renewals = $4";
    RENEW_LEASE = "UPDATE lease SET renewals = renewals + 1 WHERE name = $1 AND holder = $2 AND epoch = $3";
    RELEASE_LEASE = "UPDATE lease SET holder = $4, renewals = renewals + 1 \
                     WHERE name = $1 AND holder = $2 AND epoch = $3";
}

/// Nobody's work.
const NOBODY: [u8; 0] = [];

/// A clock that is never set: how much time passed is all that is asked of it.
pub type SteadyClock = Arc<dyn Fn() -> Instant + Send + Sync>;

/// One node's part in the contest for a piece of work.
pub struct Lease {
    name: &'static str,
    holder: [u8; 16],
    held: Option<Fence>,
    watch: Watch,
    clock: SteadyClock,
    every: Duration,
}

/// How often a holder may be late before it is taken for dead.
const MISSES: u32 = 3;

/// Proof of having taken a lease: good for as long as nobody else takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    name: &'static str,
    holder: [u8; 16],
    epoch: i64,
}

impl Lease {
    /// `holder` is random and this object's alone. `every` is the pause between two calls of [`Lease::hold`], on all nodes;
    /// a holder that misses three is taken for dead.
    pub fn new(name: &'static str, holder: [u8; 16], every: Duration) -> Lease {
        Lease { name, holder, held: None, watch: Watch::new(MISSES * every), clock: Arc::new(Instant::now), every }
    }

    pub fn with_clock(self, clock: SteadyClock) -> Lease {
        Lease { clock, ..self }
    }

    /// Renews the lease or tries to take it. `None`: the work is another node's. Call it before each piece of work.
    pub async fn hold(&mut self, database: &Database) -> Result<Option<Fence>, Error> {
        if let Some(fence) = &self.held {
            if fence.renew(database).await? {
                return Ok(self.held.clone());
            }
            self.held = None;
        }
        self.held = self.take(database).await?;
        Ok(self.held.clone())
    }

    /// Does `work` again and again while the lease is this node's, until `ending`; then another node may go on at once.
    /// Work that is under way then is dropped: each of its transactions is whole, or was not.
    pub async fn work<W, F>(mut self, database: &Database, ending: impl Future<Output = ()>, work: W)
    where
        W: Fn(Fence) -> F,
        F: Future<Output = ()>,
    {
        let mut ticks = interval(self.every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let turns = async {
            loop {
                ticks.tick().await;
                match self.hold(database).await {
                    Ok(Some(fence)) => work(fence).await,
                    Ok(None) => {}
                    Err(error) => tracing::warn!(work = self.name, ?error, "whose work it is could not be read"),
                }
            }
        };
        tokio::select! {
            () = ending => {}
            () = turns => {}
        }
        if let Err(error) = self.release(database).await {
            tracing::warn!(work = self.name, ?error, "the others will wait before they take this work over");
        }
    }

    async fn take(&mut self, database: &Database) -> Result<Option<Fence>, Error> {
        let asked_at = (self.clock)();
        let Some(row) = database.read_optional(&READ_LEASE, params![self.name]).await? else {
            let made = database.execute(&MAKE_LEASE, params![self.name, self.holder]).await?;
            return Ok((made == 1).then(|| self.fence(1)));
        };
        let holder: Vec<u8> = row.get(0)?;
        let seen = Seen { epoch: row.get(1)?, renewals: row.get(2)? };
        if holder == self.holder {
            // Taken by us, and the answer was lost.
            let fence = self.fence(seen.epoch);
            return Ok(fence.renew(database).await?.then_some(fence));
        }
        let verdict = match holder == NOBODY {
            true => Verdict::Take,
            false => self.watch.saw(seen, asked_at, (self.clock)()),
        };
        if verdict == Verdict::Wait {
            return Ok(None);
        }
        let values = params![self.name, self.holder, seen.epoch, seen.renewals];
        let taken = database.execute(&TAKE_LEASE, values).await?;
        Ok((taken == 1).then(|| self.fence(seen.epoch + 1)))
    }

    /// Lets another node go on at once. Without it, the others wait for the lease's length.
    pub async fn release(&mut self, database: &Database) -> Result<(), Error> {
        let Some(fence) = self.held.take() else { return Ok(()) };
        let [name, holder, epoch] = fence.values();
        database.execute(&RELEASE_LEASE, &[name, holder, epoch, Value::from(NOBODY)]).await.map(|_| ())
    }

    fn fence(&self, epoch: i64) -> Fence {
        Fence { name: self.name, holder: self.holder, epoch }
    }
}

impl Fence {
    /// Rises with each taking.
    pub fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Within the transaction of the work, before its end. [`Error::LeaseLost`]: nothing of the transaction will be.
    pub async fn check(&self, transaction: &mut Transaction) -> Result<(), Error> {
        match transaction.execute(&RENEW_LEASE, &self.values()).await? {
            0 => Err(transaction.session.fail(Error::LeaseLost)),
            _ => Ok(()),
        }
    }

    /// A write of one statement that is refused when the lease was lost. When there is nothing to do nothing is written.
    pub async fn execute(&self, database: &Database, statement: &Statement, values: &[Value]) -> Result<u64, Error> {
        let (fence, statement, values) = (self.clone(), *statement, Arc::<[Value]>::from(values));
        database
            .write(move |transaction| {
                let (fence, values) = (fence.clone(), Arc::clone(&values));
                Box::pin(async move {
                    let changed = transaction.execute(&statement, &values).await?;
                    if changed > 0 {
                        fence.check(transaction).await?;
                    }
                    Ok(changed)
                })
            })
            .await
    }

    async fn renew(&self, database: &Database) -> Result<bool, Error> {
        Ok(database.execute(&RENEW_LEASE, &self.values()).await? == 1)
    }

    fn values(&self) -> [Value; 3] {
        [Value::from(self.name), Value::from(self.holder), Value::from(self.epoch)]
    }
}
