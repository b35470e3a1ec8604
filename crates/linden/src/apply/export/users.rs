use auth_store::apply::{Declaration, NewPassword, UserEntry};

use super::ExportError;
use super::names::{Names, optional, text, texts};
use crate::apply::tables::User;
use crate::apply::values::{Email, Name, PasswordHash, Phone};
use crate::reading::Spanned;

pub(super) fn users(declaration: &Declaration, names: &Names<'_>) -> Result<Vec<User>, ExportError> {
    declaration.users.iter().map(|entry| one(entry, names)).collect()
}

fn one(entry: &UserEntry, names: &Names<'_>) -> Result<User, ExportError> {
    let name = entry.username.as_str();
    let context = entry.customer_context_id.map(|id| names.context(name, id)).transpose()?;
    let password_hash = match &entry.new_password {
        NewPassword::Hash(hash) | NewPassword::Imported(hash, _) => Some(hash.0.as_str()),
        NewPassword::None | NewPassword::NotHashed => None,
    };
    Ok(User {
        server: text(name, "server", names.server(entry.server_id))?,
        username: text(name, "username", name)?,
        email: optional::<Email, _>(name, "email", entry.email.as_deref())?,
        full_name: optional::<Name, _>(name, "full_name", entry.full_name.as_deref())?,
        phone: optional::<Phone, _>(name, "phone", entry.phone.as_deref())?,
        password: None,
        password_hash: optional::<PasswordHash, _>(name, "password_hash", password_hash)?,
        customer_context: context.map(Spanned::from),
        roles: texts::<Name, Spanned<Name>>(name, "roles", &entry.roles)?,
        permissions: entry.permissions.clone(),
        attributes: entry.attributes.clone().filter(|attributes| attributes.iter().next().is_some()).map(Spanned::from),
        enabled: entry.enabled,
    })
}
