//! Every page in every variant, in every language.

use std::collections::{BTreeMap, BTreeSet};

use super::*;

const BASE: &str = "/auth/assets";

const LOGIN_ERRORS: [LoginError; 6] = [
    LoginError::WrongCredentials,
    LoginError::Locked,
    LoginError::TooManyRequests,
    LoginError::Expired,
    LoginError::CookiesNeeded,
    LoginError::Unavailable,
];

const HOSTED_PAGES: [HostedPage; 9] = [
    HostedPage::Register,
    HostedPage::PasswordForgot,
    HostedPage::PasswordReset,
    HostedPage::PasswordChange,
    HostedPage::EmailVerify,
    HostedPage::AccountSessions,
    HostedPage::AccountEmail,
    HostedPage::AccountConsents,
    HostedPage::RememberMeContinuation,
];

fn error_kinds(detail: &str) -> [ErrorKind<'_>; 13] {
    [
        ErrorKind::UnknownClient,
        ErrorKind::UnregisteredRedirectUri,
        ErrorKind::BadRequest { detail },
        ErrorKind::RequestExpired,
        ErrorKind::OtherBrowser,
        ErrorKind::CookiesNeeded,
        ErrorKind::BodyTooLarge,
        ErrorKind::UnsupportedMediaType,
        ErrorKind::NotFound,
        ErrorKind::MethodNotAllowed,
        ErrorKind::TooManyRequests,
        ErrorKind::Unavailable,
        ErrorKind::Internal,
    ]
}

fn login(locale: Locale) -> LoginPage<'static> {
    LoginPage {
        locale,
        shop_name: "Linden Shop",
        action: "/auth/login",
        request: "sealed",
        csrf: "token",
        username: "",
        error: None,
        note: None,
        cancel_url: Some("https://shop.example/"),
        assets: BASE,
    }
}

/// All pages with `text` wherever something from outside is shown and `url` wherever they link to.
fn every_page(locale: Locale, text: &str, url: &str) -> Vec<String> {
    let link = Some(url);
    let form =
        LoginPage { shop_name: text, request: text, csrf: text, username: text, cancel_url: link, ..login(locale) };
    let mut pages = Vec::new();
    for note in [None, Some(LoginNote::SignInAgain)] {
        pages.push(LoginPage { note, ..form }.render());
        pages.extend(LOGIN_ERRORS.map(|error| LoginPage { note, error: Some(error), ..form }.render()));
    }
    let (shop_name, action, request, csrf, assets) = (text, "/auth/logout", text, text, BASE);
    for signed_in_as in [None, Some(text)] {
        let page = LogoutPage { locale, shop_name, action, request, csrf, signed_in_as, cancel_url: link, assets };
        pages.push(page.render());
    }
    pages.push(SignedOutPage { locale, shop_name, return_url: link, assets }.render());
    for shop_name in [None, Some(text)] {
        let (request_id, back_url) = (text, link);
        for kind in error_kinds(text) {
            pages.push(ErrorPage { locale, shop_name, kind, request_id, back_url, assets }.render());
        }
        for what in HOSTED_PAGES {
            pages.push(NotOfferedPage { locale, shop_name, what, request_id, back_url, assets }.render());
        }
    }
    pages
}

fn ordinary_pages() -> Vec<String> {
    Locale::all().flat_map(|locale| every_page(locale, "anna", "https://shop.example/")).collect()
}

fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    html.split(&start).skip(1).filter_map(|rest| rest.split_once('"').map(|(value, _)| value)).collect()
}

/// The texts of `locales/<tag>/*.ftl` as they are written, each on one line; attributes as `message.attribute`.
fn texts(tag: &str) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    let mut message = String::new();
    for file in std::fs::read_dir(format!("{}/locales/{tag}", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        for line in std::fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            let Some((name, text)) = line.split_once('=') else { continue };
            if let Some(attribute) = name.trim().strip_prefix('.') {
                texts.insert(format!("{message}.{attribute}"), text.trim().to_owned());
            } else if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
                message = name.trim().to_owned();
                texts.insert(message.clone(), text.trim().to_owned());
            }
        }
    }
    texts
}

/// The names of the values that a text shows: `$shop` in `{ $shop }`.
fn arguments(text: &str) -> BTreeSet<&str> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '_';
    text.split('$').skip(1).map(|rest| rest.split(|character| !is_name(character)).next().unwrap()).collect()
}

/// Texts that are the same in every language, and why.
const SAME_EVERYWHERE: [(&str, &str); 1] = [("layout-title", "two names and a dot")];

