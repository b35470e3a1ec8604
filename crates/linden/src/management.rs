use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use telemetry::metrics::Metrics;
use tokio::net::TcpListener;

use crate::metrics::{self, Watched};
use crate::serve::{self, Ending, Readiness, Served, Serving};

/// The listener for operators' programs, bound before anything else is done.
pub struct Management(Vec<TcpListener>);

impl Management {
    pub async fn bind(address: Option<SocketAddr>) -> Result<Self> {
        Ok(Self(serve::bind(address.as_slice()).await?.listeners))
    }

    /// Tells people where it is, if it is anywhere.
    pub fn whereabouts(&self) -> Result<Option<String>> {
        let address = self.0.first().map(TcpListener::local_addr).transpose()?;
        Ok(address.map(|address| format!("health, readiness and metrics: http://{address}")))
    }

    /// Serves the public listeners and, until they have ended, this one.
    pub fn start(
        self,
        public: Vec<Served>,
        readiness: impl FnOnce(Readiness) -> Readiness,
        metrics: Arc<Metrics>,
        watched: Watched,
    ) -> Serving {
        let ending = Ending::default();
        let readiness = Arc::new(readiness(Readiness::new(ending.clone())));
        let loads = public.iter().map(|served| served.load.clone()).collect();
        let watched = Watched { loads, ..watched };
        let text = move || metrics::text(&metrics, &watched);
        let management = Served::management(self.0, serve::management(readiness, text));
        Serving::start(public, vec![management], ending)
    }
}
