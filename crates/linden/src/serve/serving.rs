use std::future::Future;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Ending, Served, open_files, run};

/// Listeners that serve, public ones and one for management, which ends last: until then it tells that this node leaves.
pub struct Serving {
    public: JoinSet<()>,
    management: JoinSet<()>,
    ending: Ending,
    management_ending: Ending,
    delay: Duration,
}

impl Serving {
    /// `ending` is the one that the readiness was made with.
    pub fn start(public: Vec<Served>, management: Vec<Served>, ending: Ending) -> Self {
        let management_ending = Ending::default();
        let all = public.iter().chain(&management);
        open_files::allow(all.map(|served| served.limits.connections + served.limits.refused_connections()).sum());
        Self {
            delay: public.iter().map(|served| served.limits.delay).max().unwrap_or_default(),
            public: public.into_iter().map(|served| run(served, ending.clone())).collect(),
            management: management.into_iter().map(|served| run(served, management_ending.clone())).collect(),
            ending,
            management_ending,
        }
    }

    /// Readiness falls; after the delay, or when `hurry` comes, listeners close; what is under way is answered or, after
    /// the grace time, cut.
    pub async fn end(mut self, hurry: impl Future<Output = ()>) {
        self.ending.leave();
        if !self.delay.is_zero() {
            tracing::info!(seconds = self.delay.as_secs(), "not ready any more; listeners close after the delay");
            tokio::select! {
                () = tokio::time::sleep(self.delay) => {}
                () = hurry => {}
            }
        }
        self.ending.close();
        while self.public.join_next().await.is_some() {}
        self.management_ending.close();
        while self.management.join_next().await.is_some() {}
    }
}
