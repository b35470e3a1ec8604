//! What was acknowledged while things happened, and what is asked of it afterwards.

use std::time::{Duration, Instant};

use http::{Request, StatusCode, header};
use test_kit::browser::{Browser, Code, Stopped};
use test_kit::installation::Installation;

/// A code is good for 60 s; one that is nearly as old is not asked for.
const GOOD_FOR: Duration = Duration::from_secs(45);

/// A code that was given out.
pub struct Given {
    pub code: Code,
    pub at: Instant,
}

/// An item list whose making was answered.
pub struct List {
    pub id: String,
    pub token: String,
}

#[derive(Default)]
pub struct Ledger {
    /// Browsers that were told they are signed in.
    pub sessions: Vec<Browser>,
    /// Codes whose redemption was answered with tokens.
    pub redeemed: Vec<Given>,
    /// Codes whose redemption was tried, and not answered with tokens.
    pub uncertain: Vec<Given>,
    /// Codes that were given out and not tried.
    pub unused: Vec<Given>,
    pub lists: Vec<List>,
    /// Answers as they should be.
    well: usize,
    /// "Try again later", or no answer.
    unavailable: Vec<String>,
    /// Answers that no fault excuses.
    wrong: Vec<String>,
}

impl Ledger {
    pub fn went_well(&mut self) {
        self.well += 1;
    }

    pub fn note_trouble(&mut self, what: &str, stopped: Stopped) {
        match stopped {
            Stopped::Unanswered(why) if why.contains("nothing within") => self.wrong.push(format!("{what}: {why}")),
            Stopped::Unanswered(why) => self.unavailable.push(format!("{what}: {why}")),
            Stopped::Answered(answer) => {
                let told = format!("{what}: {} {:?} {}", answer.status, answer.location, answer.body);
                let silently = answer.parameter("error").as_deref() == Some("temporarily_unavailable");
                match answer.status {
                    StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
                        self.unavailable.push(told);
                    }
                    _ if silently => self.unavailable.push(told),
                    _ => self.wrong.push(told),
                }
            }
        }
    }

    pub fn last_trouble(&self) -> Option<&String> {
        self.wrong.last().or(self.unavailable.last())
    }

    /// For what must go unnoticed by everybody.
    pub fn expect_no_failed_request(&self) {
        let failed = [self.wrong.as_slice(), self.unavailable.as_slice()].concat();
        assert!(failed.is_empty(), "{} of {} failed:\n{}", failed.len(), self.well + failed.len(), failed.join("\n"));
        assert!(self.well > 0);
    }

    /// With the fault gone: it is all there, nothing used comes back, and nobody was told what is not true.
    pub async fn check(mut self, installation: &Installation) -> Checked {
        assert!(self.wrong.is_empty(), "no fault excuses\n{}", self.wrong.join("\n"));
        let mut browser = installation.browser();
        for given in &self.redeemed {
            let again = browser.try_redeem(&given.code).await.unwrap();
            assert_eq!(again.error().as_deref(), Some("invalid_grant"), "a redeemed code works again: {}", again.body);
        }
        for given in &self.uncertain {
            redeem_at_most_once(&mut browser, given).await;
        }
        for given in &self.unused {
            let is_fresh = given.at.elapsed() < GOOD_FOR;
            let is_good = redeem_at_most_once(&mut browser, given).await;
            assert!(is_good || !is_fresh, "a code that was given out is lost");
        }
        for list in &self.lists {
            let request = Request::get(format!("{}/api/cart/item-lists/{}", installation.origin, list.id))
                .header(header::AUTHORIZATION, format!("Bearer {}", list.token));
            let answer = browser.send(request, String::new()).await.unwrap();
            assert_eq!(answer.status, StatusCode::OK, "an acknowledged list is lost: {}", answer.body);
        }
        for browser in &mut self.sessions {
            assert!(browser.reopened().is_signed_in().await, "an acknowledged sign-in is lost");
        }
        Checked {
            sessions: self.sessions.len(),
            redeemed: self.redeemed.len(),
            unused: self.unused.len(),
            lists: self.lists.len(),
            unavailable: self.unavailable.len(),
        }
    }
}

/// Whether it was good the first time.
async fn redeem_at_most_once(browser: &mut Browser, given: &Given) -> bool {
    let first = browser.try_redeem(&given.code).await.unwrap();
    let is_good = first.status == StatusCode::OK;
    assert!(is_good || first.error().as_deref() == Some("invalid_grant"), "{}: {}", first.status, first.body);
    let second = browser.try_redeem(&given.code).await.unwrap();
    assert_eq!(second.error().as_deref(), Some("invalid_grant"), "a code works twice: {}", second.body);
    is_good
}

/// How much was acknowledged, and found again.
#[derive(Debug, Default, Clone, Copy)]
pub struct Checked {
    pub sessions: usize,
    pub redeemed: usize,
    pub unused: usize,
    pub lists: usize,
    pub unavailable: usize,
}

impl std::ops::AddAssign for Checked {
    fn add_assign(&mut self, other: Self) {
        self.sessions += other.sessions;
        self.redeemed += other.redeemed;
        self.unused += other.unused;
        self.lists += other.lists;
        self.unavailable += other.unavailable;
    }
}

impl Checked {
    /// A test under which nothing happened shows nothing.
    pub fn expect_some_of_each(self) {
        println!("found again: {self:?}");
        assert!(self.sessions > 0 && self.redeemed > 0 && self.unused > 0 && self.lists > 0, "{self:?}");
    }
}
