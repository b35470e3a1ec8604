//! A batch costs the same beside a thousand rows and a million: every step of it is by an index, in the index's order.

use auth_store::{Database, MIGRATIONS, sweep};
use database::{PostgresOptions, Statement, Value, params};
use test_kit::postgres::Cluster;

use crate::engines;
use crate::seed::SERVER;

/// What an engine says when it reads a whole table, or sorts what it read.
const COSTLY: [&str; 4] = ["Seq Scan", "Sort", "SCAN", "TEMP B-TREE"];

async fn plan(database: &Database, explain: &str, statement: &Statement) -> String {
    let text: &'static str = Box::leak(format!("{explain} {}", statement.text()).into_boxed_str());
    let moment = match statement.text().contains("event_id < $2") {
        true => Value::from([0; 16]),
        false => Value::from(0_i64),
    };
    let rows = database.read_rows(&Statement::new("PLAN", text), params![SERVER.bytes(), moment]).await.unwrap();
    let line = |row: &database::Row| row.get::<String>(row.len() - 1).unwrap();
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn all_go_by_indexes(database: &Database, explain: &str) {
    for statement in sweep::STATEMENTS {
        let plan = plan(database, explain, statement).await;
        assert!(plan.to_lowercase().contains("index"), "{}: no plan was read: {plan}", statement.name());
        let costly = COSTLY.iter().find(|costly| plan.contains(**costly));
        assert_eq!(costly, None, "{}:\n{plan}", statement.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let opened = engines::sqlite().await;
    all_go_by_indexes(&opened.database, "EXPLAIN QUERY PLAN").await;
}

/// Small tables are read as a whole where that is allowed; here it is not, as it is not for large ones.
#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    let url = Cluster::start().fresh_database().await;
    let url = format!("{url} options='-c enable_seqscan=off -c enable_bitmapscan=off'");
    let database = Database::open_postgres(PostgresOptions::new(url, "auth")).await.unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    all_go_by_indexes(&database, "EXPLAIN").await;
}
