//! The examples of docs/configuration-file.md, which together are one shop.

use super::engines::sqlite;
use super::load_files;
use crate::apply::run;

const DOCUMENT: &str = include_str!("../../../../../docs/configuration-file.md");

fn examples() -> Vec<String> {
    let mut examples = Vec::new();
    let mut rest = DOCUMENT;
    while let Some((_, from)) = rest.split_once("```toml\n") {
        let (example, after) = from.split_once("```").unwrap();
        examples.push(example.replace("ANNAS_FIRST_PASSWORD", "GIVEN"));
        rest = after;
    }
    examples
}

#[tokio::test]
async fn every_example_of_the_document_is_right() {
    let examples = examples();
    let files: Vec<(&str, &str)> = examples.iter().map(|example| ("configuration-file.md", example.as_str())).collect();
    let declaration = load_files(&files).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let shop = sqlite().await;
    run(&declaration, &shop.auth, &shop.commerce, &shop.environment).await.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_table_has_an_example() {
    let examples = examples().concat();
    for table in
        ["tenant", "authorization_server", "scope", "role", "client", "user", "application", "account", "item_list"]
    {
        assert!(examples.contains(&format!("[[{table}]]")), "{table} has no example");
    }
}

/// A field that the document does not tell about is told about by the loader alone, when it is too late.
#[test]
fn every_field_is_in_the_document() {
    for table in
        ["tenant", "authorization_server", "scope", "role", "client", "user", "application", "account", "item_list"]
    {
        let mistakes = load_files(&[("fields.toml", &format!("[[{table}]]\nno_such_field = 1\n"))]).unwrap_err();
        let fields = mistakes.0[0].message.split('`').skip(3).step_by(2);
        for field in fields {
            assert!(
                DOCUMENT.contains(&format!("`{field}`")) || DOCUMENT.contains(&format!("`{field}.")),
                "{table}: {field}"
            );
        }
    }
}
