use auth_core::user::{Attributes, Identifier};
use auth_store::apply::{Declaration, Outcome, apply};
use auth_store::{Database, generation, user};

use crate::apply::{everything, person};
use crate::engines::on_both_engines;
use crate::seed::{ANNA, NOW, SERVER};

fn attributes(json: &str) -> Attributes {
    serde_json::from_str(json).unwrap()
}

async fn declared(database: &Database, attributes: Option<Attributes>) -> Outcome {
    let anna = auth_store::apply::UserEntry { attributes, ..person("anna") };
    let declaration = Declaration { users: vec![anna], ..Declaration::default() };
    apply(database, &declaration, NOW).await.unwrap().changes.entries[0].outcome
}

async fn attributes_are_kept_as_declared_and_stay_when_nothing_is_said(database: Database) {
    apply(&database, &everything(), NOW).await.unwrap();
    let kept = async || user::find(&database, SERVER, ANNA).await.unwrap().unwrap().attributes;
    assert_eq!(kept().await, Attributes::default());
    declared(&database, None).await;
    let gold = attributes(r#"{"clubs":["å","ski"],"employee":17,"newsletter":true,"tier":"gold"}"#);
    assert_eq!(declared(&database, Some(gold.clone())).await, Outcome::Changed);
    assert_eq!(kept().await, gold);
    let at_sign_in = user::find_for_sign_in(&database, SERVER, &Identifier::read("anna").unwrap()).await.unwrap();
    assert_eq!(at_sign_in.unwrap().0.attributes, gold);
    let before = generation::read(&database).await.unwrap();
    for same in [Some(gold.clone()), None] {
        assert_eq!(declared(&database, same).await, Outcome::Unchanged);
    }
    assert_eq!((kept().await, generation::read(&database).await.unwrap()), (gold, before));
    assert_eq!(declared(&database, Some(attributes(r#"{"tier":"blue"}"#))).await, Outcome::Changed);
    assert_eq!(kept().await, attributes(r#"{"tier":"blue"}"#), "replaced as a whole");
    assert_eq!(declared(&database, Some(Attributes::default())).await, Outcome::Changed);
    assert_eq!(kept().await, Attributes::default());
}

on_both_engines! {
    attributes_are_kept_as_declared_and_stay_when_nothing_is_said
}
