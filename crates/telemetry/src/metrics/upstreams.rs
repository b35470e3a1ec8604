use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

use super::labels::UpstreamFailure;
use super::series::{Histograms, Pairs, of_upstream};

/// What the gateway calls. Its names are `auth`, `tenant_resolver` and those that the configuration gives to services.
pub struct Upstreams {
    pub(super) seconds: Histograms,
    pub(super) failures: Family<Pairs, Counter>,
}

#[derive(Clone)]
pub struct UpstreamSeries {
    seconds: Histogram,
    failures: [Counter; UpstreamFailure::COUNT],
}

impl Upstreams {
    pub fn of(&self, upstream: &str) -> UpstreamSeries {
        let failure = |why| self.failures.get_or_create_owned(&of_upstream(upstream, Some(why)));
        UpstreamSeries {
            seconds: self.seconds.get_or_create_owned(&of_upstream(upstream, None)),
            failures: UpstreamFailure::EVERY.map(failure),
        }
    }
}

impl UpstreamSeries {
    pub fn answered(&self, time: Duration) {
        self.seconds.observe(time.as_secs_f64());
    }

    pub fn failed(&self, why: UpstreamFailure) {
        if let Some(failures) = self.failures.get(why as usize) {
            failures.inc();
        }
    }
}
