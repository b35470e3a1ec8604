use proptest::prelude::*;

use super::*;

const ID: &str = "01K0000000000000000000000A";

fn parse(text: &str) -> Query {
    Query::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Which of some lists a query means.
fn found(query: &str) -> Vec<&'static str> {
    let lists =
        [(ID, "wishlist"), ("01K0000000000000000000000B", "my list"), ("01K0000000000000000000000C", "it's; *")];
    let query = parse(query);
    lists.iter().filter(|(id, name)| query.matches(id.parse().unwrap(), name)).map(|(_, name)| *name).collect()
}

#[test]
fn every_operator_means_what_it_says() {
    assert_eq!(found("name==wishlist"), ["wishlist"]);
    assert_eq!(found("name!=wishlist"), ["my list", "it's; *"]);
    assert_eq!(found("name=in=(wishlist,'my list',other)"), ["wishlist", "my list"]);
    assert_eq!(found("name=out=(wishlist)"), ["my list", "it's; *"]);
    assert_eq!(found(&format!("id=={ID}")), ["wishlist"]);
    assert_eq!(found(&format!("id=='{}'", ID.to_lowercase())), ["wishlist"]);
    assert_eq!(found(&format!("id=out=({ID})")), ["my list", "it's; *"]);
    assert_eq!(found("name==Wishlist"), [""; 0]);
}

#[test]
fn a_semicolon_binds_before_a_comma_and_parentheses_before_both() {
    assert_eq!(found("name==wishlist,name=='my list';name!='my list'"), ["wishlist"]);
    assert_eq!(found("(name==wishlist,name=='my list');name!=wishlist"), ["my list"]);
    assert_eq!(found("((name==wishlist))"), ["wishlist"]);
    assert_eq!(found(" ( name == wishlist , name=in=( 'my list' ) ) ; name != x "), ["wishlist", "my list"]);
}

#[test]
fn quotes_hold_what_is_reserved() {
    assert_eq!(found(r"name=='it\'s; *'"), ["it's; *"]);
    assert_eq!(found("name==\"it's; *\""), ["it's; *"]);
    assert_eq!(parse(r"name=='a\\b'").to_string(), r"name=='a\\b'");
    assert_eq!(parse("name==ønskeliste").to_string(), "name=='ønskeliste'");
}

#[test]
fn what_is_not_supported_is_named_with_its_place() {
    for (query, part) in [
        ("name>a", "The operator > at column 5"),
        ("name=ge=3", "The operator =ge= at column 5"),
        ("name=like=a", "The operator =like= at column 5"),
        ("name=a", "The operator =a at column 5"),
        ("name=~a", "The operator =~ at column 5"),
        ("name===a", "A value is missing at column 7"),
        ("name", "What follows the field at column 5"),
        ("createdAt==1", "The field createdAt at column 1"),
        ("name==a;items.name==b", "The field items.name at column 9"),
        ("ø==1", "A comparison begins with a field, at column 1"),
        ("", "at column 1: name or id"),
        ("name==a;", "A comparison begins with a field, at column 9"),
        ("name==a,,name==b", "A comparison begins with a field, at column 9"),
        ("()", "A comparison begins with a field, at column 2"),
        ("name==øø*", "The star at column 9"),
        ("name==my list", "expected at column 10"),
        ("name==a and name==b", "expected at column 9"),
        ("name=='a' b", "expected at column 11"),
        ("name==a)", "expected at column 8"),
        ("(name==a", "The parenthesis that opens at column 1"),
        ("(name==a b)", "expected at column 10"),
        ("name=in=(a", "The parenthesis that opens at column 9"),
        ("name=in=(a,)", "A value is missing at column 12"),
        ("name=in=()", "A value is missing at column 10"),
        ("name=in=a", "values in parentheses, at column 9"),
        ("name==(a,b)", "takes one value, at column 7"),
        ("name=='open", "The quote that opens at column 7"),
        (r"name=='open\'", "The quote that opens at column 7"),
        ("name==", "A value is missing at column 7"),
        ("name==''", "The name at column 7 has 1 to 100"),
        ("name=='a\u{0}'", "The name at column 7 must not hold control"),
        ("id==x", "The value at column 5 is no id"),
        ("id=in=(01K0000000000000000000000A,'')", "The value at column 35 is no id"),
    ] {
        let message = Query::parse(query).unwrap_err().to_string();
        assert!(message.contains(part), "{query}: {message}");
    }
}

