use database::{Database, Error, Value, params};

use crate::engines::on_both_engines;
use crate::schema::{ADD_KIND, FIND_ANSWERED, ISSUE_CODE, READ_KIND};

on_both_engines! {
    every_kind_comes_back_as_it_went
    nothing_comes_back_as_nothing
    booleans_stand_bare_in_conditions
    parameters_are_bound_by_the_number_they_spell
    a_wrong_kind_is_told_and_not_converted
    nul_in_a_text_is_refused
    a_wrong_count_of_values_is_a_bug_told
}

async fn every_kind_comes_back_as_it_went(database: Database) {
    let content: Vec<u8> = (0..=255).collect();
    for number in [0, -1, i64::MAX, i64::MIN] {
        let written = params![number, true, &content, "Grüße, 世界 \u{1f333} ' \" \\ %"];
        assert_eq!(database.execute(&ADD_KIND, written).await.unwrap(), 1);
        let row = database.read_optional(&READ_KIND, params![number]).await.unwrap().unwrap();
        assert_eq!(row.get::<i64>(0).unwrap(), number);
        assert!(row.get::<bool>(1).unwrap());
        assert_eq!(row.get::<String>(2).unwrap(), "Grüße, 世界 \u{1f333} ' \" \\ %");
        assert_eq!(row.get::<Vec<u8>>(3).unwrap(), content);
    }
}

async fn nothing_comes_back_as_nothing(database: Database) {
    database.execute(&ADD_KIND, params![1, None::<bool>, None::<Vec<u8>>, Value::Null]).await.unwrap();
    let row = database.read_optional(&READ_KIND, params![1]).await.unwrap().unwrap();
    assert_eq!(row.get::<Option<bool>>(1).unwrap(), None);
    assert_eq!(row.get::<Option<String>>(2).unwrap(), None);
    assert_eq!(row.get::<Option<[u8; 16]>>(3).unwrap(), None);
    assert!(matches!(row.get::<bool>(1), Err(Error::Decode(_))), "nothing is no boolean");
}

async fn booleans_stand_bare_in_conditions(database: Database) {
    for (number, answer) in [(1, Some(true)), (2, Some(false)), (3, None), (4, Some(true))] {
        database.execute(&ADD_KIND, params![number, answer, None::<Vec<u8>>, None::<&str>]).await.unwrap();
    }
    let rows = database.read_rows(&FIND_ANSWERED, params![]).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.get::<i64>(0).unwrap()).collect::<Vec<_>>(), [1, 4]);
}

async fn parameters_are_bound_by_the_number_they_spell(database: Database) {
    // ADD_KIND takes $1, $2, $4, $3.
    database.execute(&ADD_KIND, params![7, false, [9_u8; 16], "fourth"]).await.unwrap();
    let row = database.read_optional(&READ_KIND, params![7]).await.unwrap().unwrap();
    assert_eq!(row.get::<String>(2).unwrap(), "fourth");
    assert_eq!(row.get::<[u8; 16]>(3).unwrap(), [9; 16]);
}

async fn a_wrong_kind_is_told_and_not_converted(database: Database) {
    let refused = database.execute(&ISSUE_CODE, params!["text where bytes belong", "client"]).await;
    assert!(matches!(refused, Err(Error::Statement(_))), "{refused:?}");
    database.execute(&ADD_KIND, params![1, true, [1_u8, 2, 3], "label"]).await.unwrap();
    let row = database.read_optional(&READ_KIND, params![1]).await.unwrap().unwrap();
    assert!(matches!(row.get::<String>(0), Err(Error::Decode(_))));
    assert!(matches!(row.get::<i64>(2), Err(Error::Decode(_))));
    assert!(matches!(row.get::<[u8; 16]>(3), Err(Error::Decode(_))), "three bytes are no sixteen");
    assert!(matches!(row.get::<i64>(4), Err(Error::Decode(_))), "there is no fifth column");
}

async fn nul_in_a_text_is_refused(database: Database) {
    let refused = database.execute(&ADD_KIND, params![1, true, None::<Vec<u8>>, "a\0b"]).await;
    assert!(matches!(refused, Err(Error::Statement(_))), "{refused:?}");
    assert!(database.read_optional(&READ_KIND, params![1]).await.unwrap().is_none());
}

async fn a_wrong_count_of_values_is_a_bug_told(database: Database) {
    for values in [params![1].as_slice(), params![1, true, None::<Vec<u8>>, "label", 5]] {
        let refused = database.execute(&ADD_KIND, values).await;
        assert!(matches!(refused, Err(Error::Statement(_))), "{refused:?}");
    }
}
