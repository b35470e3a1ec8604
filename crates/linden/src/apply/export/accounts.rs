use std::collections::HashMap;

use auth_protocol::id::AccountId;
use commerce::apply::{AccountEntry, AccountStatus as Stored, Declaration, MemberEntry};

use super::ExportError;
use super::names::{Names, optional, text, texts, value};
use crate::apply::identity;
use crate::apply::tables::{Account, AccountStatus, Member};
use crate::apply::values::Name;
use crate::reading::Spanned;

pub(super) fn accounts(
    declaration: &Declaration,
    names: &Names<'_>,
    left_out: &mut Vec<String>,
) -> Result<Vec<Account>, ExportError> {
    let mut members: HashMap<AccountId, Vec<&MemberEntry>> = HashMap::new();
    for member in &declaration.members {
        members.entry(member.account_id).or_default().push(member);
    }
    let mut accounts = Vec::new();
    for entry in &declaration.accounts {
        if entry.id != identity::account(entry.tenant_id, &entry.name) {
            left_out.push(format!("account {}: no file made it", entry.name));
            continue;
        }
        let members = members.remove(&entry.id).unwrap_or_default();
        accounts.extend(account(entry, &members, names, left_out)?);
    }
    Ok(accounts)
}

/// A file's account has members of one server: those of another are told.
fn account(
    entry: &AccountEntry,
    entries: &[&MemberEntry],
    names: &Names<'_>,
    left_out: &mut Vec<String>,
) -> Result<Option<Account>, ExportError> {
    let name = entry.name.as_str();
    let mut users: Vec<_> =
        entries.iter().filter_map(|member| Some((names.customer(member.customer_id)?, *member))).collect();
    users.sort_by_key(|(user, _)| &user.username_canonical);
    let server = users.iter().map(|(user, _)| names.server(user.server_id)).min();
    let Some(server) = server.or_else(|| names.server_of_customers(entry.tenant_id)) else {
        left_out.push(format!("account {name}: its tenant has no server of customers"));
        return Ok(None);
    };
    let of_server = users.iter().filter(|(user, _)| names.server(user.server_id) == server);
    let member = of_server
        .map(|(user, member)| {
            let roles = texts::<Name, Spanned<Name>>(name, "member.roles", &member.roles)?;
            Ok(Member { username: text(name, "member.username", &user.username)?, roles })
        })
        .collect::<Result<Vec<_>, ExportError>>()?;
    if member.len() < entries.len() {
        left_out.push(format!("account {name}: {} members who are no users of {server}", entries.len() - member.len()));
    }
    Ok(Some(Account {
        server: text(name, "server", server)?,
        name: text(name, "name", name)?,
        account_number: Some(value(name, "account_number", &entry.account_number)?),
        parent: optional::<Name, _>(name, "parent", entry.parent_account_id.and_then(|id| names.account(id)))?,
        status: Some(match entry.status {
            Stored::Active => AccountStatus::Active,
            Stored::Inactive => AccountStatus::Inactive,
        }),
        member,
    }))
}
