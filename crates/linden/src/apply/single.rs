//! One user or one client, as the command line names them: checked and planned like a table of a file, and written by
//! another operation, since what is there already must not be changed by adding something.

use auth_server::environment::SystemRandom;
use auth_store::apply::{ClientEntry, UserEntry};
use auth_store::{Database, Error};
use commerce::apply::Declaration as CommerceDeclaration;
use commerce::export::ApplicationHost;
use serde::Serialize;

use super::plan::{Lookup, Means, Plan, commerce};
use super::run::known;
use super::variables::Variables;
use crate::reading::{Mistakes, Source};

/// A `[[user]]` of a file, without a password.
#[derive(Debug, Serialize)]
pub struct UserTable<'a> {
    pub server: &'a str,
    pub username: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_context: Option<&'a str>,
    pub roles: &'a [String],
    pub permissions: &'a [String],
}

/// A `[[client]]` of a file; its secret is generated, unless it is public.
#[derive(Debug, Serialize)]
pub struct ClientTable<'a> {
    pub server: &'a str,
    pub client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<&'a str>,
    pub first_party: bool,
    pub authentication_methods: Vec<&'static str>,
    pub grant_types: &'a [String],
    pub redirect_uris: &'a [String],
    pub post_logout_redirect_uris: &'a [String],
    pub scopes: &'a [String],
    pub permissions: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<Generate>,
}

#[derive(Debug, Serialize)]
pub struct Generate {
    pub generate: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("{}", of_the_command_line(.0))]
    Mistakes(Mistakes),
    #[error("the options cannot be written as a table: {0}")]
    Table(#[from] toml::ser::Error),
    #[error(transparent)]
    Storage(#[from] Error),
}

impl From<Mistakes> for PlanError {
    fn from(mistakes: Mistakes) -> Self {
        Self::Mistakes(mistakes)
    }
}

/// Lines and columns of a text that nobody typed help nobody.
fn of_the_command_line(mistakes: &Mistakes) -> String {
    let messages: Vec<&str> = mistakes.0.iter().map(|mistake| mistake.message.as_str()).collect();
    messages.join("\n")
}

/// What is to be written of a user: the entry itself, and the shop's record of the customer.
pub struct PlannedUser {
    pub entry: UserEntry,
    pub shop: CommerceDeclaration,
}

pub async fn user(table: &UserTable<'_>, auth: &Database, unix_millis: u64) -> Result<Option<PlannedUser>, PlanError> {
    #[derive(Serialize)]
    struct File<'a> {
        user: [&'a UserTable<'a>; 1],
    }
    let declaration = declared(&File { user: [table] })?;
    let known = known(&declaration, auth).await?;
    let mut plan = Plan::new(&declaration, &known, &means(&[], unix_millis))?;
    let shop = commerce(&declaration, &Lookup::new(&declaration, &known), &plan.customers);
    Ok(plan.auth.users.pop().map(|entry| PlannedUser { entry, shop }))
}

/// The client with its secret, if it has one.
pub async fn client(
    table: &ClientTable<'_>,
    auth: &Database,
    shop: &Database,
    unix_millis: u64,
) -> Result<Option<(ClientEntry, Option<String>)>, PlanError> {
    #[derive(Serialize)]
    struct File<'a> {
        client: [&'a ClientTable<'a>; 1],
    }
    let declaration = declared(&File { client: [table] })?;
    let known = known(&declaration, auth).await?;
    let shops = ::commerce::export::hosts(shop).await?;
    let mut plan = Plan::new(&declaration, &known, &means(&shops, unix_millis))?;
    Ok(plan.auth.clients.pop().map(|entry| {
        let secret = plan.generated.remove(&(entry.server_id, entry.client_id.clone()));
        (entry, secret)
    }))
}

fn declared(file: &impl Serialize) -> Result<super::Declaration, PlanError> {
    // What is typed at a terminal is meant as it is: nothing in it is a variable.
    let text = toml::to_string(file)?.replace("${", "$${");
    let source = Source { name: "the command line".to_owned(), text };
    Ok(super::load(&[source], &Variables::new())?)
}

fn means(shops: &[ApplicationHost], unix_millis: u64) -> Means<'_> {
    Means { random: &SystemRandom, unix_millis, shops, derive_secret: &|_, _| None }
}
