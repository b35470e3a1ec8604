//! Background jobs: following the generation, on every node; sweeping what has expired and replacing signing keys, on one
//! node at a time.

mod key_rotation;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use auth_store::Error;
use database::{Fence, Lease};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use telemetry::metrics::labels::{End, Store};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::directory::Asked;
use crate::state::AppState;

/// Between two questions for the generation.
const GENERATION: Duration = Duration::from_secs(1);
/// At a time; each ends by the database's own limits.
const MOST_QUESTIONS: usize = 3;
/// After an announcement: of many that come together one is enough.
const ANNOUNCED: Duration = Duration::from_millis(50);

/// The jobs of a running server. Dropping it ends them in the middle; [`Jobs::end`] lets other nodes go on at once.
pub(crate) struct Jobs {
    ending: CancellationToken,
    running: Vec<AbortOnDropHandle<()>>,
}

impl Jobs {
    pub(crate) fn start(state: &Arc<AppState>) -> Self {
        let mut jobs = Self { ending: CancellationToken::new(), running: Vec::new() };
        let (following, ending) = (follow_generation(Arc::clone(state)), jobs.ending.clone());
        jobs.spawn(async move { ending.run_until_cancelled(following).await.unwrap_or_default() });
        jobs.on_one_node(state, "sweep", sweep::EVERY, sweep::sweep);
        jobs.on_one_node(state, "rotate keys", key_rotation::EVERY, key_rotation::rotate_keys);
        jobs
    }

    pub(crate) async fn end(self) {
        self.ending.cancel();
        for job in self.running {
            job.await.ok();
        }
    }

    /// Runs `work` again and again on one node at a time. Each of its transactions passes the fence.
    fn on_one_node<F>(
        &mut self,
        state: &Arc<AppState>,
        name: &'static str,
        every: Duration,
        work: impl Fn(Arc<AppState>, Fence) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send,
    {
        let (state, ending) = (Arc::clone(state), self.ending.clone());
        let lease = Lease::new(name, state.random_bytes(), every);
        self.spawn(async move {
            lease.work(&state.database, ending.cancelled(), |fence| work(Arc::clone(&state), fence)).await;
        });
    }

    fn spawn(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.running.push(AbortOnDropHandle::new(tokio::spawn(job)));
    }
}

/// A question that hangs holds up no other one: the next is asked a second later, on another connection.
async fn follow_generation(state: Arc<AppState>) {
    let mut announcements = auth_store::generation::announcements(&state.database);
    let mut questions = FuturesUnordered::new();
    let mut ticks = interval(GENERATION);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick(), if questions.len() < MOST_QUESTIONS => questions.push(state.directory.ask_generation()),
            () = announcements.next(), if questions.len() < MOST_QUESTIONS => {
                sleep(ANNOUNCED).await;
                questions.push(state.directory.ask_generation());
            }
            Some(answer) = questions.next() => {
                state.metrics.configuration_reads.add((Store::Auth, follow(&state, answer).await));
            }
        }
    }
}

async fn follow(state: &AppState, answer: Result<Asked, Error>) -> End {
    let asked = match answer {
        Ok(asked) => asked,
        Err(error) => {
            tracing::warn!(?error, "the generation could not be read");
            return End::Failed;
        }
    };
    let followed = state.directory.follow(asked).await;
    if let Err(error) = &followed {
        tracing::warn!(?error, "the configuration could not be read anew");
    }
    End::of(&followed)
}
