use auth_protocol::id::{ApplicationId, CustomerContextId, TenantId};
use serde_json::json;

use super::*;

fn candidate(number: u8, domain: &str, kind: IdentifierType, value: &str) -> Candidate {
    let application = Application {
        id: ApplicationId::from_bytes([number; 16]),
        tenant_id: TenantId::from_bytes([1; 16]),
        name: format!("shop {number}"),
        token: format!("token-{number}"),
        identifier_type: kind,
        identifier_value: value.to_owned(),
        customer_context_id: CustomerContextId::from_bytes([1; 16]),
        issuer: String::new(),
        client_id: String::new(),
        gateway_client_id: String::new(),
        domains: vec![domain.to_owned()],
        origins: vec![],
        deactivated: false,
        default_locale: "en".to_owned(),
        allowed_locales: vec![],
        storefront: json!({}),
    };
    Candidate { domain: domain.to_owned(), application }
}

/// Of `shop.example`: 1 is its own, 2 by parameter, 3 by path; 4 by prefix below it; 5 at another port.
fn shops() -> Vec<Candidate> {
    use IdentifierType::{ContextPath, Domain, DomainPrefix, Parameter};
    vec![
        candidate(1, "shop.example", Domain, "shop.example"),
        candidate(2, "shop.example", Parameter, "outlet"),
        candidate(3, "shop.example", ContextPath, "garden"),
        candidate(4, "shop.example", DomainPrefix, "north"),
        candidate(5, "shop.example:8443", Domain, "shop.example:8443"),
    ]
}

fn ask(host: &str, path: &str, parameter: Option<&str>, token: Option<&str>) -> Result<u8, Unresolved> {
    let host: HostName = host.parse().unwrap();
    resolve(&Asked { host: &host, path, parameter, token }, &shops()).map(|application| application.id.bytes()[0])
}

#[test]
fn host_parameter_path_and_prefix_each_find_theirs() {
    assert_eq!(ask("shop.example", "/", None, None), Ok(1));
    assert_eq!(ask("shop.example:8080", "/", None, None), Ok(1));
    assert_eq!(ask("shop.example:8443", "/", None, None), Ok(5));
    assert_eq!(ask("shop.example", "/", Some("outlet"), None), Ok(2));
    assert_eq!(ask("shop.example", "/garden/tools?x", None, None), Ok(3));
    assert_eq!(ask("shop.example", "/gardening", None, None), Ok(1));
    assert_eq!(ask("north.shop.example", "/", None, None), Ok(4));
}

#[test]
fn what_nobody_registered_is_unknown() {
    for host in ["other.example", "south.shop.example", "deep.north.shop.example", "localhost", "127.0.0.1"] {
        assert_eq!(ask(host, "/", None, None), Err(Unresolved::Unknown), "{host}");
        assert_eq!(ask(host, "/", None, Some("token-1")), Err(Unresolved::Unknown), "{host}");
    }
    assert_eq!(ask("shop.example", "/", Some("nothing"), None), Err(Unresolved::Unknown));
}

#[test]
fn a_parameter_counts_only_where_applications_are_found_by_it() {
    assert_eq!(ask("shop.example:8443", "/", Some("whatever"), None), Ok(5));
}

#[test]
fn a_token_chooses_among_the_hosts_applications_alone() {
    assert_eq!(ask("shop.example", "/", None, Some("token-2")), Ok(2));
    assert_eq!(ask("shop.example", "/", Some("outlet"), Some("token-2")), Ok(2));
    for (parameter, path, token) in [
        (None, "/", "token-5"),
        (None, "/", "token-4"),
        (None, "/", "unheard of"),
        (Some("outlet"), "/", "token-1"),
        (None, "/garden", "token-2"),
    ] {
        assert_eq!(ask("shop.example", path, parameter, Some(token)), Err(Unresolved::Disagreement), "{token}");
    }
    assert_eq!(ask("shop.example", "/garden", Some("outlet"), None), Err(Unresolved::Disagreement));
}

#[test]
fn a_deactivated_application_is_not_there() {
    let mut shops = shops();
    shops[0].application.deactivated = true;
    let host = "shop.example".parse().unwrap();
    let asked = Asked { host: &host, path: "/", parameter: None, token: None };
    assert_eq!(resolve(&asked, &shops).unwrap_err(), Unresolved::Unknown);
    let by_token = Asked { token: Some("token-1"), ..asked };
    assert_eq!(resolve(&by_token, &shops).unwrap_err(), Unresolved::Disagreement);
}

#[test]
fn applications_that_cannot_be_told_apart_are_found_out() {
    let applications = |candidates: Vec<Candidate>| -> Vec<Application> {
        candidates.into_iter().map(|candidate| candidate.application).collect()
    };
    assert_eq!(ambiguous(&applications(shops()[..4].to_vec())), None);
    for second in [
        candidate(9, "shop.example", IdentifierType::Domain, "another value"),
        candidate(9, "shop.example", IdentifierType::Parameter, "outlet"),
    ] {
        let mut all = shops()[..4].to_vec();
        all.push(second);
        let all = applications(all);
        assert_eq!(ambiguous(&all).map(|(_, second)| second.id.bytes()[0]), Some(9));
    }
}

#[test]
fn a_host_says_what_its_applications_are_told_apart_by() {
    let of = |host: &str| {
        let mut shops = shops();
        for shop in &mut shops {
            shop.application.origins = vec!["https://app.example".to_owned()];
            shop.application.issuer = format!("https://{}/auth", shop.domain);
        }
        choices(&host.parse().unwrap(), &shops)
    };
    let shop = of("shop.example").unwrap();
    assert_eq!(shop.issuers, ["https://shop.example/auth"]);
    assert_eq!(shop.origins, ["https://app.example"]);
    assert_eq!((shop.context_paths, shop.takes_parameter), (vec!["garden".to_owned()], true));
    let other_port = of("shop.example:8443").unwrap();
    assert_eq!((other_port.context_paths, other_port.takes_parameter), (vec![], false));
    assert_eq!(of("north.shop.example").unwrap().issuers, ["https://shop.example/auth"]);
    assert_eq!(of("other.example"), None);
}
