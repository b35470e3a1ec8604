use super::*;

fn at(host: &str, issuer: &str) -> [IssuerPlace; 1] {
    [IssuerPlace::of(issuer, host)]
}

#[test]
fn every_path_has_one_answer() {
    let shop = at("Shop.example", "https://shop.example/auth");
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
        assert_eq!(route(&shop, path), expected, "{path}");
    }
}

#[test]
fn the_authorization_server_answers_on_its_own_host_alone() {
    let of = |host| at(host, "https://login.example/auth/s/shop");
    for path in ["/auth", "/auth/s/shop/login", "/.well-known/openid-configuration/auth/s/shop"] {
        assert_eq!(route(&of("login.example"), path), Route::Auth, "{path}");
        assert_eq!(route(&of("shop.example"), path), Route::Nobody, "{path}");
    }
}

#[test]
fn an_issuer_without_a_path_has_its_host_to_itself() {
    let of = |host| at(host, "https://login.example");
    for path in ["/login", "/.well-known/openid-configuration"] {
        assert_eq!(route(&of("login.example"), path), Route::Auth, "{path}");
    }
    assert_eq!(route(&of("shop.example"), "/login"), Route::Storefront);
    assert_eq!(route(&of("shop.example"), "/.well-known/openid-configuration"), Route::Nobody);
}

#[test]
fn each_of_a_hosts_issuers_has_its_place() {
    let two = ["https://shop.example/auth", "https://shop.example/outlet-auth"];
    let two = two.map(|issuer| IssuerPlace::of(issuer, "shop.example"));
    for path in ["/auth/login", "/outlet-auth/login", "/.well-known/openid-configuration/outlet-auth"] {
        assert_eq!(route(&two, path), Route::Auth, "{path}");
    }
    let here_and_elsewhere = ["https://login.example/auth", "https://shop.example/auth"];
    let places = here_and_elsewhere.map(|issuer| IssuerPlace::of(issuer, "shop.example"));
    assert_eq!(route(&places, "/auth/login"), Route::Auth);
}
