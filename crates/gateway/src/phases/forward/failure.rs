use std::io::{self, ErrorKind};

use hyper_util::client::legacy;

use super::bounded::Progress;
use crate::upstream::AllRest;

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardError {
    #[error("the request's body is larger than allowed")]
    TooLarge,
    #[error("the request's body came too slowly")]
    TooSlow,
    #[error("the request's body broke off, or is ill-formed")]
    BrokenOff,
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection in time")]
    ConnectTimedOut,
    #[error("no connection: {0}")]
    Unreachable(String),
    #[error(transparent)]
    AllRest(#[from] AllRest),
    #[error("the connection broke before an answer: {0}")]
    NoAnswer(String),
    #[error("as many WebSockets as are allowed are open")]
    NoTunnelLeft,
    #[error("the address cannot be written for the upstream")]
    Malformed,
}

/// Whose fault it is that a request ended without an answer.
pub(super) fn of(body: Progress, error: &legacy::Error) -> ForwardError {
    match body {
        Progress::TooLarge => ForwardError::TooLarge,
        Progress::TooSlow => ForwardError::TooSlow,
        Progress::BrokenOff => ForwardError::BrokenOff,
        Progress::UnderWay | Progress::Whole if error.is_connect() && timed_out(error) => ForwardError::ConnectTimedOut,
        Progress::UnderWay | Progress::Whole if error.is_connect() => ForwardError::Unreachable(chain(error)),
        Progress::UnderWay | Progress::Whole => ForwardError::NoAnswer(chain(error)),
    }
}

fn causes(error: &legacy::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |error| error.source())
}

fn timed_out(error: &legacy::Error) -> bool {
    let mut kinds = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    kinds.any(|kind| kind == ErrorKind::TimedOut)
}

/// An error with its causes, for the log.
fn chain(error: &legacy::Error) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
