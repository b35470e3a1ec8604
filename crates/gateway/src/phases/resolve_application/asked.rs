use std::sync::Arc;

use http::{HeaderMap, header};

use super::{Host, ResolveError};

const TOKEN: header::HeaderName = header::HeaderName::from_static("x-application-token");
const PARAMETER: &str = "application";
/// Longer ones are no application's.
const LONGEST: usize = 128;

/// All that decides which application a request is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asked {
    host: Arc<str>,
    token: Option<String>,
    parameter: Option<String>,
    context_path: Option<String>,
}

impl Asked {
    pub fn read(host: &Host, headers: &HeaderMap, path: &str, query: Option<&str>) -> Result<Self, ResolveError> {
        Ok(Self {
            host: Arc::clone(&host.name),
            token: token(headers)?,
            parameter: if host.takes_parameter { parameter(query.unwrap_or_default())? } else { None },
            context_path: host.context_path(path).map(str::to_owned),
        })
    }

    /// Whether nothing but the host says which application is asked for.
    pub fn names_none(&self) -> bool {
        self.token.is_none() && self.parameter.is_none() && self.context_path.is_none()
    }

    /// Whether a header names an application.
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// As the tenant service takes them.
    pub fn inputs(&self) -> Vec<(&str, &str)> {
        let optional = [("path", &self.context_path), (PARAMETER, &self.parameter), ("token", &self.token)];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        std::iter::once(("host", &*self.host)).chain(given).collect()
    }
}

fn token(headers: &HeaderMap) -> Result<Option<String>, ResolveError> {
    let mut all = headers.get_all(TOKEN).iter();
    match (all.next(), all.next()) {
        (None, _) => Ok(None),
        (Some(token), None) if token.len() <= LONGEST => {
            let token = token.to_str().map_err(|_| ResolveError::Disagreement)?.trim();
            Ok(Some(token.to_owned()).filter(|token| !token.is_empty()))
        }
        _ => Err(ResolveError::Disagreement),
    }
}

/// Blank is absent; two could be read either way.
fn parameter(query: &str) -> Result<Option<String>, ResolveError> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).map_err(|_| ResolveError::NoneNamed)?;
    let mut all = pairs.iter().filter(|(name, _)| name == PARAMETER).map(|(_, value)| value.trim());
    match (all.next(), all.next()) {
        (None | Some(""), None) => Ok(None),
        (Some(value), None) if value.len() > LONGEST || value.chars().any(char::is_control) => {
            Err(ResolveError::NoneNamed)
        }
        (Some(value), None) => Ok(Some(value.to_owned())),
        _ => Err(ResolveError::Disagreement),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn host(takes_parameter: bool) -> Host {
        let answer = json!({ "issuers": [], "contextPaths": ["garden"], "takesParameter": takes_parameter });
        Host::read("shop.example", 1)(serde_json::from_value(answer).unwrap()).unwrap()
    }

    fn read(known: &Host, path: &str, query: &str) -> Result<Asked, ResolveError> {
        Asked::read(known, &HeaderMap::new(), path, Some(query))
    }

    #[test]
    fn only_what_can_choose_among_the_hosts_applications_counts() {
        let plain = read(&host(false), "/", "").unwrap();
        for (path, query) in [("/gardening", ""), ("/Garden/", ""), ("/x/garden", ""), ("/", "application=outlet")] {
            assert_eq!(read(&host(false), path, query).unwrap(), plain, "{path}?{query}");
        }
        let garden = read(&host(false), "/garden/tools", "").unwrap();
        assert_eq!(garden, read(&host(false), "/garden", "x=1").unwrap());
        assert_eq!(garden.inputs(), [("host", "shop.example"), ("path", "garden")]);
        let outlet = read(&host(true), "/", "a=1&applic%61tion=out+let").unwrap();
        assert_eq!(outlet.inputs(), [("host", "shop.example"), ("application", "out let")]);
        assert_ne!(outlet, read(&host(true), "/", "application=Outlet").unwrap());
    }

    #[test]
    fn a_parameter_that_is_doubled_or_cannot_be_one_is_refused_and_a_blank_one_absent() {
        assert_eq!(read(&host(true), "/", "application=+").unwrap(), read(&host(true), "/", "").unwrap());
        let doubled = read(&host(true), "/", "application=a&application=a").unwrap_err();
        assert!(matches!(doubled, ResolveError::Disagreement));
        for unheard_of in [format!("application={}", "x".repeat(129)), "application=a%00".to_owned()] {
            assert!(matches!(read(&host(true), "/", &unheard_of), Err(ResolveError::NoneNamed)), "{unheard_of}");
        }
    }
}