#[test]
fn all_languages_have_the_same_texts() {
    let english = texts("en");
    assert!(english.len() > 60, "{english:?}");
    assert!(Locale::tags().contains(&"de"), "{:?}", Locale::tags());
    for locale in Locale::all() {
        let translated = texts(locale.tag());
        assert_eq!(translated.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{}", locale.tag());
        for (id, text) in &translated {
            assert!(!text.is_empty() || english[id].is_empty(), "{}: {id} is empty", locale.tag());
            assert_eq!(arguments(text), arguments(&english[id]), "{}: {id}", locale.tag());
        }
    }
}

#[test]
fn no_text_was_left_in_english() {
    let english = texts("en");
    for locale in Locale::all().filter(|locale| locale.tag() != "en") {
        let same: Vec<String> =
            texts(locale.tag()).into_iter().filter(|(id, text)| english[id] == *text).map(|(id, _)| id).collect();
        assert_eq!(same, SAME_EVERYWHERE.map(|(id, _)| id), "{}", locale.tag());
    }
}

/// A text that is missing stops the rendering of the pages in these tests; this finds those that nothing shows.
#[test]
fn no_text_is_left_over() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let read = |path: &str| {
        let files = std::fs::read_dir(format!("{folder}/{path}")).unwrap();
        files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect::<String>()
    };
    let users = read("templates") + &read("src/pages");
    let left_over: Vec<_> =
        texts("en").into_keys().filter(|id| !id.contains('.') && !users.contains(&format!("\"{id}\""))).collect();
    assert_eq!(left_over, Vec::<String>::new());
}

#[test]
fn pages_have_no_script_and_no_inline_style_and_nothing_from_elsewhere() {
    for html in ordinary_pages() {
        for forbidden in ["<script", "<style", " style=", " onclick", " onload", "javascript:", "<iframe", "<base"] {
            assert!(!html.contains(forbidden), "{forbidden} in {html}");
        }
        assert!(values(&html, "src").iter().all(|url| url.starts_with("/auth/assets/")), "{html}");
        assert!(values(&html, "action").iter().all(|url| url.starts_with("/auth/")), "{html}");
    }
}

