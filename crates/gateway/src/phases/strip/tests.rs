use proptest::prelude::*;

use super::*;

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn names(headers: &HeaderMap) -> Vec<&str> {
    let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    names
}

#[test]
fn nothing_that_only_the_gateway_may_set_gets_through() {
    let mut sent = headers(&[
        ("X-Context-Request", "{}"),
        ("x_context_request", "{}"),
        ("X-Guest_Token", "a"),
        ("Forwarded", "for=1.2.3.4"),
        ("X-Forwarded-For", "1.2.3.4"),
        ("X-Forwarded-Anything", "1"),
        ("X_Request_Id", "a"),
        ("Remote_User", "root"),
        ("Accept", "*/*"),
    ]);
    forged(&mut sent);
    assert_eq!(names(&sent), ["accept"]);
}

#[test]
fn what_is_about_one_connection_ends_with_it() {
    let mut sent = headers(&[
        ("Connection", "close, X-Secret"),
        ("Connection", " keep-alive ,, Authorization, x_other"),
        ("X-Secret", "1"),
        ("X-Other", "1"),
        ("Keep-Alive", "timeout=5"),
        ("TE", "trailers"),
        ("Transfer_Encoding", "chunked"),
        ("Upgrade", "websocket"),
        ("Authorization", "Bearer a"),
        ("Accept", "*/*"),
    ]);
    hop_by_hop(&mut sent);
    assert_eq!(names(&sent), ["accept", "authorization"]);
}

#[test]
fn our_cookies_are_taken_out_and_others_left() {
    let mut sent = headers(&[
        ("cookie", "a=1; linden-session-8080=x; __Host-linden-guest=y;"),
        ("cookie", "LINDEN-csrf=z; b=2"),
        ("cookie", "linden-session=only"),
    ]);
    join_cookies(&mut sent);
    request_cookies(&mut sent);
    assert_eq!(sent.get_all(header::COOKIE).iter().collect::<Vec<_>>(), ["a=1; b=2"]);
    let mut ours_alone = headers(&[("cookie", "linden-session=only")]);
    request_cookies(&mut ours_alone);
    assert!(ours_alone.is_empty());

    let mut answered = headers(&[
        ("set-cookie", "__Host-linden-session=evil; Path=/"),
        ("set-cookie", " linden-remember-8080 =evil"),
        ("set-cookie", "cart=linden-1"),
    ]);
    answer_cookies(&mut answered);
    assert_eq!(answered.get_all(header::SET_COOKIE).iter().collect::<Vec<_>>(), ["cart=linden-1"]);
}

#[test]
fn cookies_of_others_stay_byte_for_byte() {
    let mut sent = HeaderMap::new();
    sent.append(header::COOKIE, HeaderValue::from_bytes(b"a=1;b=\xffx;  c").unwrap());
    let before = sent.clone();
    join_cookies(&mut sent);
    request_cookies(&mut sent);
    assert_eq!(sent, before);
    sent.append(header::COOKIE, HeaderValue::from_bytes(b"linden-session=x; d=\xfe").unwrap());
    join_cookies(&mut sent);
    assert_eq!(sent[header::COOKIE].as_bytes(), b"a=1;b=\xffx;  c; linden-session=x; d=\xfe");
    request_cookies(&mut sent);
    assert_eq!(sent[header::COOKIE].as_bytes(), b"a=1; b=\xffx; c; d=\xfe");
}

/// Names that other software believes in, or that we do.
const BELIEVED_IN: [&str; 20] = [
    "x-context-request",
    "x-guest-token",
    "x-request-id",
    "forwarded",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "remote-user",
    "x-remote-user",
    "x-user",
    "x-user-id",
    "x-authenticated-user",
    "x-original-host",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
    "x-forwarded-for",
    "x-forwarded-anything",
    "x-auth-request-user",
];

proptest! {
    #[test]
    fn no_spelling_of_ours_survives(
        which in 0..BELIEVED_IN.len(),
        spelling in proptest::collection::vec(any::<(bool, bool)>(), 40),
    ) {
        let name: String = BELIEVED_IN[which].chars().zip(spelling).map(|(character, (upper, low))| match character {
            '-' if low => '_',
            other if upper => other.to_ascii_uppercase(),
            other => other,
        }).collect();
        let mut sent = headers(&[(&name, "x")]);
        forged(&mut sent);
        prop_assert!(sent.is_empty());
    }

    #[test]
    fn no_cookie_of_ours_survives_among_others(
        cookies in proptest::collection::vec("( ?)(__Host-|__Secure-|)(linden|lindy|x)-[a-z]{0,5}=[a-z\"]{0,3}", 0..8),
        separator in "; ?",
    ) {
        let half = cookies.len() / 2;
        let (first, second) = (cookies[..half].join(&separator), cookies[half..].join(&separator));
        let mut sent = headers(&[("cookie", &first), ("cookie", &second)]);
        join_cookies(&mut sent);
        request_cookies(&mut sent);
        let left: Vec<u8> = sent.get_all(header::COOKIE).iter().flat_map(|value| value.as_bytes().to_vec()).collect();
        let left = String::from_utf8(left).unwrap();
        prop_assert!(!left.contains("linden-"), "{left}");
        for other in cookies.iter().filter(|cookie| !cookie.contains("linden-")) {
            prop_assert!(left.contains(other.trim()), "{other} in {left}");
        }
    }

    #[test]
    fn whatever_connection_names_is_gone(name in "[a-z][a-z_-]{0,10}", spelled_low: bool) {
        prop_assume!(name != "authorization");
        let listed = if spelled_low { name.replace('-', "_") } else { name.to_ascii_uppercase() };
        let mut sent = headers(&[("connection", &listed), (&name, "x")]);
        hop_by_hop(&mut sent);
        prop_assert!(sent.is_empty(), "{sent:?}");
    }
}
