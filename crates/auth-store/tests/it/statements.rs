use std::collections::HashSet;

use auth_store::statements;

use crate::engines;

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_understand_every_statement_alike() {
    let statements = statements();
    let (sqlite, postgres) = (engines::sqlite().await, engines::postgres().await);
    let of_sqlite = sqlite.database.prepare_all(&statements).await.unwrap();
    let of_postgres = postgres.database.prepare_all(&statements).await.unwrap();
    assert_eq!(of_sqlite, of_postgres);
}

/// A module that is forgotten in `auth_store::statements` would never be prepared.
#[test]
fn every_module_that_has_statements_is_in_the_list() {
    let listed: HashSet<&str> = statements().iter().map(|statement| statement.text()).collect();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    for file in std::fs::read_dir(source).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if !text.lines().any(|line| line.trim_start().starts_with("statements! {")) {
            continue;
        }
        let module = path.file_stem().unwrap().to_str().unwrap();
        let library = std::fs::read_to_string(format!("{source}/lib.rs")).unwrap();
        assert!(library.contains(&format!("{module}::STATEMENTS")), "{module} has statements that no test prepares");
    }
    assert!(listed.len() > 30, "{} statements", listed.len());
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

#[test]
fn every_statement_on_a_servers_rows_names_the_server_first() {
    // Statements that are about no one server: the generation, and the list of all servers.
    const ABOUT_ALL: [&str; 2] = [" generation ", " server JOIN issuer "];
    for statement in statements() {
        let text = statement.text();
        if ABOUT_ALL.iter().any(|table| text.contains(table)) {
            continue;
        }
        let first = if text.starts_with("INSERT") { "(server_id," } else { "server_id = $1" };
        assert!(text.contains(first), "{}: {text}", statement.name());
    }
}
