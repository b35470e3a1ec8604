use std::fmt;

use super::credential::Credential;
use super::tables::{Account, Application, AuthorizationServer, Client, ItemList, Role, Scope, Tenant, User};
use crate::reading::Spanned;
use crate::reading::{Place, Source};

/// What files declare, each table with its place.
#[derive(Default)]
pub struct Declaration {
    pub(super) files: Vec<Source>,
    pub(super) tenants: Vec<Entry<Tenant>>,
    pub(super) servers: Vec<Entry<AuthorizationServer>>,
    pub(super) scopes: Vec<Entry<Scope>>,
    pub(super) roles: Vec<Entry<Role>>,
    pub(super) clients: Vec<Entry<Client>>,
    pub(super) users: Vec<Entry<User>>,
    pub(super) applications: Vec<Entry<Application>>,
    pub(super) accounts: Vec<Entry<Account>>,
    pub(super) item_lists: Vec<Entry<ItemList>>,
}

/// A table and where it begins.
#[derive(Debug)]
pub(super) struct Entry<T> {
    pub(super) place: Place,
    pub(super) table: T,
}

impl<T> Entry<T> {
    pub(super) fn at<U>(&self, field: &Spanned<U>) -> Place {
        Place { file: self.place.file, offset: field.span().start }
    }
}

impl Declaration {
    /// User names with the passwords that stand in the files in clear.
    pub fn literal_passwords(&self) -> impl Iterator<Item = (&str, &str)> {
        self.users.iter().filter_map(literal_password)
    }

    /// Those of one file.
    pub fn literal_passwords_in(&self, file: &str) -> impl Iterator<Item = (&str, &str)> {
        let file = self.files.iter().position(|source| source.name == file);
        self.users.iter().filter(move |user| Some(user.place.file) == file).filter_map(literal_password)
    }
}

fn literal_password(user: &Entry<User>) -> Option<(&str, &str)> {
    match user.table.password.as_ref()?.get_ref() {
        Credential::Literal(password) => Some((user.table.username.get_ref().typed.as_str(), password.as_str())),
        _ => None,
    }
}

/// The files hold passwords.
impl fmt::Debug for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Declaration").finish_non_exhaustive()
    }
}
