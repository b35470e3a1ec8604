use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(patch: Value) -> Result<ProfileChange, Vec<(String, String)>> {
    let patch: ProfilePatch = serde_json::from_value(patch).unwrap();
    patch.read().map_err(|failure| match failure {
        Failure::Fields(errors) => errors.into_iter().map(|error| (error.field, error.code)).collect(),
        other => panic!("{other:?}"),
    })
}

#[test]
fn absent_stays_null_empties_and_a_text_is_trimmed() {
    assert_eq!(read(json!({})).unwrap(), ProfileChange::default());
    let change =
        read(json!({ "fullName": "  Anna Bø ", "phone": null, "contactEmail": "anna@bücher.example" })).unwrap();
    assert_eq!(change.full_name.as_deref(), Some("Anna Bø"));
    assert_eq!(change.phone, Some(None));
    assert_eq!(change.contact_email, Some(Some("anna@bücher.example".to_owned())));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let wrong =
        read(json!({ "fullName": null, "phone": 7, "contactEmail": "anna", "email": "x@y.example", "version": 1 }));
    let told =
        ["fullName required", "phone invalid", "contactEmail email", "email not_changeable", "version not_changeable"];
    let told =
        told.map(|entry| entry.split_once(' ').map(|(field, code)| (field.to_owned(), code.to_owned())).unwrap());
    assert_eq!(wrong.unwrap_err(), told);
}

#[test]
fn values_have_their_rules() {
    for good in ["+49 (30) 123-456", "030/123.456", "12345", "+123456789012345"] {
        assert_eq!(phone(good).as_deref(), Ok(good));
    }
    for bad in
        ["", "1234", "1234567890123456", "++4930123", "49+30123", "call me", "٠١٢٣٤٥", "12345\u{0}", &"1 ".repeat(40)]
    {
        assert!(phone(bad).is_err(), "{bad}");
    }
    for good in ["a@b.example", "o'neil+shop@mail.shop.example", "ønske@bücher.example"] {
        assert_eq!(email(good).as_deref(), Ok(good));
    }
    for bad in [
        "",
        "a",
        "@b.example",
        "a@",
        "a@b",
        "a b@c.example",
        "a@b@c.example",
        "a@127.0.0.1",
        "a@[::1]",
        "a@b..example",
        "a@b.example.",
        "a@b example.x",
        "a,b@c.example",
        "<a@c.example>",
        "a@b.example\n",
        "a@-.%00",
    ] {
        // What is trimmed away does not count.
        if bad != bad.trim() {
            continue;
        }
        assert!(email(bad).is_err(), "{bad}");
    }
    assert!(email(&format!("{}@b.example", "a".repeat(65))).is_err());
    assert!(email(&format!("a@{}.example", "b.".repeat(130))).is_err());
    assert!(full_name(&"ø".repeat(100)).is_ok());
    assert!(full_name(&"ø".repeat(101)).is_err());
    assert!(full_name(" ").is_err());
}

proptest! {
    #[test]
    fn what_was_taken_is_taken_again_as_it_is(text in ".{0,60}") {
        for rule in [full_name, phone, email] {
            if let Ok(taken) = rule(&text) {
                prop_assert_eq!(rule(&taken), Ok(taken));
            }
        }
    }
}
