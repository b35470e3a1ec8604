use database::{Error, Statement};

use crate::engines;
use crate::schema::{ADD_KIND, COUNT_CODES, REDEEM_CODE, STATEMENTS};

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_understand_every_statement_alike() {
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let of_sqlite = sqlite.database.prepare_all(STATEMENTS).await.unwrap();
    let of_postgres = postgres.database.prepare_all(STATEMENTS).await.unwrap();
    assert_eq!(of_sqlite, of_postgres);

    let find =
        |statement: &Statement| of_sqlite.iter().find(|prepared| prepared.statement == statement.name()).unwrap();
    assert_eq!((find(&ADD_KIND).parameters, find(&REDEEM_CODE).parameters), (4, 3));
    assert_eq!(find(&COUNT_CODES).columns, ["codes"]);
    assert_eq!(find(&REDEEM_CODE).columns, ["client"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_not_understood_is_named() {
    static WRONG: Statement = Statement::new("WRONG", "SELECT nothing_of_the_kind FROM code");
    static QUOTED: Statement = Statement::new("QUOTED", r#"SELECT "nothing_of_the_kind" FROM code"#);
    static DIFFERENT: Statement = Statement::new("DIFFERENT", "SELECT id FROM code WHERE client LIKE $1");
    for opened in [engines::sqlite().await, engines::postgres().await] {
        for statement in [&WRONG, &QUOTED, &DIFFERENT] {
            let error = opened.database.prepare_all(&[statement]).await.unwrap_err();
            assert!(matches!(&error, Error::Statement(cause) if cause.statement == statement.name()), "{error:?}");
        }
    }
}
