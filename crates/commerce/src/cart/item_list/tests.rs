use proptest::prelude::*;

use super::*;

#[test]
fn names_are_trimmed_and_bounded() {
    assert_eq!(ListName::parse("  Søndag – våd \u{1f9a6} ").unwrap().as_str(), "Søndag – våd \u{1f9a6}");
    assert!(ListName::parse(&"ø".repeat(100)).is_ok());
    assert_eq!(ListName::parse(&"ø".repeat(101)), Err(WrongText::Length { longest: 100 }.into()));
    for blank in ["", "   ", "\u{a0}"] {
        assert_eq!(ListName::parse(blank), Err(WrongText::Length { longest: 100 }.into()), "{blank:?}");
    }
    for control in ["a\0b", "a\nb", "a\u{7f}", "a\u{85}b", "a\u{2028}b"] {
        assert_eq!(ListName::parse(control), Err(WrongText::ControlCharacter.into()), "{control:?}");
    }
}

#[test]
fn product_ids_are_plain() {
    for good in ["01K0000000000000000000000A", "hot-sauce_1.v2:red"] {
        assert!(ProductId::parse(good).is_ok(), "{good}");
    }
    for bad in ["", " ", "a b", "a/b", "ä", "a\n", &"a".repeat(65)] {
        assert!(ProductId::parse(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn quantities_are_from_1_to_999(number: i64) {
        prop_assert_eq!(Quantity::new(number).is_ok(), (1..1000).contains(&number));
    }

    #[test]
    fn a_parsed_name_parses_to_itself(text in ".{0,120}") {
        if let Ok(name) = ListName::parse(&text) {
            prop_assert_eq!(ListName::parse(name.as_str()).unwrap(), name);
        }
    }
}
