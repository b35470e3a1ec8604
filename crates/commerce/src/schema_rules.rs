//! What holds for every table and statement, read from the engines themselves.

use database::{Database, PostgresOptions, SqliteOptions, Statement, params};
use tempfile::TempDir;
use test_kit::one_owner::OneOwner;
use test_kit::postgres::Cluster;

use crate::MIGRATIONS;

/// Tables that are not a tenant's, and why.
const NOT_OF_A_TENANT: [(&str, &str); 4] = [
    ("domain", "a domain has one owner among all tenants"),
    ("generation", "one number for all that is declared"),
    ("lease", "background work is done for all tenants at once"),
    ("schema_version", "kept by the database crate"),
];

static SQLITE_INDEXES: Statement = Statement::new(
    "SQLITE_INDEXES",
    "SELECT t.name, i.name, c.name FROM sqlite_master t JOIN pragma_index_list(t.name) i
     JOIN pragma_index_info(i.name) c ON c.seqno = 0 WHERE t.type = 'table' ORDER BY t.name, i.name",
);
static SQLITE_TABLES: Statement = Statement::new(
    "SQLITE_TABLES",
    "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
);
static POSTGRES_INDEXES: Statement = Statement::new(
    "POSTGRES_INDEXES",
    "SELECT CAST(t.relname AS TEXT), CAST(i.relname AS TEXT), CAST(a.attname AS TEXT) FROM pg_index x
     JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
     JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema() ORDER BY 1, 2",
);
static POSTGRES_TEXTS: Statement = Statement::new(
    "POSTGRES_TEXTS",
    "SELECT CAST(table_name || '.' || column_name AS TEXT) FROM information_schema.columns
     WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'",
);

async fn sqlite() -> (Database, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open_sqlite(SqliteOptions::new(directory.path().join("commerce.db"))).unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    (database, directory)
}

async fn postgres() -> Database {
    let options = PostgresOptions::new(Cluster::start().fresh_database().await, "commerce");
    let database = Database::open_postgres(options).await.unwrap();
    database.migrate(&MIGRATIONS).await.unwrap();
    database
}

/// Table, index and the index's first column.
async fn indexes(database: &Database, statement: &Statement) -> Vec<[String; 3]> {
    let rows = database.read_rows(statement, params![]).await.unwrap();
    rows.iter().map(|row| [0, 1, 2].map(|column| row.get(column).unwrap())).collect()
}

fn check_leading_columns(indexes: &[[String; 3]]) {
    let tables: std::collections::BTreeSet<&str> = indexes.iter().map(|[table, ..]| table.as_str()).collect();
    for table in ["tenant", "application", "application_domain", "customer", "account", "account_member", "item_list"] {
        assert!(tables.contains(table), "{table} has no index: is the schema read at all?");
    }
    for [table, index, column] in indexes {
        let is_exception = NOT_OF_A_TENANT.iter().any(|(exception, _)| exception == table);
        assert!(is_exception || column == "tenant_id", "{index} of {table} begins with {column}, not with tenant_id");
    }
    for (exception, _) in NOT_OF_A_TENANT {
        assert!(tables.contains(exception), "{exception} is excepted and does not exist");
    }
}

#[tokio::test]
async fn tenant_id_leads_every_key_on_sqlite() {
    let (database, _directory) = sqlite().await;
    check_leading_columns(&indexes(&database, &SQLITE_INDEXES).await);
    for row in database.read_rows(&SQLITE_TABLES, params![]).await.unwrap() {
        let (table, strict) = (row.get::<String>(0).unwrap(), row.get::<i64>(1).unwrap());
        assert_eq!(strict, 1, "{table} is not STRICT");
    }
}

#[tokio::test]
async fn tenant_id_leads_every_key_on_postgres() {
    let database = postgres().await;
    check_leading_columns(&indexes(&database, &POSTGRES_INDEXES).await);
    let other_collations = database.read_rows(&POSTGRES_TEXTS, params![]).await.unwrap();
    assert!(other_collations.is_empty(), "{:?}", other_collations[0].get::<String>(0));
}

#[tokio::test]
async fn both_engines_understand_every_statement_alike() {
    let (sqlite, _directory) = sqlite().await;
    let postgres = postgres().await;
    let statements = crate::statements();
    assert!(statements.len() > 40, "only {} statements are listed", statements.len());
    let prepared = sqlite.prepare_all(&statements).await.unwrap();
    for (here, there) in prepared.iter().zip(postgres.prepare_all(&statements).await.unwrap()) {
        assert_eq!(*here, there);
    }
}

#[tokio::test]
async fn deciding_statements_name_their_own_table_alone() {
    for statement in crate::statements() {
        let text = statement.text();
        if text.starts_with("UPDATE") || text.starts_with("DELETE") {
            assert_eq!(text.matches("SELECT").count(), 0, "{}", statement.name());
            assert!(!text.contains("WITH ") && !text.contains(" USING "), "{}", statement.name());
        }
        for forbidden in [" LIKE ", "lower(", "->", "FOR UPDATE"] {
            assert!(!text.contains(forbidden), "{} uses {forbidden}", statement.name());
        }
    }
}

/// Statements about all tenants, and why none of them is on a request's way.
const ABOUT_ALL_TENANTS: [(&str, &str); 4] = [
    ("BY_DOMAINS", "`linden apply` looks which shops an origin already leads to"),
    ("TENANTS", "the list of tenants: for the export, and for the sweep, which then goes through them one by one"),
    ("TRUSTED_ISSUERS", "read in the background by every node, which then has them in memory"),
    ("HOSTS", "the export shows all tenants"),
];

/// So that the tables can be spread over the machines of a distributed PostgreSQL by their tenant.
#[test]
fn no_statement_touches_rows_of_two_tenants() {
    let tables_without = NOT_OF_A_TENANT.map(|(table, _)| table);
    let rule = OneOwner { column: "tenant_id", tables_without: &tables_without };
    let mut excepted = std::collections::BTreeSet::new();
    for statement in crate::statements() {
        let Some(objection) = rule.objection(statement.text()) else { continue };
        let exception = ABOUT_ALL_TENANTS.iter().find(|(name, _)| *name == statement.name());
        assert!(exception.is_some(), "{}: {objection}", statement.name());
        excepted.insert(statement.name());
    }
    assert_eq!(excepted.len(), ABOUT_ALL_TENANTS.len(), "an exception is not needed any more: {excepted:?}");
}
