use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::Reason;

/// A bounded queue between the callers, who never wait to get in, and the threads, which wait for work.
pub(super) struct Queue<J> {
    state: Mutex<State<J>>,
    work: Condvar,
    limit: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    sleeping: usize,
    closed: bool,
}

impl<J> Queue<J> {
    pub(super) fn new(limit: usize) -> Queue<J> {
        let state = State { jobs: VecDeque::new(), sleeping: 0, closed: false };
        Queue { state: Mutex::new(state), work: Condvar::new(), limit }
    }

    /// Refuses at once rather than letting the caller wait: what waits must be bounded.
    pub(super) fn push(&self, job: J) -> Result<(), Reason> {
        let mut state = self.lock();
        if state.closed {
            return Err(Reason::Closed);
        }
        if state.jobs.len() >= self.limit {
            return Err(Reason::QueueFull);
        }
        state.jobs.push_back(job);
        if state.sleeping > 0 {
            self.work.notify_one();
        }
        Ok(())
    }

    /// Waits for a job. `None` when the queue is closed and everything in it was taken.
    pub(super) fn wait(&self) -> Option<J> {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.closed {
                return None;
            }
            state.sleeping += 1;
            state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.sleeping -= 1;
        }
    }

    /// A job that already waits.
    pub(super) fn take(&self) -> Option<J> {
        self.lock().jobs.pop_front()
    }

    pub(super) fn len(&self) -> usize {
        self.lock().jobs.len()
    }

    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
