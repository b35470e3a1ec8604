//! The copy of the authorization servers, by which services and gateways know whose tokens count.

use commerce::generation;
use commerce::trusted_issuer::{Issuer, all, replace};

use crate::engines::on_both_engines;
use crate::shop::{OTHER_TENANT, Shop, TENANT};

fn issuer(tenant: &str, issuer: &str) -> Issuer {
    Issuer { tenant_id: tenant.parse().unwrap(), issuer: issuer.to_owned(), audience: "linden-api".to_owned() }
}

async fn the_copy_is_made_equal_and_nodes_hear_of_it(shop: Shop) {
    let (ours, theirs) =
        (issuer(TENANT, "https://shop.example/auth"), issuer(OTHER_TENANT, "https://other.example/auth"));
    let before = generation(&shop.database).await.unwrap();
    assert!(replace(&shop.database, &[ours.clone(), theirs.clone()]).await.unwrap());
    assert_eq!(generation(&shop.database).await.unwrap(), before + 1);
    let mut found = all(&shop.database).await.unwrap();
    found.sort_by_key(|issuer| issuer.issuer != ours.issuer);
    assert_eq!(found, [ours.clone(), theirs]);

    let changed = [Issuer { audience: "another-api".to_owned(), ..ours }];
    assert!(replace(&shop.database, &changed).await.unwrap());
    assert_eq!(all(&shop.database).await.unwrap(), changed);
    let settled = generation(&shop.database).await.unwrap();
    assert!(!replace(&shop.database, &changed).await.unwrap());
    assert_eq!(generation(&shop.database).await.unwrap(), settled, "nothing changed, so nobody need look");
}

on_both_engines! {
    the_copy_is_made_equal_and_nodes_hear_of_it
}
