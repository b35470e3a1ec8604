use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Instant;

use futures::FutureExt;
use futures::future::BoxFuture;
use telemetry::request::{self, RequestName};
use tokio::sync::oneshot;

use crate::transaction::Scope;
use crate::{Error, Reason};

/// A caller's job on its way through a thread: run first, answered later. The type hides the caller's own result type.
pub(super) trait Job<S>: Send {
    /// Nobody waits for the answer any more; such a job is not started.
    fn is_abandoned(&self) -> bool;

    /// When it was given.
    fn since(&self) -> Instant;

    /// Runs the job to its end and keeps its answer back. True when what it wrote shall stay.
    fn run(&mut self, scope: &mut S) -> bool;

    /// Hands over the answer, or `verdict`'s error in its place.
    fn answer(self: Box<Self>, verdict: Result<(), Error>);
}

pub(super) type BoxedJob<S> = Box<dyn Job<S>>;

/// A job's own answer, or the panic that it died of.
type Finished<T, E> = thread::Result<Result<T, E>>;

struct Caller<F, T, E> {
    work: F,
    /// So that what the engine says of a statement is found beside what its caller says.
    request: Option<RequestName>,
    since: Instant,
    finished: Option<Finished<T, E>>,
    caller: oneshot::Sender<Finished<T, E>>,
}

/// The job for the queue, and the future of its answer. A panic in the job goes on in the caller.
pub(super) fn job<S, F, T, E>(work: F) -> (BoxedJob<S>, impl Future<Output = Result<T, E>> + Send)
where
    S: Scope + 'static,
    F: for<'t> Fn(&'t mut S) -> BoxFuture<'t, Result<T, E>> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let (caller, answer) = oneshot::channel();
    let job = Box::new(Caller { work, request: request::current(), since: Instant::now(), finished: None, caller });
    let answer = async move {
        match answer.await {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_gone) => Err(E::from(Error::Unavailable(Reason::Closed))),
        }
    };
    (job, answer)
}

impl<S, F, T, E> Job<S> for Caller<F, T, E>
where
    S: Scope,
    F: for<'t> Fn(&'t mut S) -> BoxFuture<'t, Result<T, E>> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn is_abandoned(&self) -> bool {
        self.caller.is_closed()
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn run(&mut self, scope: &mut S) -> bool {
        // Polled once: on SQLite every statement is answered at once, so a future that pends waits for something else.
        let work = AssertUnwindSafe(|| (self.work)(scope).now_or_never());
        let polled = request::on_behalf_of(self.request, || catch_unwind(work));
        let finished = match (polled, &scope.session().failure) {
            (Ok(Some(Ok(_))), Some(error)) => Ok(Err(E::from(error.clone()))),
            (Ok(Some(result)), _) => Ok(result),
            (Ok(None), _) => Ok(Err(E::from(Error::Suspended))),
            (Err(panic), _) => Err(panic),
        };
        let keeps = matches!(finished, Ok(Ok(_)));
        self.finished = Some(finished);
        keeps
    }

    fn answer(self: Box<Self>, verdict: Result<(), Error>) {
        let answer = match (verdict, self.finished) {
            (Err(error), _) => Ok(Err(E::from(error))),
            (Ok(()), Some(finished)) => finished,
            (Ok(()), None) => Ok(Err(E::from(Error::Unavailable(Reason::Closed)))),
        };
        // A caller that has gone meanwhile misses its answer; the deed stays done.
        let _ = self.caller.send(answer);
    }
}
