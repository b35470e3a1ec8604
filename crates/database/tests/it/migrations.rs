use database::{Database, MigrateError, Migration, Migrations, Statement, params};

use crate::engines::{self, Opened};

const FIRST: Migration =
    Migration { version: 1, name: "first", sql: "CREATE TABLE first (id BIGINT NOT NULL PRIMARY KEY)" };
const SECOND: Migration =
    Migration { version: 2, name: "second", sql: "CREATE TABLE second (id BIGINT NOT NULL PRIMARY KEY)" };
const BROKEN: Migration = Migration {
    version: 2,
    name: "broken",
    sql: "CREATE TABLE second (id BIGINT NOT NULL PRIMARY KEY); INSERT INTO nowhere VALUES (1)",
};
const CHANGED: Migration = Migration { version: 1, name: "first", sql: "CREATE TABLE first (id BIGINT)" };
const SKIPPING: Migration = Migration { version: 3, name: "third", sql: "SELECT 1" };

const fn both(name: &'static str, steps: &'static [Migration]) -> Migrations {
    Migrations { name, sqlite: steps, postgres: steps }
}

const ONE_STEP: Migrations = both("test", &[FIRST]);
const TWO_STEPS: Migrations = both("test", &[FIRST, SECOND]);

static FIRST_TABLE: Statement = Statement::new("FIRST_TABLE", "SELECT count(*) FROM first");
static SECOND_TABLE: Statement = Statement::new("SECOND_TABLE", "SELECT count(*) FROM second");
static VERSIONS: Statement =
    Statement::new("VERSIONS", "SELECT version FROM schema_version WHERE store = $1 AND version > 0 ORDER BY version");

async fn both_engines() -> [Opened; 2] {
    [engines::empty_sqlite(), engines::empty_postgres().await]
}

async fn has(database: &Database, table: &'static Statement) -> bool {
    database.read_rows(table, params![]).await.is_ok()
}

async fn versions(database: &Database) -> Vec<i64> {
    let rows = database.read_rows(&VERSIONS, params!["test"]).await.unwrap();
    rows.iter().map(|row| row.get(0).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_again_without_effect_and_goes_on_with_what_is_new() {
    for opened in both_engines().await {
        let database = &opened.database;
        for _ in 0..2 {
            database.migrate(&ONE_STEP).await.unwrap();
            assert_eq!(versions(database).await, [1]);
        }
        database.migrate(&TWO_STEPS).await.unwrap();
        assert_eq!(versions(database).await, [1, 2]);
        assert!(has(database, &FIRST_TABLE).await && has(database, &SECOND_TABLE).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_step_leaves_nothing() {
    for opened in both_engines().await {
        let database = &opened.database;
        let error = database.migrate(&both("test", &[FIRST, BROKEN])).await.unwrap_err();
        assert!(matches!(error, MigrateError::Failed { version: 2, name: "broken", .. }), "{error}");
        assert!(!has(database, &FIRST_TABLE).await && !has(database, &SECOND_TABLE).await);
        database.migrate(&TWO_STEPS).await.unwrap();
        assert_eq!(versions(database).await, [1, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_schema_is_refused_and_left_alone() {
    for opened in both_engines().await {
        let database = &opened.database;
        database.migrate(&TWO_STEPS).await.unwrap();
        let error = database.migrate(&ONE_STEP).await.unwrap_err();
        assert!(matches!(error, MigrateError::NewerSchema { store: "test", found: 2, known: 1 }), "{error}");
        assert!(error.to_string().contains("use the newer program"));
        assert_eq!(versions(database).await, [1, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_changed_after_it_was_applied_is_refused() {
    for opened in both_engines().await {
        let database = &opened.database;
        database.migrate(&ONE_STEP).await.unwrap();
        let error = database.migrate(&both("test", &[CHANGED, SECOND])).await.unwrap_err();
        assert!(matches!(error, MigrateError::Changed { version: 1, .. }), "{error}");
        assert!(!has(database, &SECOND_TABLE).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_have_no_gaps() {
    for opened in both_engines().await {
        let error = opened.database.migrate(&both("test", &[FIRST, SKIPPING])).await.unwrap_err();
        assert!(matches!(error, MigrateError::Disordered { found: 3, expected: 2, .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_that_start_together_take_turns() {
    for opened in both_engines().await {
        for migrations in [&ONE_STEP, &TWO_STEPS] {
            let runs = (0..8).map(|_| {
                let database = opened.database.clone();
                tokio::spawn(async move { database.migrate(migrations).await })
            });
            for run in runs.collect::<Vec<_>>() {
                run.await.unwrap().unwrap();
            }
        }
        assert_eq!(versions(&opened.database).await, [1, 2]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_may_not_end_the_transaction() {
    const ESCAPING: Migration =
        Migration { version: 1, name: "escaping", sql: "CREATE TABLE first (id BIGINT NOT NULL PRIMARY KEY); COMMIT" };
    for opened in both_engines().await {
        let error = opened.database.migrate(&both("test", &[ESCAPING])).await.unwrap_err();
        assert!(matches!(error, MigrateError::Failed { version: 1, .. }), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_keep_their_own_versions() {
    const OTHER: Migrations = both("other", &[Migration { version: 1, name: "other", sql: SECOND.sql }]);
    for opened in both_engines().await {
        let database = &opened.database;
        database.migrate(&both("test", &[FIRST])).await.unwrap();
        database.migrate(&OTHER).await.unwrap();
        assert_eq!(versions(database).await, [1]);
        assert!(has(database, &SECOND_TABLE).await);
    }
}
