use std::sync::{Arc, OnceLock};

use http::HeaderValue;
use serde::Deserialize;

use crate::Application;
use crate::application::issuer_place;

/// What is registered for one host.
#[derive(Debug)]
pub struct Host {
    pub name: Arc<str>,
    /// The name, as other parts are told it.
    pub told: HeaderValue,
    /// That it was found under: what was found for a host is forgotten with it.
    pub generation: i64,
    /// Of the applications' authorization servers.
    pub issuers: Vec<IssuerPlace>,
    /// That any of its applications registered.
    pub origins: Vec<String>,
    /// First segments of paths that choose an application.
    pub context_paths: Vec<String>,
    /// Whether the query parameter `application` chooses one.
    pub takes_parameter: bool,
    /// Of requests that name none, once one was found.
    pub(super) unnamed: OnceLock<Arc<Application>>,
}

/// Where an issuer lies, seen from a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerPlace {
    pub is_on_host: bool,
    /// The first segment of its path with the slash before it, or nothing; the servers of one host share it: `/auth`,
    /// `/auth/s/{name}`.
    pub path: String,
}

/// The tenant service's answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HostAnswer {
    issuers: Vec<String>,
    #[serde(default)]
    origins: Vec<String>,
    context_paths: Vec<String>,
    takes_parameter: bool,
}

impl Host {
    pub fn read(host: &str, generation: i64) -> impl FnOnce(HostAnswer) -> Option<Self> {
        move |answer| {
            Some(Self {
                name: host.into(),
                told: HeaderValue::from_str(host).ok()?,
                generation,
                issuers: answer.issuers.iter().map(|issuer| IssuerPlace::of(issuer, host)).collect(),
                origins: answer.origins,
                context_paths: answer.context_paths,
                takes_parameter: answer.takes_parameter,
                unnamed: OnceLock::new(),
            })
        }
    }

    /// The path's first segment, when it chooses an application.
    pub fn context_path<'a>(&self, path: &'a str) -> Option<&'a str> {
        let first = path.strip_prefix('/')?.split('/').next()?;
        self.context_paths.iter().any(|known| known == first).then_some(first)
    }

    /// The path as its application knows it: one with a context path has everything below it, and is asked for the same
    /// without it.
    pub fn without_context_path<'a>(&self, path: &'a str) -> &'a str {
        match self.context_path(path).map(|first| &path[1 + first.len()..]) {
            Some("") => "/",
            Some(rest) => rest,
            None => path,
        }
    }
}

impl IssuerPlace {
    pub fn of(issuer: &str, host: &str) -> Self {
        let (issuer_host, path) = issuer_place(issuer);
        let end = path[1.min(path.len())..].find('/').map_or(path.len(), |end| end + 1);
        Self { is_on_host: issuer_host.eq_ignore_ascii_case(host), path: path[..end].to_owned() }
    }
}
