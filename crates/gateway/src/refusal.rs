use auth_protocol::problem::Problem;

use crate::phases::forward::ForwardError;
use crate::phases::guest_token::GuestTokenError;
use crate::phases::resolve_application::ResolveError;

/// Why the gateway itself answers a request with an error. Causes are for the log; the caller sees [`Refusal::problem`].
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("a method that is never offered")]
    MethodNotOffered,
    #[error("an address longer than is read")]
    AddressTooLong,
    #[error("a path with two readings")]
    AmbiguousPath,
    #[error("no host, or several")]
    NoSingleHost,
    #[error(transparent)]
    Unresolved(#[from] ResolveError),
    #[error("a path where nothing is served")]
    NothingServed,
    #[error("an unknown service")]
    UnknownService,
    #[error("a WebSocket from an origin that is not registered")]
    ForeignOrigin,
    #[error("two Authorization headers")]
    TwoAuthorizations,
    #[error(transparent)]
    NoGuestToken(#[from] GuestTokenError),
    #[error(transparent)]
    NotForwarded(#[from] ForwardError),
    #[error("a file that is not there")]
    NoSuchFile,
    #[error("a file was to be written")]
    FilesAreReadOnly,
}

impl Refusal {
    /// Whether an operator should know: something behind the gateway does not do its work.
    pub(crate) fn is_ours(&self) -> bool {
        match self {
            Refusal::Unresolved(ResolveError::Unavailable(_)) | Refusal::NoGuestToken(_) => true,
            Refusal::NotForwarded(error) => {
                use ForwardError::{AllRest, ConnectTimedOut, NoAnswer, TimedOut, Unreachable};
                matches!(error, TimedOut | ConnectTimedOut | Unreachable(_) | AllRest(_) | NoAnswer(_))
            }
            _ => false,
        }
    }

    /// Seconds after which it is worth trying again, of a 503.
    pub(crate) fn retry_after(&self) -> u64 {
        match self {
            Refusal::NotForwarded(ForwardError::AllRest(rest)) => rest.wait.as_secs() + 1,
            _ => 2,
        }
    }

    pub(crate) fn problem(&self, body_bytes: u64) -> Problem {
        match self {
            Refusal::MethodNotOffered => Problem::new(501, "method_not_offered", "This method is not offered"),
            Refusal::AddressTooLong => Problem::new(414, "address_too_long", "The address is too long")
                .detail("Send what is long in a body; an authorization request can be pushed."),
            Refusal::AmbiguousPath => Problem::new(400, "invalid_path", "The path can be read in two ways").detail(
                "It must be without encoded slashes and dots, dot segments, doubled slashes and control characters.",
            ),
            Refusal::NoSingleHost => Problem::new(400, "invalid_host", "The request names no host, or several"),
            Refusal::Unresolved(error) => unresolved(error),
            Refusal::NothingServed => Problem::new(404, "not_found", "Nothing is served here"),
            Refusal::UnknownService => Problem::new(404, "unknown_service", "There is no such service"),
            Refusal::ForeignOrigin => {
                Problem::new(403, "origin_not_registered", "This origin may not open a WebSocket here")
                    .detail("Register it among the application's origins.")
            }
            Refusal::TwoAuthorizations => {
                Problem::new(400, "invalid_request", "Two Authorization headers").detail("Send one, or none.")
            }
            Refusal::NoGuestToken(_) => {
                Problem::new(503, "unavailable", "The shop is not available to guests at the moment")
            }
            Refusal::NotForwarded(error) => not_forwarded(error, body_bytes),
            Refusal::NoSuchFile => Problem::new(404, "not_found", "There is no such file"),
            Refusal::FilesAreReadOnly => {
                Problem::new(405, "method_not_allowed", "Files can only be read").detail("Use GET or HEAD.")
            }
        }
    }
}

fn unresolved(error: &ResolveError) -> Problem {
    match error {
        ResolveError::Unknown(host) => {
            Problem::new(404, "unknown_application", "No shop is registered at this address")
                .detail(format!("{host} is not among the domains of any application."))
        }
        ResolveError::NoneNamed => Problem::new(404, "unknown_application", "No shop is registered at this address")
            .detail("Several shops share this host, and the request names none of them."),
        ResolveError::Disagreement => Problem::new(400, "application_mismatch", "The request names different shops")
            .detail(
                "Host, path, the parameter application and the header X-Application-Token must agree, each said once.",
            ),
        ResolveError::Unavailable(_) => Problem::new(503, "unavailable", "The shop is not available at the moment"),
    }
}

fn not_forwarded(error: &ForwardError, body_bytes: u64) -> Problem {
    match error {
        ForwardError::TooLarge => Problem::new(413, "body_too_large", "The body is too large")
            .detail(format!("At most {body_bytes} bytes are taken.")),
        ForwardError::TooSlow => Problem::new(408, "body_too_slow", "The body did not come in time"),
        ForwardError::BrokenOff => Problem::new(400, "invalid_body", "The body broke off, or is ill-formed"),
        ForwardError::TimedOut | ForwardError::ConnectTimedOut => {
            Problem::new(504, "upstream_timed_out", "No answer came in time")
        }
        ForwardError::Unreachable(_) => {
            Problem::new(502, "upstream_unreachable", "This part of the shop cannot be reached at the moment")
        }
        ForwardError::AllRest(_) => {
            Problem::new(503, "upstream_resting", "This part of the shop could not be reached of late")
                .detail("It is asked again shortly.")
        }
        ForwardError::NoTunnelLeft => {
            Problem::new(503, "too_many_websockets", "As many WebSockets as are allowed are open")
                .detail("Try again later.")
        }
        ForwardError::NoAnswer(_) => Problem::new(502, "upstream_failed", "This part of the shop gave no answer"),
        ForwardError::Malformed => Problem::new(400, "invalid_request", "The address cannot be passed on"),
    }
}
