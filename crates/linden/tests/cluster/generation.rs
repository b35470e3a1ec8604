//! What an operator writes, every node goes by soon, whatever it has kept until then.

use std::time::{Duration, Instant};

use http::{Request, StatusCode, header};
use test_kit::browser::Browser;
use test_kit::secrets;

use crate::many_machines::{ManyMachines, SHOP};

const PARTNER: &str = "https://partner.example";
/// Two seconds are promised; the rest is for a busy machine.
const SOON: Duration = Duration::from_secs(30);
/// So many answers in a row come from every node that might answer.
const FROM_EACH: usize = 16;

/// Whether a storefront elsewhere may call the services.
async fn is_partner_allowed(browser: &mut Browser, origin: &str) -> bool {
    let request = Request::options(format!("{origin}/api/cart/item-lists"))
        .header(header::ORIGIN, PARTNER)
        .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST");
    let answer = browser.send(request, String::new()).await.unwrap();
    answer.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN).is_some_and(|allowed| allowed == PARTNER)
}

async fn until_from_each(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let written = Instant::now();
    let mut in_a_row = 0;
    while in_a_row < FROM_EACH {
        in_a_row = if is_so().await { in_a_row + 1 } else { 0 };
        assert!(written.elapsed() < SOON, "{what}: not every node goes by it");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!("{what}: {:?} until every node went by it", written.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_applied_reaches_every_gateway() {
    let many = ManyMachines::start().await;
    let (installation, mut browser) = (&many.installation, many.installation.browser());
    for _ in 0..FROM_EACH {
        assert!(!is_partner_allowed(&mut browser, &installation.origin).await);
    }
    let origin = "origin = \"${origin}\"\n";
    assert_eq!(SHOP.matches(origin).count(), 1);
    let directory = tempfile::tempdir().unwrap();
    for (origins, is_allowed) in [(format!("origins = [\"{PARTNER}\"]\n"), true), (String::new(), false)] {
        let file = directory.path().join("shop.toml");
        std::fs::write(&file, SHOP.replace(origin, &format!("{origin}{origins}"))).unwrap();
        installation.command(&["apply", file.to_str().unwrap(), "--public-origin", &installation.origin]).unwrap();
        until_from_each(&format!("partner allowed: {is_allowed}"), async || {
            is_partner_allowed(&mut browser, &installation.origin).await == is_allowed
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_reaches_every_authorization_server() {
    let many = ManyMachines::start().await;
    let (installation, mut browser) = (&many.installation, many.installation.browser());
    let command = |args: &[&str]| -> serde_json::Value {
        let done: serde_json::Value = serde_json::from_str(&installation.command(args).unwrap()).unwrap();
        secrets::note(done["secret"].as_str().unwrap());
        done["secret"].clone()
    };
    let mut status = async |secret: &serde_json::Value| {
        let secret = secret.as_str().unwrap();
        let form = [("grant_type", "client_credentials"), ("client_id", "probe"), ("client_secret", secret)];
        browser.post("/auth/oauth/token", &form).await.unwrap().status
    };
    let unknown = serde_json::Value::from("a-secret-that-was-never-one");
    for _ in 0..FROM_EACH {
        assert_eq!(status(&unknown).await, StatusCode::UNAUTHORIZED);
    }
    let first = command(&["client", "add", "probe", "--secret-in-form", "--json"]);
    until_from_each("client added", async || status(&first).await == StatusCode::OK).await;
    let second = command(&["client", "rotate-secret", "probe", "--overlap-hours", "0", "--json"]);
    until_from_each("new secret", async || status(&second).await == StatusCode::OK).await;
    until_from_each("former secret", async || status(&first).await == StatusCode::UNAUTHORIZED).await;
}
