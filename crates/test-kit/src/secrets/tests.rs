use super::*;

#[test]
fn a_secret_is_found_however_it_is_written() {
    let secret = "not found anywhere? else";
    note(secret);
    let search = search();
    for told in [
        format!("password={secret}"),
        "not+found+anywhere%3F+else".to_owned(),
        "not%20found%20anywhere%3F%20else".to_owned(),
        STANDARD_NO_PAD.encode(format!("client:{secret}")),
        STANDARD_NO_PAD.encode(format!("a:{secret}")),
        STANDARD_NO_PAD.encode(format!(":{secret}.")),
        URL_SAFE_NO_PAD.encode(secret),
    ] {
        assert!(search.is_match(&told), "{told}");
    }
    assert!(!search.is_match("not found anywhere"));
}

#[test]
fn what_is_secret_is_known_by_its_name() {
    note_address("/auth/login?request=sealed-request&client_id=a-client-of-ours#top");
    note_body("password=typed+in+vain&username=somebody-else");
    note_body(r#"{"access_token":"head.claims.signature","token_type":"a-type-of-token"}"#);
    note_body(
        "<html><input type=\"hidden\" name=\"_csrf\" value=\"csrf-value\"><input name=\"username\" value=\"entered-name\">",
    );
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("cookie", "session=session-secret; other=browser-secret"),
        ("set-cookie", "renewed=renewed-secret; Path=/a-path-of-ours"),
        ("authorization", "Basic Y3JlZGVudGlhbHM6"),
    ] {
        headers.append(name, value.parse().unwrap());
    }
    note_headers(&headers);
    let noted = noted();
    for secret in [
        "sealed-request",
        "typed in vain",
        "head.claims.signature",
        "csrf-value",
        "session-secret",
        "browser-secret",
        "renewed-secret",
        "Y3JlZGVudGlhbHM6",
    ] {
        assert!(noted.contains(secret), "{secret} of {noted:?}");
    }
    for public in ["a-client-of-ours", "somebody-else", "a-type-of-token", "entered-name", "/a-path-of-ours"] {
        assert!(!noted.contains(public), "{public}");
    }
}
