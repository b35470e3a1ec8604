//! People who use the shop while things happen to it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::{Request, StatusCode, header};
use serde_json::Value;
use test_kit::browser::{ANNA, Answer, Browser, Client, Code, Stopped};
use test_kit::installation::Installation;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::ledger::{Given, Ledger, List};

pub struct Load {
    ended: CancellationToken,
    people: Vec<JoinHandle<()>>,
    ledger: Arc<Mutex<Ledger>>,
}

impl Load {
    /// Half of them redeem the codes that they are given.
    pub fn begin(installation: &Installation, people: usize) -> Self {
        let (ended, ledger) = (CancellationToken::new(), Arc::new(Mutex::new(Ledger::default())));
        let begin = |number: usize| {
            let person = Person {
                client: installation.client(),
                origin: installation.origin.clone(),
                redeems: number.is_multiple_of(2),
                ledger: Arc::clone(&ledger),
            };
            let ended = ended.clone();
            tokio::spawn(async move {
                while !ended.is_cancelled() {
                    if person.visit().await.is_err() {
                        // Whoever is told to come again later does not do so at once.
                        tokio::time::sleep(Duration::from_millis(50)).await;
                    }
                }
            })
        };
        let people = (0..people).map(begin).collect();
        Self { ended, people, ledger }
    }

    /// How many visits went well by now.
    pub fn visits(&self) -> usize {
        lock(&self.ledger).sessions.len()
    }

    /// Waits until so many more visits went well: the shop serves again.
    pub async fn until_served(&self, more: usize) {
        let wanted = self.visits() + more;
        let deadline = Instant::now() + Duration::from_secs(90);
        while self.visits() < wanted {
            assert!(Instant::now() < deadline, "it does not serve: {:?}", lock(&self.ledger).last_trouble());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Everybody finishes what they are at.
    pub async fn end(self) -> Ledger {
        self.ended.cancel();
        for person in self.people {
            person.await.unwrap();
        }
        std::mem::take(&mut *lock(&self.ledger))
    }
}

static NEXT_LIST: AtomicU64 = AtomicU64::new(0);

struct Person {
    client: Client,
    origin: String,
    redeems: bool,
    ledger: Arc<Mutex<Ledger>>,
}

/// The visit ended early; the ledger knows why.
struct CutShort;

impl Person {
    async fn visit(&self) -> Result<(), CutShort> {
        let mut browser = Browser::with(self.client.anew(), &self.origin);
        for path in ["/auth/oauth/jwks", "/auth/.well-known/openid-configuration", "/api/cart/item-lists"] {
            let answer = browser.try_get(path).await;
            self.expect(path, answer)?;
        }
        let signed_in = browser.try_sign_in(ANNA).await;
        let code = self.code("sign-in", signed_in)?;
        if self.redeems {
            let tokens = self.redeem(&mut browser, code).await?;
            self.make_list(&mut browser, &tokens).await?;
            let again = browser.try_silent_sign_in().await;
            self.code("silent sign-in", again).map(|code| self.note(|ledger| ledger.unused.push(code)))?;
        } else {
            self.note(|ledger| ledger.unused.push(code));
        }
        self.note(|ledger| ledger.sessions.push(browser));
        Ok(())
    }

    async fn redeem(&self, browser: &mut Browser, code: Given) -> Result<Value, CutShort> {
        let answer = browser.try_redeem(&code.code).await;
        let was_redeemed = matches!(&answer, Ok(answer) if answer.status == StatusCode::OK);
        self.note(|ledger| if was_redeemed { ledger.redeemed.push(code) } else { ledger.uncertain.push(code) });
        Ok(self.expect("redemption", answer)?.json())
    }

    async fn make_list(&self, browser: &mut Browser, tokens: &Value) -> Result<(), CutShort> {
        let token = tokens["access_token"].as_str().unwrap_or_default().to_owned();
        let request = Request::post(format!("{}/api/cart/item-lists", self.origin))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json");
        // A customer has a hundred lists at most; whoever asks for one by a name that is there gets that.
        let name = format!("for visit {}", NEXT_LIST.fetch_add(1, Ordering::Relaxed) % 90);
        let answer = browser.send(request, serde_json::json!({ "name": name }).to_string()).await;
        let made = self.expect("list", answer)?.json();
        let id = made["id"].as_str().unwrap_or_else(|| panic!("a list without an id: {made}")).to_owned();
        self.note(|ledger| ledger.lists.push(List { id, token }));
        Ok(())
    }

    fn code(&self, what: &'static str, outcome: Result<Code, Stopped>) -> Result<Given, CutShort> {
        match outcome {
            Ok(code) => {
                self.note(|ledger| ledger.went_well());
                Ok(Given { code, at: Instant::now() })
            }
            Err(stopped) => self.trouble(what, stopped),
        }
    }

    fn expect(&self, what: &'static str, outcome: Result<Answer, Stopped>) -> Result<Answer, CutShort> {
        match outcome {
            Ok(answer) if answer.status.is_success() => {
                self.note(|ledger| ledger.went_well());
                Ok(answer)
            }
            Ok(answer) => self.trouble(what, Stopped::Answered(Box::new(answer))),
            Err(stopped) => self.trouble(what, stopped),
        }
    }

    fn trouble<T>(&self, what: &'static str, stopped: Stopped) -> Result<T, CutShort> {
        self.note(|ledger| ledger.note_trouble(what, stopped));
        Err(CutShort)
    }

    fn note(&self, note: impl FnOnce(&mut Ledger)) {
        note(&mut lock(&self.ledger));
    }
}

/// A test that fails while it holds it has said what is wrong.
fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}
