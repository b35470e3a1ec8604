use auth_core::server::{
    ClaimMapping, KeyRotation as StoredKeyRotation, Lifetimes as StoredLifetimes, Limits as StoredLimits,
    LockOut as StoredLockOut, Server, ServerSettings,
};
use auth_store::apply::Declaration;

use super::ExportError;
use super::names::{Names, optional, text, value};
use crate::apply::identity;
use crate::apply::tables::{AuthorizationServer, Claim, KeyRotation, Lifetimes, Limits, LockOut, Role, Scope};
use crate::reading::{Spanned, Within};

pub(super) fn servers(
    declaration: &Declaration,
    names: &Names<'_>,
    left_out: &mut Vec<String>,
) -> Result<Vec<AuthorizationServer>, ExportError> {
    let mut servers = Vec::new();
    for server in &declaration.servers {
        match names.tenant(server.tenant_id) {
            Some(tenant) if server.id == identity::server(server.tenant_id, &server.name) => {
                servers.push(one(server, tenant)?);
            }
            _ => left_out.push(format!("authorization server {}: no file made it, or only half of it", server.name)),
        }
    }
    Ok(servers)
}

fn one(server: &Server, tenant: &str) -> Result<AuthorizationServer, ExportError> {
    let name = server.name.as_str();
    let ServerSettings {
        api_audience,
        access_token_algorithm,
        id_token_algorithm,
        lifetimes,
        lock_out,
        limits,
        keys,
        audit_days,
        claims,
    } = &server.settings;
    Ok(AuthorizationServer {
        name: text(name, "name", name)?,
        tenant: text(name, "tenant", tenant)?,
        friendly_name: Some(value(name, "friendly_name", &server.friendly_name)?),
        issuer: text(name, "issuer", &server.issuer)?,
        user_type: Some(server.user_type.into()),
        api_audience: Some(value(name, "api_audience", api_audience)?),
        access_token_algorithm: Some(*access_token_algorithm),
        id_token_algorithm: *id_token_algorithm,
        lifetimes: of_lifetimes(name, *lifetimes)?,
        lock_out: of_lock_out(name, *lock_out)?,
        limits: of_limits(name, *limits)?,
        keys: of_keys(name, *keys)?,
        audit_days: Some(number(name, "audit_days", *audit_days)?),
        claim: claims.iter().map(|claim| of_claim(name, claim).map(Spanned::from)).collect::<Result<_, _>>()?,
    })
}

/// A number that a file may hold.
pub(super) fn number<const LEAST: u32, const MOST: u32>(
    entry: &str,
    what: &'static str,
    number: u32,
) -> Result<Within<LEAST, MOST>, ExportError> {
    Within::try_from(i64::from(number)).map_err(|reason| ExportError::Unfit { entry: entry.to_owned(), what, reason })
}

fn of_lifetimes(name: &str, lifetimes: StoredLifetimes) -> Result<Lifetimes, ExportError> {
    let StoredLifetimes {
        code_seconds,
        access_token_seconds,
        id_token_seconds,
        session_inactivity_seconds,
        session_seconds,
    } = lifetimes;
    Ok(Lifetimes {
        code_seconds: Some(number(name, "lifetimes", code_seconds)?),
        access_token_seconds: Some(number(name, "lifetimes", access_token_seconds)?),
        id_token_seconds: Some(number(name, "lifetimes", id_token_seconds)?),
        session_inactivity_seconds: Some(number(name, "lifetimes", session_inactivity_seconds)?.into()),
        session_seconds: Some(number(name, "lifetimes", session_seconds)?.into()),
    })
}

fn of_lock_out(name: &str, lock_out: StoredLockOut) -> Result<LockOut, ExportError> {
    let StoredLockOut { failed_sign_ins_allowed, duration_minutes, decay_minutes } = lock_out;
    Ok(LockOut {
        failed_sign_ins_allowed: Some(number(name, "lock_out", failed_sign_ins_allowed)?),
        duration_minutes: Some(number(name, "lock_out", duration_minutes.unwrap_or(0))?),
        decay_minutes: Some(number(name, "lock_out", decay_minutes.unwrap_or(0))?),
    })
}

fn of_limits(name: &str, limits: StoredLimits) -> Result<Limits, ExportError> {
    let StoredLimits { form_bytes, sign_in_minutes } = limits;
    Ok(Limits {
        form_bytes: Some(number(name, "limits", form_bytes)?),
        sign_in_minutes: Some(number(name, "limits", sign_in_minutes)?),
    })
}

fn of_keys(name: &str, keys: StoredKeyRotation) -> Result<KeyRotation, ExportError> {
    let StoredKeyRotation { rotation_days, publish_hours } = keys;
    Ok(KeyRotation {
        rotation_days: Some(number(name, "keys", rotation_days)?),
        publish_hours: Some(number(name, "keys", publish_hours)?),
    })
}

fn of_claim(name: &str, mapping: &ClaimMapping) -> Result<Claim, ExportError> {
    let ClaimMapping { attribute, claim, places, scope, longest_bytes } = mapping;
    Ok(Claim {
        attribute: attribute.clone(),
        claim: Some(claim.clone()),
        places: places.clone(),
        scope: optional(name, "claim", scope.as_deref())?,
        longest_bytes: Some(*longest_bytes),
    })
}

pub(super) fn scopes(declaration: &Declaration, names: &Names<'_>) -> Result<Vec<Scope>, ExportError> {
    let scopes = declaration.scopes.iter().map(|entry| {
        let name = entry.scope.name.as_str();
        Ok(Scope {
            server: text(name, "server", names.server(entry.server_id))?,
            name: text(name, "name", name)?,
            open: entry.scope.open,
            permissions: entry.scope.permissions.clone(),
            permission_roots: entry.scope.permission_roots.clone(),
        })
    });
    scopes.collect()
}

pub(super) fn roles(declaration: &Declaration, names: &Names<'_>) -> Result<Vec<Role>, ExportError> {
    let roles = declaration.roles.iter().map(|entry| {
        let name = entry.role.name.as_str();
        Ok(Role {
            server: text(name, "server", names.server(entry.server_id))?,
            name: text(name, "name", name)?,
            permissions: entry.role.permissions.clone(),
        })
    });
    roles.collect()
}
