//! Keys are replaced while nodes are ended, killed and started again, and a verifier that knows only the standard never
//! looks away.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::JsonWebKey;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use serde_json::Value;
use test_kit::browser::Browser;
use test_kit::installation::{Installation, Node};
use test_kit::secrets;

use crate::many_machines::ManyMachines;
use crate::{is_long, one_machine};

/// How long the verifier keeps a key set. A running server follows within two seconds; the rest is for a busy machine.
const KEEPS: Duration = Duration::from_secs(4);
const SIGN_AFTER: &str = "14";

/// Gets tokens and fetches key sets. A key is known by the implementation of the crate `openidconnect`, which shares nothing
/// with ours.
struct Verifier {
    /// How long it keeps a key set.
    keeps: Duration,
    /// With the moment before each was asked for.
    key_sets: Mutex<Vec<(Instant, CoreJsonWebKeySet)>>,
    /// All that tokens were signed with; none of them ends while this runs.
    signed: Mutex<Vec<CoreJsonWebKey>>,
    verified: AtomicUsize,
}

impl Verifier {
    fn new(keeps: Duration) -> Arc<Self> {
        Arc::new(Self { keeps, key_sets: Mutex::default(), signed: Mutex::default(), verified: AtomicUsize::new(0) })
    }

    async fn fetch(&self, browser: &mut Browser) {
        let before = Instant::now();
        let Some(answer) = browser.get("/auth/oauth/jwks").await.filter(|answer| answer.status == 200) else { return };
        let key_set: CoreJsonWebKeySet = serde_json::from_str(&answer.body).unwrap();
        let signed = self.signed.lock().unwrap().clone();
        for key in &signed {
            assert!(key_set.keys().contains(key), "{key:?} signed tokens that live, and is not in {}", answer.body);
        }
        self.key_sets.lock().unwrap().push((before, key_set));
    }

    /// The id of the key that signed. With every key set that may still be kept, the token is right.
    async fn ask(&self, browser: &mut Browser, form: &[(&str, &str)]) -> Option<String> {
        let asked = Instant::now();
        let answer = browser.post("/auth/oauth/token", form).await.filter(|answer| answer.status == 200)?;
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        let key_id = header(&token)["kid"].as_str().unwrap().to_owned();
        let mut key_sets = self.key_sets.lock().unwrap();
        key_sets.retain(|(fetched, _)| *fetched + self.keeps > asked);
        let mut known: Option<&CoreJsonWebKey> = None;
        for (_, kept) in key_sets.iter() {
            let key = kept.keys().iter().find(|key| key.key_id().is_some_and(|id| **id == key_id));
            let key = key.unwrap_or_else(|| panic!("who keeps a key set for {:?} has no {key_id}", self.keeps));
            assert!(known.is_none_or(|known| known == key));
            known = Some(key);
        }
        // When the server is back, one is asked for before a key set is fetched.
        if let Some(key) = known {
            let (message, signature) = token.rsplit_once('.').unwrap();
            let (message, signature) = (message.as_bytes(), URL_SAFE_NO_PAD.decode(signature).unwrap());
            key.verify_signature(&CoreJwsSigningAlgorithm::EcdsaP256Sha256, message, &signature).unwrap();
            self.verified.fetch_add(1, Ordering::Relaxed);
            let mut signed = self.signed.lock().unwrap();
            if !signed.contains(key) {
                signed.push(key.clone());
            }
        }
        Some(key_id)
    }
}

fn header(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap()).unwrap()
}

fn command(installation: &Installation, args: &[&str]) -> Value {
    let printed = installation.command(args).unwrap();
    serde_json::from_str(&printed).unwrap_or_else(|_| panic!("no JSON: {printed}"))
}

/// Those that hold keys, by turns.
fn holder(installation: &mut Installation, turn: usize) -> &mut Node {
    let holds = |node: &&mut Node| !node.name().starts_with("gateway") && !node.name().starts_with("services");
    let mut holders: Vec<&mut Node> = installation.nodes.iter_mut().filter(holds).collect();
    let turn = turn % holders.len();
    holders.swap_remove(turn)
}

/// Each token is right with every key set that was fetched at most so long before, and with every one that is fetched
/// while it lives.
async fn keys_are_replaced_without_a_gap(installation: &mut Installation) {
    let rotations = if is_long() { 20 } else { 2 };
    let added = command(installation, &["client", "add", "probe", "--secret-in-form", "--json"]);
    let secret = added["secret"].as_str().unwrap();
    secrets::note(secret);
    let form = [("grant_type", "client_credentials"), ("client_id", "probe"), ("client_secret", secret)];

    let verifier = Verifier::new(KEEPS);
    let fetching = tokio::spawn({
        let (verifier, mut browser) = (Arc::clone(&verifier), installation.browser());
        async move {
            loop {
                verifier.fetch(&mut browser).await;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    });
    let mut browser = installation.browser();
    let mut signed = Vec::new();
    for round in 0..rotations {
        let made = command(installation, &["keys", "rotate", "--sign-after", SIGN_AFTER, "--json"]);
        let next = made["content"][0]["keyId"].as_str().unwrap();
        let begun = Instant::now();
        let mut restarted = 0;
        loop {
            assert!(begun.elapsed() < Duration::from_secs(120), "{next} never signs");
            assert!(!fetching.is_finished(), "the verifier saw a gap: {:?}", fetching.await);
            if let Some(key_id) = verifier.ask(&mut browser, &form).await {
                signed.push(key_id);
            }
            if signed.last().is_some_and(|id| id == next) && restarted == 2 {
                break;
            }
            // Once while the next key waits, and once about when it begins to sign.
            let due = [3, 13].map(|second| Duration::from_secs(second + round as u64 % 3));
            if due.get(restarted).is_some_and(|due| begun.elapsed() > *due) {
                let node = holder(installation, round + restarted);
                match (round + restarted) % 2 {
                    0 => node.kill(),
                    _ => assert!(tokio::task::block_in_place(|| node.terminate()).unwrap().success()),
                }
                node.start_again().unwrap();
                restarted += 1;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    verifier.fetch(&mut browser).await;
    fetching.abort();
    assert_eq!(verifier.signed.lock().unwrap().len(), rotations + 1);
    let (before, verified) = (signed.len(), verifier.verified.load(Ordering::Relaxed));
    assert!(verified * 2 > before, "{verified} of {before} tokens were verified");
    signed.dedup();
    assert_eq!(signed.len(), rotations + 1, "one key after the other signed {before} tokens: {signed:?}");
    let listed = command(installation, &["keys", "list", "--json"]);
    let verifies = listed["content"].as_array().unwrap().iter().filter(|key| key["state"] == "verifies");
    assert_eq!(verifies.count(), rotations);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verifier_that_never_looks_away_sees_no_gap() {
    let data = tempfile::tempdir().unwrap();
    keys_are_replaced_without_a_gap(&mut one_machine(&data.path().join("shop"))).await;
}

/// They agree which key signs: of two nodes no token comes by the former key once one came by the next.
#[tokio::test(flavor = "multi_thread")]
async fn of_many_machines_none_signs_by_a_key_that_another_does_not_publish() {
    let mut many = ManyMachines::start().await;
    keys_are_replaced_without_a_gap(&mut many.installation).await;
}
