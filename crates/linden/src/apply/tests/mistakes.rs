//! What one file says wrong, with its place.

use proptest::prelude::*;

use super::{load_files, load_text};

/// Each mistake as `line:column: message`.
fn mistakes(text: &str) -> Vec<String> {
    let mistakes = load_text(text).unwrap_err();
    mistakes.0.iter().map(|mistake| format!("{}:{}: {}", mistake.line, mistake.column, mistake.message)).collect()
}

fn only(text: &str) -> String {
    let mut mistakes = mistakes(text);
    assert_eq!(mistakes.len(), 1, "{mistakes:?}");
    mistakes.remove(0)
}

#[test]
fn a_file_that_is_no_toml() {
    assert_eq!(only("[[tenant]\nname = 1"), "1:10: this is no TOML: unclosed array table, expected `]`");
    assert!(only("[[tenant]]\nname = \"a\"\nname = \"b\"").starts_with("3:1: this is no TOML: duplicate key"));
    assert!(only("a = \"\u{0}\"").starts_with("1:6: this is no TOML"));
}

#[test]
fn unknown_tables_and_fields_and_wrong_types() {
    assert!(only("\n[[cleint]]\n").starts_with("2:3: there is no table `cleint`: a file has [[tenant]]"));
    assert_eq!(only("[tenant]\nname = \"a\""), "1:2: write it in double brackets, [[tenant]]");
    let unknown = only("[[tenant]]\nname = \"a\"\n  colour = \"red\"\n");
    assert_eq!(unknown, "3:3: unknown field `colour`, expected `name`");
    assert_eq!(only("[[tenant]]\nname = 5\n"), "2:8: name: invalid type: integer `5`, expected a string");
    assert_eq!(only("[[tenant]]\n"), "1:1: missing field `name`");
    let nested = "[[account]]\nserver = \"s\"\nname = \"n\"\n[[account.member]]\nusername = \"a\"\nrole = \"x\"\n";
    assert_eq!(
        only(nested),
        "6:1: member: unknown field `role`, expected `username` or `roles`; did you mean `roles`?"
    );
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let text = r#"[[client]]
server = "customers"
client_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
colour = "red"
authentication_methods = ["none"]
grant_types = ["authorization_code", "password"]
redirect_uris = ["https://shop.example/", "http://shop.example/"]
permissions = ["WRITE_ITEM"]
code_seconds = 0
access_token_seconds = 90000
id_token_seconds = "5 minutes"

[[user]]
server = "customers"
username = "a b"
email = "nobody"
phone = "123"
"#;
    let told = mistakes(text);
    let places: Vec<&str> = told.iter().map(|told| told.split(": ").next().unwrap()).collect();
    let expected = ["3:13", "4:1", "6:38", "7:43", "8:16", "9:16", "10:24", "11:20", "15:12", "16:9", "17:9"];
    assert_eq!(places, expected, "{told:#?}");
    assert_eq!(told[0], "3:13: client_id: must be 1 to 64 letters, digits or - . _ ~, and not shaped like a ULID");
    assert_eq!(
        told[3],
        "7:43: redirect_uris: must be https, http on a loopback host, or a private-use scheme such as com.example.app"
    );
    assert_eq!(told[5], "9:16: code_seconds: 0 is not between 1 and 600");
    assert_eq!(told[7], "11:20: id_token_seconds: invalid type: string \"5 minutes\", expected a whole number");
    assert_eq!(told[8], "15:12: username: contains characters that a name cannot have (RFC 8265)");
}

