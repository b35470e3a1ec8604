//! Which application a request is for. The host decides which ones it can be; token, parameter and path may only choose
//! among those, and must not disagree.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::tenant::host::HostName;
use crate::tenant::{Application, IdentifierType};

/// An application, found by one of its domains.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    pub(crate) domain: String,
    pub(crate) application: Application,
}

/// What a request says about the application it is for.
#[derive(Debug, Clone)]
pub(crate) struct Asked<'a> {
    pub(crate) host: &'a HostName,
    pub(crate) path: &'a str,
    /// The query parameter `application`.
    pub(crate) parameter: Option<&'a str>,
    /// The header `X-Application-Token`.
    pub(crate) token: Option<&'a str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unresolved {
    #[error("no application is registered for this host")]
    Unknown,
    #[error("host, path, parameter and token name different applications")]
    Disagreement,
}

/// The application among the candidates that were found by the host's domains.
pub(crate) fn resolve(asked: &Asked<'_>, candidates: &[Candidate]) -> Result<Application, Unresolved> {
    let OfHost { exact, prefixed } = OfHost::among(asked.host, candidates);
    let of_host = [exact.clone(), prefixed.clone()].concat();
    if of_host.is_empty() {
        return Err(Unresolved::Unknown);
    }

    let named = |kind, value| {
        exact.iter().copied().find(move |found| found.identifier_type == kind && found.identifier_value == value)
    };
    let by_token = match asked.token {
        Some(token) => {
            Some(of_host.iter().copied().find(|found| found.token == token).ok_or(Unresolved::Disagreement)?)
        }
        None => None,
    };
    let takes_parameter = exact.iter().any(|found| found.identifier_type == IdentifierType::Parameter);
    let by_parameter = match asked.parameter.filter(|_| takes_parameter) {
        Some(value) => Some(named(IdentifierType::Parameter, value).ok_or(Unresolved::Unknown)?),
        None => None,
    };
    let by_path = named(IdentifierType::ContextPath, first_segment(asked.path));
    let chosen: Vec<&Application> = [by_token, by_parameter, by_path].into_iter().flatten().collect();
    match chosen.split_first() {
        Some((first, others)) if others.iter().all(|other| other.id == first.id) => Ok((*first).clone()),
        Some(_) => Err(Unresolved::Disagreement),
        None => {
            let of_its_own = exact.into_iter().find(|found| found.identifier_type == IdentifierType::Domain);
            of_its_own.or(prefixed.first().copied()).cloned().ok_or(Unresolved::Unknown)
        }
    }
}

/// What can tell a host's applications apart, so that whoever remembers an answer knows what it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Choices {
    /// Of all its applications, each once.
    issuers: Vec<String>,
    /// Those that any of them registered: a preflight does not say which one is meant.
    origins: Vec<String>,
    /// First segments of paths that choose one.
    context_paths: Vec<String>,
    /// Whether the query parameter `application` counts.
    takes_parameter: bool,
}

/// `None` when no application is registered for the host.
pub(crate) fn choices(host: &HostName, candidates: &[Candidate]) -> Option<Choices> {
    let OfHost { exact, prefixed } = OfHost::among(host, candidates);
    let of_host = || exact.iter().chain(&prefixed);
    let issuers: BTreeSet<String> = of_host().map(|found| found.issuer.clone()).collect();
    let origins: BTreeSet<String> = of_host().flat_map(|found| found.origins.clone()).collect();
    let of_kind = |kind| exact.iter().filter(move |found| found.identifier_type == kind);
    let choices = Choices {
        context_paths: of_kind(IdentifierType::ContextPath).map(|found| found.identifier_value.clone()).collect(),
        takes_parameter: of_kind(IdentifierType::Parameter).next().is_some(),
        issuers: issuers.into_iter().collect(),
        origins: origins.into_iter().collect(),
    };
    (!choices.issuers.is_empty()).then_some(choices)
}

/// The active applications of a host.
struct OfHost<'a> {
    /// Registered for it by name.
    exact: Vec<&'a Application>,
    /// Those whose prefix is its first label.
    prefixed: Vec<&'a Application>,
}

impl<'a> OfHost<'a> {
    fn among(host: &HostName, candidates: &'a [Candidate]) -> Self {
        let active: Vec<&Candidate> =
            candidates.iter().filter(|candidate| !candidate.application.deactivated).collect();
        let exact = at_most_particular(&active, &host.exact(), |kind| kind != IdentifierType::DomainPrefix);
        let prefixed = host.prefixed().map_or_else(Vec::new, |(prefix, parents)| {
            let mut found = at_most_particular(&active, &parents, |kind| kind == IdentifierType::DomainPrefix);
            // Were two tenants to share a host all the same, the one that has it by name has it alone.
            let owner = exact.first().map(|application| application.tenant_id);
            let is_owners = |application: &Application| owner.is_none_or(|owner| owner == application.tenant_id);
            found.retain(|application| application.identifier_value == prefix && is_owners(application));
            found
        });
        Self { exact, prefixed }
    }
}

/// Those registered for `host:port`, or if there are none, for `host`.
fn at_most_particular<'a>(
    candidates: &[&'a Candidate],
    domains: &[String; 2],
    wanted: impl Fn(IdentifierType) -> bool,
) -> Vec<&'a Application> {
    let at = |domain: &String| -> Vec<&'a Application> {
        let of_domain = candidates.iter().filter(|found| found.domain == *domain);
        of_domain.map(|found| &found.application).filter(|found| wanted(found.identifier_type)).collect()
    };
    let particular = at(&domains[0]);
    if particular.is_empty() { at(&domains[1]) } else { particular }
}

fn first_segment(path: &str) -> &str {
    path.trim_start_matches('/').split(['/', '?', '#']).next().unwrap_or_default()
}

/// Two active applications of one domain that no request could tell apart.
pub(crate) fn ambiguous(of_domain: &[Application]) -> Option<(&Application, &Application)> {
    let active: Vec<&Application> = of_domain.iter().filter(|application| !application.deactivated).collect();
    let place = |application: &Application| match application.identifier_type {
        IdentifierType::Domain => (IdentifierType::Domain, String::new()),
        kind => (kind, application.identifier_value.clone()),
    };
    active.iter().enumerate().find_map(|(index, first)| {
        let second = active[index + 1..].iter().find(|second| place(second) == place(first))?;
        Some((*first, *second))
    })
}
