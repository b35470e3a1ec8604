use std::future::Future;
use std::time::Instant;

use telemetry::metrics::UpstreamSeries;
use telemetry::metrics::labels::UpstreamFailure;

use super::CallError;
use crate::phases::forward::ForwardError;

/// Why a call brought no answer, where the upstream is to blame.
pub(crate) trait Blame {
    fn blame(&self) -> Option<UpstreamFailure>;
}

impl Blame for CallError {
    fn blame(&self) -> Option<UpstreamFailure> {
        Some(match self {
            Self::TimedOut => UpstreamFailure::TimedOut,
            Self::Unreachable(_) => UpstreamFailure::Unreachable,
            Self::NoAnswer(_) => UpstreamFailure::NoAnswer,
            Self::BrokenAnswer(_) | Self::Malformed(_) => UpstreamFailure::Other,
        })
    }
}

impl Blame for ForwardError {
    fn blame(&self) -> Option<UpstreamFailure> {
        match self {
            Self::TimedOut => Some(UpstreamFailure::TimedOut),
            Self::ConnectTimedOut | Self::Unreachable(_) | Self::AllRest(_) => Some(UpstreamFailure::Unreachable),
            Self::NoAnswer(_) => Some(UpstreamFailure::NoAnswer),
            Self::TooLarge | Self::TooSlow | Self::BrokenOff | Self::NoTunnelLeft | Self::Malformed => None,
        }
    }
}

/// The same call, timed when it is answered, counted when it is not.
pub(crate) async fn measured<T, E: Blame>(
    series: &UpstreamSeries,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let begun = Instant::now();
    let answer = call.await;
    match answer.as_ref().map_err(Blame::blame) {
        Ok(_) => series.answered(begun.elapsed()),
        Err(Some(failure)) => series.failed(failure),
        Err(None) => {}
    }
    answer
}