#[test]
fn variables_and_the_environment() {
    assert_eq!(only("[[tenant]]\nname = \"${shop}\""), "2:8: ${shop} is unknown: there is ${host} and ${origin}");
    let issuer = "[[authorization_server]]\nname = \"s\"\ntenant = \"t\"\nissuer = \"${shop}/auth\"\n";
    assert!(only(issuer).starts_with("4:10: ${shop} is unknown"));
    let user = |password: &str| {
        format!("[[user]]\nserver = \"s\"\nusername = \"anna\"\nemail = \"a@b.example\"\npassword = {password}\n")
    };
    load_text(&user("{ env = \"GIVEN\" }")).unwrap();
    for (password, why) in [
        ("{ env = \"MISSING\" }", "the environment variable \"MISSING\" is not set"),
        ("{ env = \"EMPTY\" }", "the environment variable \"EMPTY\" is not set"),
        ("{ env = \"A=B\" }", "the environment variable \"A=B\" is not set"),
        ("{ file = \"x\" }", "password: unknown field `file`"),
        ("{ env = \"A\", derived = true }", "password: one of env, generate, derived, not two"),
        ("{}", "password: one of env, generate, derived is needed"),
        ("{ generate = true }", "password: is given as a text or as { env"),
        ("\"\"", "password: is empty or longer than 1024 bytes"),
        ("\"a\\u0007b\"", "password: contains control characters"),
    ] {
        let told = only(&user(password));
        assert!(told.starts_with("5:12: ") && told.contains(why), "{password}: {told}");
    }
}

