//! Every address of the server has a test of who may use it, or this one fails.

use std::collections::BTreeSet;

use auth_server::{Access, ROUTES};

/// Method, path and the tests that hold who may use it; that a test exists is checked by naming it.
macro_rules! covered {
    ($($method:literal $path:literal => $($test:path),+;)*) => {
        const COVERED: &[(&str, &str)] = &[$(($method, $path)),*];

        /// The tests themselves: a name that is gone does not compile.
        const TESTS: &[fn()] = &[$($($test),+),*];
    };
}

covered! {
    "GET" "/.well-known/openid-configuration" => crate::discovery::the_document_says_what_there_is;
    "GET" "/.well-known/oauth-authorization-server" => crate::discovery::it_is_the_same_at_all_its_places;
    "GET" "/oauth/jwks" => crate::discovery::the_key_set_holds_public_keys_only;
    "GET" "/oauth/authorize" => crate::authorize::without_a_session_the_user_is_asked_to_sign_in;
    "POST" "/oauth/authorize" => crate::posted::a_posted_request_comes_back_by_get_with_the_cookies;
    "POST" "/oauth/par" => crate::pushed::a_client_is_authenticated_as_at_the_token_endpoint;
    "POST" "/oauth/token" => crate::token::a_client_is_authenticated_whatever_the_grant;
    "GET" "/userinfo" => crate::user_info::without_a_valid_access_token_nothing_is_told;
    "POST" "/userinfo" => crate::user_info::without_a_valid_access_token_nothing_is_told;
    "GET" "/login" => crate::login::the_page_is_for_everybody_and_leads_back_to_a_registered_address;
    "POST" "/login" => crate::login::a_form_from_another_site_is_refused;
    "GET" "/logout" => crate::logout::without_a_valid_hint_the_user_is_asked;
    "POST" "/logout" =>
        crate::logout::without_a_valid_hint_the_user_is_asked,
        crate::logout::the_question_is_answered_in_this_browser_and_from_this_site_only;
    "GET" "/session" => crate::session::without_a_session_it_says_that_nobody_is_signed_in;
    "GET" "/user-operations" => crate::user_operation::without_a_session_nothing_is_told;
    "GET" "/user-operations/resource" => crate::user_operation::without_a_valid_access_token_nothing_is_told;
    "GET" "/assets/{name}" => crate::pages::assets_are_for_everybody_and_for_ever;
}

#[test]
fn every_address_has_a_test_of_who_may_use_it() {
    let routes: BTreeSet<(&str, &str)> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
    let covered: BTreeSet<(&str, &str)> = COVERED.iter().copied().collect();
    assert_eq!(covered.len(), COVERED.len(), "an address stands here twice");
    let untested: Vec<_> = routes.difference(&covered).collect();
    assert!(untested.is_empty(), "no test holds who may use {untested:?}");
    let gone: Vec<_> = covered.difference(&routes).collect();
    assert!(gone.is_empty(), "{gone:?} is tested and does not exist");
    assert!(TESTS.len() >= COVERED.len());
}

#[test]
fn what_changes_anything_is_not_public() {
    for route in ROUTES {
        assert!(route.method == "GET" || route.access != Access::Public, "{} {}", route.method, route.path);
    }
}
