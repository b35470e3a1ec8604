use std::collections::HashSet;
use std::path::Path;

use auth_store::statements;
use test_kit::one_owner::OneOwner;

use crate::engines;

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_understand_every_statement_alike() {
    let statements = statements();
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let of_sqlite = sqlite.database.prepare_all(&statements).await.unwrap();
    let of_postgres = postgres.database.prepare_all(&statements).await.unwrap();
    assert_eq!(of_sqlite, of_postgres);
}

/// A module that is forgotten in the list of its folder would never be prepared.
#[test]
fn every_module_that_has_statements_is_in_the_list() {
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    lists_its_modules(Path::new(source), "lib.rs");
    lists_its_modules(&Path::new(source).join("apply"), "mod.rs");
    let listed: HashSet<&str> = statements().iter().map(|statement| statement.text()).collect();
    assert!(listed.len() > 50, "{} statements", listed.len());
}

fn lists_its_modules(folder: &Path, list: &str) {
    let list = std::fs::read_to_string(folder.join(list)).unwrap();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let module = path.file_stem().unwrap().to_str().unwrap();
        if path.is_dir() {
            assert!(list.contains(&format!("{module}::statements()")), "the statements of {module} are not prepared");
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        if module != "mod" && text.lines().any(|line| line.trim_start().starts_with("statements! {")) {
            assert!(list.contains(&format!("{module}::STATEMENTS")), "{module} has statements that no test prepares");
        }
    }
}

/// READ COMMITTED reads only the changed row anew: what decides must be its own columns.
#[test]
fn no_update_decides_by_another_table() {
    for statement in statements() {
        let text = statement.text();
        if text.starts_with("UPDATE") {
            let joined = [" FROM ", " JOIN ", "SELECT", "WITH "].into_iter().find(|word| text.contains(word));
            assert_eq!(joined, None, "{}: {text}", statement.name());
        }
    }
}

/// Small tables that every machine would have whole.
const OF_NO_SERVER: [&str; 4] = ["generation", "issuer", "lease", "schema_version"];
/// Statements about the servers themselves, and why none of them is on a request's way.
const ABOUT_ALL_SERVERS: [(&str, &str); 2] = [
    ("ALL", "the list of servers, read at the start and when the generation changes"),
    ("SERVER_NAMED", "`linden apply` looks whether a name is taken"),
];

/// So that the tables can be spread over the machines of a distributed PostgreSQL by their server.
#[test]
fn no_statement_touches_rows_of_two_servers() {
    let rule = OneOwner { column: "server_id", tables_without: &OF_NO_SERVER };
    let mut excepted = HashSet::new();
    for statement in statements() {
        let Some(objection) = rule.objection(statement.text()) else { continue };
        let exception = ABOUT_ALL_SERVERS.iter().find(|(name, _)| *name == statement.name());
        assert!(exception.is_some(), "{}: {objection}", statement.name());
        assert!(excepted.insert(statement.name()), "two statements are called {}", statement.name());
    }
    assert_eq!(excepted.len(), ABOUT_ALL_SERVERS.len(), "an exception is not needed any more: {excepted:?}");
}