#[test]
fn hashes_from_elsewhere() {
    let user =
        |fields: &str| format!("[[user]]\nserver = \"s\"\nusername = \"anna\"\nemail = \"a@b.example\"\n{fields}\n");
    let bcrypt = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy";
    load_text(&user(&format!("password_hash = \"{bcrypt}\""))).unwrap();
    for (hash, why) in [
        ("secret", "password_hash: must be an Argon2id hash"),
        ("$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "a bcrypt cost of 4 to 13"),
        ("$2b$10$", "password_hash: is no bcrypt hash"),
        (
            "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "would cost too much",
        ),
        ("$argon2id$v=19$m=19456,t=2,p=1$$", "password_hash: is no Argon2id hash"),
    ] {
        let told = only(&user(&format!("password_hash = \"{hash}\"")));
        assert!(told.starts_with("5:17: ") && told.contains(why), "{hash}: {told}");
        assert!(hash.len() < 40 || !told.contains(&hash[30..]), "{told}");
    }
    let both = format!("password = \"meadow lantern\"\npassword_hash = \"{bcrypt}\"");
    assert!(only(&user(&both)).starts_with("6:17: password_hash: there is a password beside it"));
}

#[test]
fn what_a_client_must_not_be() {
    let client = |fields: &str| format!("[[client]]\nserver = \"s\"\nclient_id = \"c\"\n{fields}");
    let public = "authentication_methods = [\"none\"]\n";
    let secret = "authentication_methods = [\"client_secret_basic\"]\nsecret = \"a-secret-for-this-test\"\n";
    for (fields, place, why) in [
        (format!("{public}grant_types = [\"client_credentials\"]"), "5:15", "needs a secret"),
        (format!("{public}grant_types = [\"authorization_code\"]"), "5:15", "needs redirect_uris"),
        (format!("{secret}grant_types = []"), "6:15", "name at least one"),
        ("authentication_methods = []\ngrant_types = [\"client_credentials\"]\nsecret = { generate = true }".to_owned(), "4:26", "name at least one"),
        ("authentication_methods = [\"client_secret_post\"]\ngrant_types = [\"client_credentials\"]".to_owned(), "4:26", "secret: is missing"),
        ("authentication_methods = [\"client_secret_post\"]\ngrant_types = [\"client_credentials\"]\nsecret = \"short\"".to_owned(), "6:10", "16 to 255"),
        ("authentication_methods = [\"client_secret_post\"]\ngrant_types = [\"client_credentials\"]\nsecret = { generate = false }".to_owned(), "6:10", "can only be true"),
    ] {
        let told = only(&client(&fields));
        assert!(told.starts_with(place) && told.contains(why), "{fields}: {told}");
    }
    let redirect = "redirect_uris = [\"https://shop.example/\"]\ngrant_types = [\"authorization_code\"]\n";
    for (field, place, why) in [
        ("secret = \"a-secret-for-this-test\"", "7:10", "has no secret"),
        ("proof_key_required = false", "7:22", "always proves"),
        ("default_redirect_uri = \"https://shop.example/other\"", "7:24", "must be one of redirect_uris"),
        ("application_type = \"desktop\"", "7:20", "unknown variant"),
    ] {
        let told = only(&client(&format!("{public}{redirect}{field}")));
        assert!(told.starts_with(place) && told.contains(why), "{field}: {told}");
    }
    let private = |kind: &str| {
        format!("{public}{kind}grant_types = [\"authorization_code\"]\nredirect_uris = [\"com.example.app:/callback\"]")
    };
    let told = only(&client(&private("")));
    assert!(told.starts_with("6:18") && told.contains("application_type = \"native\""), "{told}");
    load_text(&client(&private("application_type = \"native\"\n"))).unwrap();
    let out = "post_logout_redirect_uris = [\"com.example.app:/out\"]\n";
    let told = only(&client(&format!("{public}{redirect}{out}")));
    assert!(told.starts_with("7:30: post_logout_redirect_uris: a private-use scheme"), "{told}");
    load_text(&client(&format!("{public}{redirect}{out}application_type = \"native\"\n"))).unwrap();
    load_text(&client(&format!("{public}{redirect}default_redirect_uri = \"https://shop.example\""))).unwrap();
    let both = "authentication_methods = [\"none\", \"client_secret_post\"]\n";
    assert!(only(&client(&format!("{both}{redirect}"))).contains("\"none\" stands alone"));
}

#[test]
fn keys_of_clients() {
    let client = |methods: &str, rest: &str| {
        format!(
            "[[client]]\nserver = \"s\"\nclient_id = \"c\"\nauthentication_methods = [{methods}]\ngrant_types = [\"client_credentials\"]\n{rest}"
        )
    };
    let jwks = |keys: &str| format!("jwks = {{ keys = [{keys}] }}");
    let key = "{ kty = \"OKP\", crv = \"Ed25519\", x = \"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\" }";
    let private = key.replace("kty", "d = \"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\", kty");
    let own = "\"private_key_jwt\"";
    load_text(&client(own, &jwks(key))).unwrap();
    load_text(&client(
        "\"private_key_jwt\", \"client_secret_post\"",
        &format!("{}\nsecret = {{ generate = true }}", jwks(key)),
    ))
    .unwrap();
    for (text, place, why) in [
        (client(own, ""), "4:26", "jwks: is missing"),
        (client(own, &jwks("")), "6:8", "must hold 1 to 8 keys"),
        (client(own, &jwks(&private)), "6:8", "key 1: holds the private member d: give the public half alone"),
        (client(own, &jwks(&format!("{key}, {key}"))), "6:8", "two keys have the kid"),
        (client(own, &jwks("{ kty = \"oct\", k = \"AAAA\" }")), "6:8", "private member k"),
        (client(own, &jwks("{ kty = \"EC\", crv = \"P-521\" }")), "6:8", "kty must be"),
        (client(own, "jwks = \"https://erp.example/keys\""), "6:8", ""),
        (
            client(own, &format!("{}\nsecret = {{ generate = true }}", jwks(key))),
            "7:10",
            "\"private_key_jwt\" has no secret",
        ),
        (
            client("\"client_secret_post\"", &format!("secret = {{ generate = true }}\n{}", jwks(key))),
            "7:8",
            "leave jwks out",
        ),
    ] {
        let told = only(&text);
        assert!(told.starts_with(place) && told.contains(why), "{text}: {told}");
        assert!(!told.contains("nWGx"), "{told}");
    }
}

#[test]
fn a_name_with_an_at_sign_is_the_own_address() {
    let user = |username: &str| {
        format!("[[user]]\nserver = \"s\"\nusername = \"{username}\"\nemail = \"Anna@Bücher.example\"\n")
    };
    load_text(&user("anna@xn--bcher-kva.example")).unwrap();
    assert!(only(&user("ben@shop.example")).starts_with("3:12: username: looks like an e-mail address"));
}

#[test]
fn addresses_of_servers_and_applications() {
    let server =
        |issuer: &str| format!("[[authorization_server]]\nname = \"s\"\ntenant = \"t\"\nissuer = \"{issuer}\"\n");
    for issuer in
        ["https://shop.example", "https://shop.example/auth", "http://localhost:8080/auth", "http://[::1]:1/a"]
    {
        load_text(&server(issuer)).unwrap();
    }
    for issuer in [
        "https://shop.example/auth/",
        "http://shop.example/auth",
        "https://shop.example/auth?a=b",
        "https://SHOP.example/auth",
        "https://user@shop.example",
        "shop.example",
        "ftp://localhost/",
    ] {
        assert!(only(&server(issuer)).starts_with("4:10: issuer: must be"), "{issuer}");
    }
    let application = |domains: &str| {
        format!(
            "[[application]]\nserver = \"s\"\nname = \"a\"\nclient = \"c\"\ngateway_client = \"g\"\ndomains = {domains}\n"
        )
    };
    load_text(&application(r#"["shop.example", "localhost:8080", "[::1]:8080"]"#)).unwrap();
    assert!(only(&application("[]")).starts_with("6:11: domains: name at least one"));
    for domain in ["Shop.example", "https://shop.example", "shop.example/", "a b", "shop.example:80", "bücher.example"]
    {
        let told = only(&application(&format!("[\"{domain}\"]")));
        assert!(told.starts_with("6:12: domains: must be a host"), "{domain}: {told}");
    }
    let two_ways = application("[\"shop.example\"]") + "parameter = \"a\"\ncontext_path = \"a\"\n";
    assert!(only(&two_ways).starts_with("8:16: an application is found by one of"));
}

#[test]
fn inactivity_beyond_the_hard_end() {
    let text = "[[authorization_server]]\nname = \"s\"\ntenant = \"t\"\nissuer = \"https://s.example\"\n\
                lifetimes = { session_inactivity_seconds = 61, session_seconds = 60 }\n";
    assert!(only(text).starts_with("5:44: session_inactivity_seconds: is longer than session_seconds"));
}

#[test]
fn twice_in_two_files_names_both_places() {
    let user = "[[user]]\nserver = \"s\"\nusername = \"Anna\"\nemail = \"anna@shop.example\"\n";
    let again = "# more\n[[user]]\nserver = \"s\"\nusername = \"ａｎｎａ\"\nemail = \"other@shop.example\"\n\n\
                 [[user]]\nserver = \"s\"\nusername = \"eve\"\nemail = \"ANNA@shop.example\"\n";
    let mistakes = load_files(&[("a.toml", user), ("b.toml", again)]).unwrap_err();
    assert_eq!(
        mistakes.to_string(),
        "mistakes in the configuration, nothing was changed\n\
         b.toml:4:12: the user anna of server s is there twice, first at a.toml:3:12: keep one of the two\n\
         b.toml:10:9: the e-mail address anna@shop.example of server s is there twice, first at a.toml:4:9: keep one of the two"
    );
    for table in [
        "[[tenant]]\nname = \"a\"\n",
        "[[scope]]\nserver = \"s\"\nname = \"A\"\n",
        "[[role]]\nserver = \"s\"\nname = \"A\"\n",
        "[[item_list]]\ntenant = \"a\"\nname = \"A\"\n",
        "[[account]]\nserver = \"s\"\nname = \"A\"\n",
    ] {
        let told = only(&table.repeat(2));
        assert!(told.contains("is there twice, first at shop.toml:"), "{told}");
    }
}

#[test]
fn a_scope_is_not_called_like_a_permission() {
    let told = only("[[scope]]\nserver = \"s\"\nname = \"ALL_PAYMENT\"\n");
    assert!(told.starts_with("3:8: name: ALL_PAYMENT is a permission's name"), "{told}");
}

#[test]
fn columns_count_characters() {
    let told = only("tenant = [{ name = \"üü\" }, { name = \"\" }]");
    assert!(told.starts_with("1:37: name: must not be empty"), "{told}");
}

const DEMO: &str = include_str!("../../../demo/shop.toml");

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is typed into a file: it is read, or its mistakes have places that are in it.
    #[test]
    fn any_text_is_answered(at in 0..DEMO.len(), taken in 0usize..40, typed in "\\PC{0,3}|[\\[\\]{}=\"\n$#,.0-9]{0,4}") {
        let start = DEMO.floor_char_boundary(at);
        let end = DEMO.floor_char_boundary((start + taken).min(DEMO.len()));
        let text = [&DEMO[..start], &typed, &DEMO[end..]].concat();
        if let Err(mistakes) = load_text(&text) {
            for mistake in &mistakes.0 {
                let line = text.split('\n').nth(mistake.line - 1).map(|line| line.chars().count() + 1);
                prop_assert!(line.is_some_and(|length| mistake.column <= length), "{mistake}");
            }
        }
    }
}