#[test]
fn length_depth_and_number_of_values_have_limits() {
    let nested = |depth: usize| format!("{}name==a{}", "(".repeat(depth), ")".repeat(depth));
    assert!(Query::parse(&nested(DEEPEST)).is_ok());
    assert_eq!(Query::parse(&nested(DEEPEST + 1)), Err(QueryError::TooDeep(Place(DEEPEST + 1))));
    assert_eq!(Query::parse(&"(".repeat(LONGEST)), Err(QueryError::TooDeep(Place(DEEPEST + 1))));
    assert_eq!(Query::parse(&"(".repeat(LONGEST + 1)), Err(QueryError::TooLong));
    assert_eq!(Query::parse(&nested(1_000_000)), Err(QueryError::TooLong));
    let many = |values: usize| format!("name=in=({})", vec!["a"; values].join(","));
    assert!(Query::parse(&many(MOST_VALUES)).is_ok());
    assert!(matches!(Query::parse(&many(MOST_VALUES + 1)), Err(QueryError::TooManyValues(_))));
    let joined = vec!["name==a"; MOST_VALUES + 1].join(",");
    assert!(matches!(Query::parse(&joined), Err(QueryError::TooManyValues(_))));
    for long in ["a".repeat(4_000), format!("name={}", "a".repeat(4_000)), format!("name{}", "~".repeat(4_000))] {
        assert!(Query::parse(&long).unwrap_err().to_string().len() < 150, "what is repeated of a query stays short");
    }
}

fn names() -> impl Strategy<Value = ListName> {
    r#"[ a-c'"\\;,()=!*ø🦦]{1,8}"#.prop_filter_map("no name", |text| ListName::parse(&text).ok())
}

fn ids() -> impl Strategy<Value = ItemListId> {
    any::<[u8; 16]>().prop_map(ItemListId::from_bytes)
}

fn comparisons() -> impl Strategy<Value = Query> {
    let operand = |most: usize| {
        prop_oneof![
            prop::collection::vec(names(), 1..=most).prop_map(Operand::Names),
            prop::collection::vec(ids(), 1..=most).prop_map(Operand::Ids)
        ]
    };
    let one = (prop_oneof![Just(Operator::Equal), Just(Operator::NotEqual)], operand(1));
    let many = (prop_oneof![Just(Operator::In), Just(Operator::Out)], operand(3));
    prop_oneof![one, many].prop_map(|(operator, operand)| Query::Comparison(Comparison { operator, operand }))
}

fn queries() -> impl Strategy<Value = Query> {
    comparisons().prop_recursive(3, 12, 3, |inner| {
        let parts = prop::collection::vec(inner, 2..=3);
        prop_oneof![parts.clone().prop_map(Query::All), parts.prop_map(Query::Any)]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_as_the_same(query in queries()) {
        let text = query.to_string();
        prop_assert_eq!(Query::parse(&text), Ok(query), "{}", text);
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,80}", near in r#"[a-z=!;,()'"\\ *ø]{0,60}"#) {
        for text in [text.clone(), near.clone(), format!("name{near}"), format!("name=='{text}"), format!("(name=in=({near}")] {
            if let Ok(query) = Query::parse(&text) {
                prop_assert_eq!(Query::parse(&query.to_string()), Ok(query));
            }
        }
    }

    #[test]
    fn de_morgan_holds(one in comparisons(), other in comparisons(), id in ids(), name in names()) {
        let not = |query: &Query| {
            let Query::Comparison(Comparison { operator, operand }) = query.clone() else { unreachable!() };
            let operator = match operator {
                Operator::Equal => Operator::NotEqual,
                Operator::NotEqual => Operator::Equal,
                Operator::In => Operator::Out,
                Operator::Out => Operator::In,
            };
            Query::Comparison(Comparison { operator, operand })
        };
        let neither = Query::All(vec![not(&one), not(&other)]);
        let any = Query::Any(vec![one, other]);
        prop_assert_ne!(any.matches(id, name.as_str()), neither.matches(id, name.as_str()));
    }
}