#[test]
fn pages_name_their_language_title_and_size() {
    for html in ordinary_pages() {
        assert!(html.starts_with("<!doctype html>\n<html lang=\""), "{html}");
        assert!(["ltr", "rtl"].contains(&values(&html, "dir")[0]));
        assert!(html.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"));
        let (_, title) = html.split_once("<title>").unwrap();
        assert!(!title.starts_with("</title>"));
        assert_eq!(html.matches("<h1>").count(), 1);
        assert_eq!(html.matches("<main ").count(), 1);
    }
}

#[test]
fn a_page_with_its_files_stays_under_50_kilobytes() {
    let sealed_request = "x".repeat(8 * 1024);
    let files: usize = [assets::stylesheet_url(""), assets::mark_url("")]
        .iter()
        .map(|url| assets::get(url.trim_start_matches('/')).unwrap().bytes.len())
        .sum();
    let mut pages = ordinary_pages();
    pages.push(LoginPage { request: &sealed_request, ..login(Locale::default()) }.render());
    for html in pages {
        assert!(html.len() + files <= 50_000, "{} bytes", html.len() + files);
    }
}

#[test]
fn hostile_text_adds_no_markup() {
    let marks = |html: &str| -> Vec<usize> { ['<', '>', '"'].map(|mark| html.matches(mark).count()).to_vec() };
    for hostile in [
        "\"><script>alert(1)</script>",
        "' autofocus onfocus=alert(1) x='",
        "</title><img src=x>",
        "&lt;b&gt;",
        "{{ 7 }}",
    ] {
        let ordinary = every_page(Locale::default(), "anna", "/");
        for (html, ordinary) in every_page(Locale::default(), hostile, "/").iter().zip(&ordinary) {
            assert_eq!(marks(html), marks(ordinary), "{html}");
            assert!(!html.contains("&lt;b&gt;"), "a text was not escaped again: {html}");
        }
    }
}

#[test]
fn controls_of_direction_do_not_reach_the_reader() {
    let clean = every_page(Locale::default(), "annanimda", "/");
    let forged = LoginPage {
        shop_name: "anna\u{202e}nimda\u{2069}\u{7}",
        username: "a\u{200f}b\nc",
        ..login(Locale::default())
    };
    let html = forged.render();
    assert!(html.contains("<bdi>annanimda</bdi>") && html.contains("<title>Sign in · annanimda</title>"), "{html}");
    assert_eq!(values(&html, "value"), ["sealed", "token", "abc"]);
    for (html, clean) in every_page(Locale::default(), "annanimda\u{61c}\u{2066}", "/").iter().zip(&clean) {
        // What the server sealed goes back as it is; everything that is read is clean.
        assert_eq!(html.replace("value=\"annanimda\u{61c}\u{2066}\"", "value=\"annanimda\""), *clean);
    }
}

#[test]
fn only_safe_addresses_become_links() {
    let linked = |url: &str| every_page(Locale::default(), "anna", url).iter().any(|html| html.contains("<a "));
    for good in ["/", "/shop?a=b", "https://shop.example/", "HTTP://127.0.0.1:8080/", "com.example.app:/done"] {
        assert!(every_page(Locale::default(), "anna", good).iter().all(|html| html.contains("<a ")), "{good}");
    }
    for bad in [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
        "\\\\elsewhere.example",
        "https:elsewhere",
        "relative",
        "",
        "1.x:y",
    ] {
        assert!(!linked(bad), "{bad}");
    }
}

#[test]
fn the_sign_in_form_has_the_fields_that_password_managers_look_for() {
    let html = login(Locale::default()).render();
    let (_, form) = html.split_once("<form").unwrap();
    assert_eq!(values(form, "name"), ["request", "_csrf", "username", "password"]);
    assert_eq!(values(&html, "autocomplete"), ["username", "current-password"]);
    assert_eq!(values(&html, "action"), ["/auth/login"]);
    assert!(html.contains("<form method=\"post\"") && html.contains("autocapitalize=\"none\""));
    assert!(html.contains("spellcheck=\"false\" autofocus>"), "an empty name is typed first: {html}");
    let known = LoginPage { username: "anna", ..login(Locale::default()) }.render();
    assert!(
        known.contains("autocomplete=\"current-password\" autofocus>"),
        "a known name needs the password only: {known}"
    );
}

#[test]
fn a_refused_sign_in_is_told_to_everyone() {
    for error in LOGIN_ERRORS {
        let html = LoginPage { error: Some(error), ..login(Locale::default()) }.render();
        assert!(html.contains("<title>Error: Sign in · Linden Shop</title>"), "{html}");
        assert!(html.contains("id=\"login-error\" role=\"alert\""));
        assert_eq!(values(&html, "aria-describedby"), ["login-error", "login-error"]);
        assert_eq!(html.contains("aria-invalid"), error == LoginError::WrongCredentials);
        for telling in ["account", "exist", "unknown", "not found", "registered"] {
            assert!(!html.contains(telling), "{error:?} says {telling}");
        }
    }
}

#[test]
fn what_fields_refer_to_is_there_once() {
    for html in ordinary_pages() {
        let ids = values(&html, "id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{html}");
        let described = values(&html, "aria-describedby");
        let mut references = described.iter().flat_map(|list| list.split(' ')).chain(values(&html, "for"));
        assert!(references.all(|id| ids.contains(&id)), "{html}");
    }
}

#[test]
fn errors_show_heading_advice_reference_and_detail() {
    let kind = ErrorKind::BadRequest { detail: "redirect_uri appears twice" };
    let page =
        ErrorPage { locale: Locale::default(), shop_name: None, kind, request_id: "R1", back_url: None, assets: BASE };
    let html = page.render();
    for part in ["<title>Error: This request", "redirect_uri appears twice", "start again", "<code>R1</code>"] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let page = ErrorPage { kind: ErrorKind::BadRequest { detail: "" }, ..page };
    assert!(!page.render().contains("Details for developers"));
}

#[test]
fn assets_are_known_by_their_content_only() {
    let url = assets::stylesheet_url("/auth/assets/");
    let name = url.strip_prefix("/auth/assets/").unwrap();
    let asset = assets::get(name).unwrap();
    let hash = name.strip_prefix("style.").and_then(|rest| rest.strip_suffix(".css")).unwrap();
    assert_eq!((hash.len(), asset.etag), (16, format!("\"{hash}\"").as_str()));
    assert_eq!(asset.content_type, "text/css; charset=utf-8");
    let css = std::str::from_utf8(asset.bytes).unwrap();
    assert!(!css.contains("url(") && !css.contains("@import"), "the style sheet fetches nothing");
    let mark = assets::mark_url("");
    assert_eq!(assets::get(mark.trim_start_matches('/')).unwrap().content_type, "image/svg+xml");
    for other in ["style.css", "style.0000000000000000.css", "../Cargo.toml", ""] {
        assert!(assets::get(other).is_none(), "{other}");
    }
}
