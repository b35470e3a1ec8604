//! `/metrics`, as Prometheus sees it.

use test_kit::browser::{ANNA, Browser};
use test_kit::secrets;

use crate::program::Shop;

#[tokio::test]
async fn what_happens_in_the_shop_is_counted_and_no_secret_told() {
    let data = tempfile::tempdir().unwrap();
    let shop = Shop::start_on(data.path(), "127.0.0.1:0", &["--management", "127.0.0.1:0"]);
    let mut operator = Browser::at(&format!("http://{}", shop.management()));
    let mut browser = Browser::at(&shop.origin);
    let code = browser.sign_in(ANNA).await.unwrap();
    let tokens = browser.redeem(&code).await.unwrap().json();
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    for _ in 0..2 {
        let request = http::Request::get(format!("{}/api/cart/item-lists", shop.origin));
        browser.try_send(request.header("authorization", &bearer), String::new()).await.unwrap();
    }
    let text = operator.get("/metrics").await.unwrap().body;
    let figure = |series: &str| -> f64 {
        let line = text.lines().find(|line| line.rsplit_once(' ').is_some_and(|(name, _)| name == series));
        line.unwrap_or_else(|| panic!("no {series} in {text}")).rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(figure("linden_sign_ins_total{outcome=\"success\"}"), 1.0);
    assert_eq!(figure("linden_token_requests_total{grant=\"authorization_code\",outcome=\"issued\"}"), 1.0);
    assert_eq!(figure("linden_guest_tokens_total{outcome=\"fetched\"}"), 1.0);
    for at_least_one in [
        "linden_requests_total{part=\"gateway\",status=\"2xx\"}",
        "linden_requests_total{part=\"auth\",status=\"2xx\"}",
        "linden_request_seconds_count{part=\"cart\"}",
        "linden_upstream_seconds_count{upstream=\"auth\"}",
        "linden_hash_seconds_count",
        "linden_hash_wait_seconds_count",
        "linden_cache_lookups_total{cache=\"verified_tokens\",result=\"hit\"}",
        "linden_database_wait_seconds_count{store=\"auth\",for=\"writer\"}",
        "linden_database_commit_jobs_sum{store=\"auth\"}",
        "linden_database_wait_seconds_count{store=\"commerce\",for=\"reader\"}",
        "linden_configuration_reads_total{store=\"auth\",outcome=\"done\"}",
        "linden_sweeps_total{store=\"auth\",outcome=\"done\"}",
        "linden_connections",
        "process_resident_memory_bytes",
    ] {
        assert!(figure(at_least_one) >= 1.0, "{at_least_one} in {text}");
    }
    secrets::assert_absent(&text.lines().map(str::to_owned).collect::<Vec<_>>());
}
