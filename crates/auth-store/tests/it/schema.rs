use std::collections::{BTreeMap, BTreeSet};

use auth_store::Database;
use database::{Row, Statement, params};

use crate::engines;

/// Tables that belong to no one server: the number that all nodes follow, which server owns an issuer, who does background
/// work, and the bookkeeping of migrations.
const OF_NO_SERVER: [&str; 4] = ["generation", "issuer", "lease", "schema_version"];

static SQLITE_COLUMNS: Statement = Statement::new(
    "SQLITE_COLUMNS",
    "SELECT tables.name, columns.name, columns.\"notnull\", columns.type, 'C' \
     FROM sqlite_schema tables JOIN pragma_table_info(tables.name) columns WHERE tables.type = 'table'",
);
static POSTGRES_COLUMNS: Statement = Statement::new(
    "POSTGRES_COLUMNS",
    "SELECT table_name::text, column_name::text, is_nullable = 'NO', data_type::text, \
            coalesce(collation_name::text, 'C') \
     FROM information_schema.columns WHERE table_schema = 'auth'",
);
static SQLITE_INDEXES: Statement = Statement::new(
    "SQLITE_INDEXES",
    "SELECT tables.name, \
            CASE WHEN indexes.origin = 'pk' THEN 'primary' ELSE indexes.name END, indexes.\"unique\", \
            columns.seqno + 1, columns.name \
     FROM sqlite_schema tables JOIN pragma_index_list(tables.name) indexes JOIN pragma_index_info(indexes.name) columns \
     WHERE tables.type = 'table' ORDER BY 1, 2, 4",
);
static POSTGRES_INDEXES: Statement = Statement::new(
    "POSTGRES_INDEXES",
    "SELECT tables.relname::text, \
            CASE WHEN key.indisprimary THEN 'primary' ELSE indexes.relname::text END, key.indisunique, \
            columns.place, columns_of.attname::text \
     FROM pg_index key JOIN pg_class tables ON tables.oid = key.indrelid \
     JOIN pg_class indexes ON indexes.oid = key.indexrelid \
     CROSS JOIN LATERAL unnest(key.indkey::int2[]) WITH ORDINALITY AS columns (number, place) \
     JOIN pg_attribute columns_of ON columns_of.attrelid = tables.oid AND columns_of.attnum = columns.number \
     WHERE tables.relnamespace = 'auth'::regnamespace ORDER BY 1, 2, 4",
);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    table: String,
    name: String,
    required: bool,
    kind: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
struct Index {
    unique: bool,
    columns: Vec<String>,
}

/// By table and name; the primary key's name is `primary`.
type Indexes = BTreeMap<(String, String), Index>;

async fn rows(database: &Database, statement: &Statement) -> Vec<Row> {
    database.read_rows(statement, params![]).await.unwrap()
}

fn kind_of(declared: &str) -> &'static str {
    match declared {
        // A boolean is an integer of 0 and 1 for SQLite.
        "INTEGER" | "bigint" | "boolean" => "number",
        "TEXT" | "text" => "text",
        "BLOB" | "bytea" => "bytes",
        other => panic!("a column of a kind that stores do not use: {other}"),
    }
}

async fn columns(database: &Database, statement: &Statement) -> BTreeSet<Column> {
    let mut columns = BTreeSet::new();
    for row in rows(database, statement).await {
        let (table, name): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
        let collation: String = row.get(4).unwrap();
        assert_eq!(collation, "C", "{table}.{name} is ordered by a language");
        let kind = kind_of(&row.get::<String>(3).unwrap());
        columns.insert(Column { table, name, required: row.get(2).unwrap(), kind });
    }
    columns
}

async fn indexes(database: &Database, statement: &Statement) -> Indexes {
    let mut indexes = Indexes::new();
    for row in rows(database, statement).await {
        let key = (row.get(0).unwrap(), row.get(1).unwrap());
        let index = indexes.entry(key).or_insert(Index { unique: row.get(2).unwrap(), columns: Vec::new() });
        index.columns.push(row.get(4).unwrap());
    }
    indexes
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let of_sqlite = columns(&sqlite.database, &SQLITE_COLUMNS).await;
    let of_postgres = columns(&postgres.database, &POSTGRES_COLUMNS).await;
    assert!(of_sqlite.iter().any(|column| column.table == "authorization_code"), "the schema was not read");
    let only_one: Vec<_> = of_sqlite.symmetric_difference(&of_postgres).collect();
    assert_eq!(only_one, [] as [&Column; 0], "columns that one engine alone has");
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_have_the_same_indexes() {
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let of_sqlite = indexes(&sqlite.database, &SQLITE_INDEXES).await;
    let of_postgres = indexes(&postgres.database, &POSTGRES_INDEXES).await;
    assert_eq!(of_sqlite, of_postgres);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_and_index_of_a_servers_table_begins_with_the_server() {
    let opened = engines::postgres().await;
    let columns = columns(&opened.database, &POSTGRES_COLUMNS).await;
    let indexes = indexes(&opened.database, &POSTGRES_INDEXES).await;
    let tables: BTreeSet<&str> = columns.iter().map(|column| column.table.as_str()).collect();
    for exception in OF_NO_SERVER {
        assert!(tables.contains(exception), "{exception} is excepted and does not exist");
    }
    for table in tables.into_iter().filter(|table| !OF_NO_SERVER.contains(table)) {
        let of_table: Vec<_> = indexes.iter().filter(|((name, _), _)| name == table).collect();
        assert!(of_table.iter().any(|((_, index), _)| index == "primary"), "{table} has no primary key");
        for ((_, name), index) in of_table {
            assert_eq!(index.columns[0], "server_id", "{table}: {name}");
        }
        let server = columns.iter().find(|column| column.table == table && column.name == "server_id").unwrap();
        assert!(server.required && server.kind == "bytes", "{server:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn migrating_again_changes_nothing() {
    let opened = engines::sqlite().await;
    let before = columns(&opened.database, &SQLITE_COLUMNS).await;
    opened.database.migrate(&auth_store::MIGRATIONS).await.unwrap();
    assert_eq!(columns(&opened.database, &SQLITE_COLUMNS).await, before);
}
