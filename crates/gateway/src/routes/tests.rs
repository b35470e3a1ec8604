use auth_protocol::id::{ApplicationId, CustomerContextId, TenantId};
use serde_json::Value;

use super::*;

fn application(issuer: &str) -> Application {
    Application {
        id: ApplicationId::from_bytes([1; 16]),
        tenant_id: TenantId::from_bytes([2; 16]),
        customer_context_id: CustomerContextId::from_bytes([3; 16]),
        issuer: issuer.to_owned(),
        gateway_client_id: "storefront-gateway".to_owned(),
        origins: Vec::new(),
        storefront: Value::Null,
    }
}

#[test]
fn every_path_has_one_answer() {
    let shop = application("https://shop.example/auth");
    let service = |name, rest| Route::Service { name, rest };
    for (path, expected) in [
        ("/auth", Route::Auth),
        ("/auth/oauth/token", Route::Auth),
        ("/auth/s/staff/login", Route::Auth),
        ("/authors", Route::Storefront),
        ("/AUTH/login", Route::Storefront),
        ("/.well-known/openid-configuration/auth", Route::Auth),
        ("/.well-known/oauth-authorization-server/auth/s/staff", Route::Auth),
        ("/.well-known/openid-configuration", Route::Nobody),
        ("/.well-known/openid-configuration/other", Route::Nobody),
        ("/.well-known/security.txt", Route::Nobody),
        ("/.well-known", Route::Nobody),
        ("/console", Route::Nobody),
        ("/console/users", Route::Nobody),
        ("/consoles", Route::Storefront),
        ("/api", Route::Nobody),
        ("/api/", service("", "/")),
        ("/api/cart", service("cart", "/")),
        ("/api/cart/", service("cart", "/")),
        ("/api/cart/item-lists/1", service("cart", "/item-lists/1")),
        ("/apix/cart", Route::Storefront),
        ("/", Route::Storefront),
        ("/products/1", Route::Storefront),
    ] {
        assert_eq!(route(&shop, "shop.example", path), expected, "{path}");
    }
}

#[test]
fn the_authorization_server_answers_on_its_own_host_alone() {
    let shop = application("https://login.example/auth/s/shop");
    for path in ["/auth", "/auth/s/shop/login", "/.well-known/openid-configuration/auth/s/shop"] {
        assert_eq!(route(&shop, "login.example", path), Route::Auth, "{path}");
        assert_eq!(route(&shop, "shop.example", path), Route::Nobody, "{path}");
    }
}

#[test]
fn an_issuer_without_a_path_has_its_host_to_itself() {
    let shop = application("https://login.example");
    for path in ["/login", "/.well-known/openid-configuration"] {
        assert_eq!(route(&shop, "login.example", path), Route::Auth, "{path}");
    }
    assert_eq!(route(&shop, "shop.example", "/login"), Route::Storefront);
    assert_eq!(route(&shop, "shop.example", "/.well-known/openid-configuration"), Route::Nobody);
}
