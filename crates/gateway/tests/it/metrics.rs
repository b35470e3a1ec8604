use telemetry::metrics::labels::{Cache, GuestToken, Lookup, Part, StatusClass};

use crate::origin::Origin;

#[tokio::test]
async fn upstreams_guests_and_caches_are_counted_under_configured_names_alone() {
    let origin = Origin::new();
    let metrics = &origin.metrics;
    for path in ["/api/cart/item-lists", "/api/cart/item-lists", "/api/gone/x", "/api/nobody/x", "/auth/userinfo"] {
        origin.get(path).await;
    }
    let requests = StatusClass::EVERY.map(|class| metrics.requests.count((Part::Gateway, class)));
    assert_eq!(requests.iter().sum::<u64>(), 5);
    assert_eq!(metrics.guest_tokens.count(GuestToken::Fetched), 1);
    let lookups = |cache, result| metrics.cache_lookups.count((cache, result));
    assert_eq!((lookups(Cache::GuestTokens, Lookup::Miss), lookups(Cache::GuestTokens, Lookup::Hit)), (1, 2));
    assert!(lookups(Cache::Applications, Lookup::Hit) >= 3);
    let text = metrics.text();
    for line in [
        "linden_upstream_seconds_count{upstream=\"cart\"} 2",
        "linden_upstream_seconds_count{upstream=\"auth\"} 2",
        "linden_upstream_failures_total{upstream=\"gone\",reason=\"unreachable\"} 1",
        "linden_upstream_seconds_count{upstream=\"gone\"} 0",
    ] {
        assert!(text.lines().any(|said| said == line), "no {line} in {text}");
    }
    assert!(!text.contains("nobody") && !text.contains("shop.example"), "{text}");
}
