use proptest::prelude::*;

use super::*;

fn name(query: &str) -> String {
    parse(query).unwrap().as_str().to_owned()
}

#[test]
fn equality_on_name_with_and_without_quotes() {
    assert_eq!(name("name==wishlist"), "wishlist");
    assert_eq!(name("name=='my list'"), "my list");
    assert_eq!(name(r#"name=="it's; mine, (really)""#), "it's; mine, (really)");
    assert_eq!(name(r"name=='it\'s'"), "it's");
    assert_eq!(name("name==ønskeliste"), "ønskeliste");
    assert_eq!(name("name=='*'"), "*");
}

#[test]
fn what_is_not_supported_is_named() {
    for (query, part) in [
        ("name!=wishlist", "!="),
        ("name=in=(a,b)", "=in="),
        ("name=out=(a,b)", "=out="),
        ("name>a", ">"),
        ("name==a;id==b", "combined"),
        ("name==a,name==b", "combined"),
        ("(name==a)", "Parentheses"),
        ("name==a)", "Parentheses"),
        ("id==a", "field id"),
        ("items.name==a", "field items.name"),
        ("name==my list", "quotes"),
        ("name=='a' b", "quotes"),
        ("name==wish*", "Wildcards"),
        ("name=='open", "not closed"),
        ("name==", "1 to 100"),
        ("name==''", "1 to 100"),
        ("name", "name==VALUE"),
        ("name=a", "name==VALUE"),
        ("==a", "name of a field"),
    ] {
        let NotSupported(message) = parse(query).unwrap_err();
        assert!(message.contains(part), "{query}: {message}");
    }
}

proptest! {
    #[test]
    fn no_query_makes_it_panic(query in ".{0,80}", tail in ".{0,80}") {
        let _ = parse(&query);
        let _ = parse(&format!("name{tail}"));
        let _ = parse(&format!("name=='{tail}"));
    }

    #[test]
    fn any_name_can_be_asked_for_in_quotes(text in "[^\\p{Cc}]{1,100}") {
        if let Ok(wanted) = ListName::parse(&text) {
            let escaped = wanted.as_str().replace('\\', r"\\").replace('\'', r"\'");
            prop_assert_eq!(parse(&format!("name=='{escaped}'")).unwrap(), wanted);
        }
    }
}
