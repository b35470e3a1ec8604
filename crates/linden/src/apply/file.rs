use schemars::JsonSchema;
use serde::Serialize;

use super::tables::{Account, Application, AuthorizationServer, Client, ItemList, Role, Scope, Tenant, User};

/// All that one file declares.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A configuration file of `linden apply`")]
pub struct File {
    #[serde(default)]
    pub tenant: Vec<Tenant>,
    #[serde(default)]
    pub authorization_server: Vec<AuthorizationServer>,
    #[serde(default)]
    pub scope: Vec<Scope>,
    #[serde(default)]
    pub role: Vec<Role>,
    #[serde(default)]
    pub client: Vec<Client>,
    #[serde(default)]
    pub user: Vec<User>,
    #[serde(default)]
    pub application: Vec<Application>,
    #[serde(default)]
    pub account: Vec<Account>,
    #[serde(default)]
    pub item_list: Vec<ItemList>,
}
