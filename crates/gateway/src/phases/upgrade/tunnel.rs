use std::fmt;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::time::{Instant, sleep, sleep_until, timeout};

const BUFFER: usize = 16 * 1024;
/// For both sides to switch once the 101 is written.
const SWITCHING: Duration = Duration::from_secs(10);

/// How a tunnel ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Both sides said all they had to say.
    BySides,
    NeverOpened(String),
    Broken(String),
    /// Neither side sent anything for too long.
    Idle,
    TooOld,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::BySides => f.write_str("by its sides"),
            Ended::NeverOpened(reason) => write!(f, "before it was open: {reason}"),
            Ended::Broken(reason) => write!(f, "broken: {reason}"),
            Ended::Idle => f.write_str("idle"),
            Ended::TooOld => f.write_str("too old"),
        }
    }
}

pub(super) async fn between(browser: OnUpgrade, service: OnUpgrade, idle: Duration, life: Duration) -> Ended {
    let both = async { tokio::try_join!(browser, service) };
    match timeout(SWITCHING, both).await {
        Ok(Ok((browser, service))) => carry(TokioIo::new(browser), TokioIo::new(service), idle, life).await,
        Ok(Err(error)) => Ended::NeverOpened(error.to_string()),
        Err(_) => Ended::NeverOpened("it took too long".to_owned()),
    }
}

async fn carry<A, B>(browser: A, service: B, idle: Duration, life: Duration) -> Ended
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let pulse = Pulse { began: Instant::now(), last: AtomicU64::new(0) };
    let ((from_browser, to_browser), (from_service, to_service)) = (split(browser), split(service));
    let carrying =
        async { tokio::try_join!(copy(from_browser, to_service, &pulse), copy(from_service, to_browser, &pulse)) };
    tokio::select! {
        carried = carrying => match carried {
            Ok(_) => Ended::BySides,
            Err(error) => Ended::Broken(error.to_string()),
        },
        () = pulse.stops(idle) => Ended::Idle,
        () = sleep(life) => Ended::TooOld,
    }
}

/// Until one side has said all; the other is told so, and may go on.
async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, pulse: &Pulse) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = from.read(&mut buffer).await?;
        pulse.beat();
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..read]).await?;
        to.flush().await?;
        pulse.beat();
    }
}

/// When something last moved.
struct Pulse {
    began: Instant,
    /// Milliseconds after it began.
    last: AtomicU64,
}

impl Pulse {
    fn beat(&self) {
        self.last.store(u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    async fn stops(&self, idle: Duration) {
        loop {
            let due = self.began + Duration::from_millis(self.last.load(Ordering::Relaxed)) + idle;
            if due <= Instant::now() {
                return;
            }
            sleep_until(due).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{DuplexStream, duplex};
    use tokio::task::JoinHandle;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    fn tunnel(idle: Duration, life: Duration) -> (DuplexStream, DuplexStream, JoinHandle<Ended>) {
        let ((browser, here), (there, service)) = (duplex(1000), duplex(1000));
        (browser, service, tokio::spawn(carry(here, there, idle, life)))
    }

    #[tokio::test]
    async fn one_side_may_go_on_when_the_other_has_said_all() {
        let (mut browser, mut service, ended) = tunnel(LONG, LONG);
        browser.write_all(b"all").await.unwrap();
        browser.shutdown().await.unwrap();
        let mut heard = String::new();
        service.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "all");
        service.write_all(b"and more").await.unwrap();
        drop(service);
        let mut heard = String::new();
        browser.read_to_string(&mut heard).await.unwrap();
        assert_eq!(heard, "and more");
        assert_eq!(ended.await.unwrap(), Ended::BySides);
    }

    #[tokio::test]
    async fn silence_ends_it_and_a_word_of_either_side_does_not() {
        let (mut browser, mut service, ended) = tunnel(Duration::from_millis(400), LONG);
        for _ in 0..6 {
            sleep(Duration::from_millis(100)).await;
            service.write_all(b"x").await.unwrap();
        }
        let mut heard = [0; 6];
        browser.read_exact(&mut heard).await.unwrap();
        assert_eq!(ended.await.unwrap(), Ended::Idle);
    }

    #[tokio::test]
    async fn none_lives_for_ever() {
        let (_browser, _service, ended) = tunnel(LONG, Duration::from_millis(50));
        assert_eq!(ended.await.unwrap(), Ended::TooOld);
    }
}
