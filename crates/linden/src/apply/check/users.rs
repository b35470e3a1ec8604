use auth_core::password::canonical_password;

use crate::apply::credential::Credential;
use crate::apply::declaration::Entry;
use crate::apply::tables::User;
use crate::reading::Complaints;

pub(super) fn check(entry: &Entry<User>, complaints: &mut Complaints) {
    let user = &entry.table;
    let username = user.username.get_ref();
    let own_address = user.email.as_ref().is_some_and(|email| email.get_ref().canonical == username.canonical);
    if username.typed.contains('@') && !own_address {
        let message = "username: looks like an e-mail address, and may then only be the user's own `email`";
        complaints.add(entry.at(&user.username), message);
    }
    let Some(password) = &user.password else { return };
    if let Some(hash) = &user.password_hash {
        complaints.add(entry.at(hash), "password_hash: there is a password beside it: keep one of the two");
    }
    if matches!(password.get_ref(), Credential::Generated | Credential::Derived) {
        let message = "password: is given as a text or as { env = \"NAME\" }; leave it out for a user without one";
        complaints.add(entry.at(password), message);
    }
    if let Some(Err(reason)) = password.get_ref().text().map(canonical_password) {
        complaints.add(entry.at(password), format!("password: {reason}"));
    }
}
