use proptest::prelude::*;

use super::*;

#[test]
fn quoted_versions_and_the_star_are_read() {
    assert_eq!(IfMatch::parse("*"), Some(IfMatch::Any));
    assert_eq!(IfMatch::parse(" \"3\" , \"4\""), Some(IfMatch::Versions(vec![3, 4])));
    assert_eq!(IfMatch::parse("W/\"3\""), Some(IfMatch::Versions(vec![])), "a weak tag matches nothing");
    assert_eq!(IfMatch::parse("\"another\""), Some(IfMatch::Versions(vec![])));
    for wrong in ["", "3", "\"3", "3\"", "\"", "\"3\",", "*,\"3\"", &"\"1\",".repeat(1_000)] {
        assert_eq!(IfMatch::parse(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn an_etag_matches_its_own_version_alone(version in 0..i64::MAX, other: i64) {
        let tag = etag(version).unwrap();
        let read = IfMatch::parse(tag.to_str().unwrap()).unwrap();
        prop_assert!(read.holds(version));
        prop_assert_eq!(read.holds(other), version == other);
    }

    #[test]
    fn no_header_makes_it_panic(text in "[\"W/,*0-9 a]{0,40}") {
        let _ = IfMatch::parse(&text);
    }
}
