use std::marker::PhantomData;
use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::labels::{Labels, UpstreamFailure};
use super::upstreams::Upstreams;

/// A metric's series, one for each value of its labels, found by place.
pub struct Series<L, M> {
    series: Vec<M>,
    of: PhantomData<fn(L)>,
}

pub type Counted<L> = Series<L, Counter>;
pub type Measured<L> = Series<L, Histogram>;
pub type Shown<L> = Series<L, Gauge>;

impl<L: Labels, M: Clone> Series<L, M> {
    /// The handle of one series.
    pub fn of(&self, labels: L) -> M {
        self.at(labels).clone()
    }

    fn at(&self, labels: L) -> &M {
        // Made for every value of the labels.
        &self.series[labels.index()]
    }
}

impl<L: Labels> Counted<L> {
    pub fn add(&self, labels: L) {
        self.at(labels).inc();
    }

    pub fn add_many(&self, labels: L, many: u64) {
        self.at(labels).inc_by(many);
    }

    /// Of what somebody else counts.
    pub fn set(&self, labels: L, count: u64) {
        self.at(labels).inner().store(count, std::sync::atomic::Ordering::Relaxed);
    }

    pub fn count(&self, labels: L) -> u64 {
        self.at(labels).get()
    }
}

impl<L: Labels> Measured<L> {
    pub fn took(&self, labels: L, time: Duration) {
        self.at(labels).observe(time.as_secs_f64());
    }
}

impl<L: Labels> Shown<L> {
    pub fn set(&self, labels: L, value: usize) {
        self.at(labels).set(i64::try_from(value).unwrap_or(i64::MAX));
    }
}

pub(super) type Pairs = Vec<(&'static str, String)>;

fn owned<L: Labels>(labels: L) -> Pairs {
    labels.pairs().into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

pub(super) struct Registering<'a>(pub(super) &'a mut Registry);

impl Registering<'_> {
    pub(super) fn single<M: prometheus_client::registry::Metric + Clone>(
        &mut self,
        name: &str,
        help: &str,
        metric: M,
    ) -> M {
        self.0.register(name, help, metric.clone());
        metric
    }

    pub(super) fn counted<L: Labels>(&mut self, name: &str, help: &str) -> Counted<L> {
        let family = Family::<Pairs, Counter>::default();
        self.0.register(name, help, family.clone());
        every(|labels: L| family.get_or_create_owned(&owned(labels)))
    }

    pub(super) fn shown<L: Labels>(&mut self, name: &str, help: &str) -> Shown<L> {
        let family = Family::<Pairs, Gauge>::default();
        self.0.register(name, help, family.clone());
        every(|labels: L| family.get_or_create_owned(&owned(labels)))
    }

    pub(super) fn measured<L: Labels>(&mut self, name: &str, help: &str, buckets: &'static [f64]) -> Measured<L> {
        let family = self.histograms(name, help, buckets);
        every(|labels: L| family.get_or_create_owned(&owned(labels)))
    }

    pub(super) fn upstreams(&mut self, buckets: &'static [f64]) -> Upstreams {
        let help = "From a request sent on to its answer's head";
        let seconds = self.histograms("linden_upstream_seconds", help, buckets);
        let failures = Family::<Pairs, Counter>::default();
        self.0.register("linden_upstream_failures", "Requests sent on that got no answer", failures.clone());
        Upstreams { seconds, failures }
    }

    fn histograms(&mut self, name: &str, help: &str, buckets: &'static [f64]) -> Histograms {
        let family = Family::new_with_constructor(Made(buckets));
        self.0.register(name, help, family.clone());
        family
    }
}

fn every<L: Labels, M>(made: impl Fn(L) -> M) -> Series<L, M> {
    Series { series: (0..L::COUNT).map(|index| made(L::nth(index))).collect(), of: PhantomData }
}

pub(super) type Histograms = Family<Pairs, Histogram, Made>;

/// Histograms of one family have the same buckets.
#[derive(Clone, Copy)]
pub(super) struct Made(&'static [f64]);

impl prometheus_client::metrics::family::MetricConstructor<Histogram> for Made {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

pub(super) fn of_upstream(upstream: &str, failure: Option<UpstreamFailure>) -> Pairs {
    let mut pairs = vec![("upstream", upstream.to_owned())];
    pairs.extend(failure.into_iter().flat_map(owned));
    pairs
}
