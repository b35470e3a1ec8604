//! What an operator reads: file, line and column, and what would be right.

use super::{AUTH, GATEWAY, SERVICES, mistake, read};

#[test]
fn what_is_right_is_read() {
    let all = [AUTH, GATEWAY, SERVICES].concat();
    let read = read(&all, &[]).unwrap();
    assert!(read.auth().is_ok() && read.gateway().is_ok() && read.services().is_ok());
}

#[test]
fn typos_are_told_with_what_was_meant() {
    let told = mistake(&AUTH.replace("listen", "lisen"), &[]);
    assert!(told.starts_with("linden.toml:2:1: unknown field `lisen`, expected one of `listen`, "), "{told}");
    assert!(told.ends_with("did you mean `listen`?"), "{told}");
    let nested = mistake(&AUTH.replace("{ url", "{ ulr"), &[]);
    assert!(
        nested.starts_with("linden.toml:4:14: database: unknown field `ulr`") && nested.ends_with("`url`?"),
        "{nested}"
    );
    let section = mistake(&format!("[gatway]\nlisten = []\n{AUTH}"), &[]);
    assert_eq!(
        section,
        "linden.toml:1:2: there is no section [gatway], did you mean [gateway]? there are [log], [auth], [gateway] and [services]"
    );
    let unlike = mistake(&format!("[mail]\n{AUTH}"), &[]);
    assert_eq!(
        unlike,
        "linden.toml:1:2: there is no section [mail]: there are [log], [auth], [gateway] and [services]"
    );
}

#[test]
fn wrong_kinds_and_values_are_told_with_what_would_be_right() {
    let auth = |from: &str, to: &str| mistake(&AUTH.replace(from, to), &[]);
    let listen = "[\"127.0.0.1:8080\"]";
    for (wrong, says) in [
        ("8080", "linden.toml:2:10: listen: invalid type: integer `8080`, expected a list in [ ]"),
        ("[]", "linden.toml:2:10: listen: name at least one address, such as 10.0.0.1:8443"),
        (
            "[\"localhost\"]",
            "linden.toml:2:11: listen: localhost is no address with a port, such as 10.0.0.1:8443 or [::1]:8443",
        ),
    ] {
        assert_eq!(auth(listen, wrong), says);
    }
    assert_eq!(
        auth("sqlite:auth.db", "mysql://db"),
        "linden.toml:4:20: database: must be sqlite:/var/lib/linden/auth.db, or postgres://user@host/database"
    );
    assert_eq!(
        mistake(&format!("{AUTH}gateways = [\"10.0.0.0/8\", \"10.1.2.3/8\"]\n"), &[]),
        "linden.toml:5:27: gateways: 10.1.2.3/8 has bits beyond its prefix: write the network's first address"
    );
    assert_eq!(
        mistake(&format!("{AUTH}limits = {{ connections = 0 }}\n"), &[]),
        "linden.toml:5:26: limits: 0 is not between 1 and 1000000"
    );
    let level = mistake("[log]\nlevel = \"infos\"\n", &[]);
    assert!(
        level.starts_with("linden.toml:2:9: level: unknown variant `infos`") && level.ends_with("did you mean `info`?"),
        "{level}"
    );
    assert!(mistake("[auth\n", &[]).starts_with("linden.toml:1:6: this is no TOML"));
}

#[test]
fn what_is_missing_is_told() {
    let missing = mistake(&AUTH.replace("master_key_file = \"master.key\"\n", ""), &[]);
    assert_eq!(missing, "linden.toml:1:1: missing field `master_key_file`");
    let database = mistake(&AUTH.replace("url = \"sqlite:auth.db\"", ""), &[]);
    assert_eq!(database, "linden.toml:4:12: database: write url, or url_file for a file with the address in it");
    let refused = read(AUTH, &[]).unwrap().gateway().unwrap_err().to_string();
    assert_eq!(refused, "linden.toml has no section [gateway]: `linden config example` shows one");
}

#[test]
fn empty_lists_of_upstreams_and_what_is_no_address() {
    let upstreams = |from: &str, to: &str| mistake(&GATEWAY.replace(from, to), &[]);
    assert_eq!(
        upstreams("\"10.0.0.1:8080\"", ""),
        "linden.toml:4:22: upstreams: an upstream needs at least one address"
    );
    assert_eq!(
        upstreams("services = {}", "services = { cart = [] }"),
        "linden.toml:4:98: upstreams: an upstream needs at least one address"
    );
    let ftp = upstreams("10.0.0.1:8080", "ftp://10.0.0.1");
    assert!(ftp.contains("ftp://10.0.0.1 is no address such as 10.0.0.7:8080 or https://10.0.0.7:8443"), "{ftp}");
}

#[test]
fn management_is_never_where_others_are_served() {
    for (section, listen) in [(AUTH, "127.0.0.1:8080"), (GATEWAY, "127.0.0.1:8080"), (SERVICES, "127.0.0.1:8080")] {
        let told = mistake(&format!("{section}management = \"{listen}\"\n"), &[]);
        assert!(
            told.ends_with(
                ":14: management: 127.0.0.1:8080 is what `listen` serves others at: give it an address of its own"
            ),
            "{told}"
        );
    }
    let everywhere = mistake(&format!("{SERVICES}management = \"0.0.0.0:8080\"\n"), &[]);
    assert!(everywhere.contains("management: 0.0.0.0:8080 is what `listen` serves"), "{everywhere}");
    let resolver = mistake(&format!("{SERVICES}resolver = \"127.0.0.1:8080\"\n"), &[]);
    assert!(resolver.contains("resolver: 127.0.0.1:8080 is what `listen` serves"), "{resolver}");
    let both = mistake(&format!("{SERVICES}resolver = \"127.0.0.1:1\"\nmanagement = \"127.0.0.1:1\"\n"), &[]);
    assert!(both.contains("management: 127.0.0.1:1 is what `resolver` serves"), "{both}");
    let free = "resolver = \"127.0.0.1:0\"\nmanagement = \"127.0.0.1:0\"\n";
    read(&format!("{SERVICES}{free}"), &[]).unwrap();
}

#[test]
fn plain_http_is_for_this_machine_and_for_those_who_are_named() {
    let public = |section: &str| section.replacen("127.0.0.1:8080", "10.0.0.1:8080", 1);
    for (section, peers) in
        [(AUTH, "trusted_proxies and gateways"), (GATEWAY, "trusted_proxies"), (SERVICES, "gateways")]
    {
        let told = mistake(&public(section), &[]);
        assert_eq!(
            told,
            format!(
                "linden.toml:2:10: listen: 10.0.0.1:8080 can be reached from elsewhere by plain http: give tls, or name who \
                 may come so in {peers}"
            )
        );
        read(&format!("{}tls = {{ certificate = \"a\", key = \"b\" }}\n", public(section)), &[]).unwrap();
    }
    read(&format!("{}gateways = [\"10.1.0.0/16\"]\n", public(AUTH)), &[]).unwrap();
    let http = mistake(&format!("{}public_scheme = \"http\"\n", public(GATEWAY)), &[]);
    assert_eq!(
        http,
        "linden.toml:5:17: public_scheme: 10.0.0.1:8080 can be reached from elsewhere: http is for trials on 127.0.0.1 and [::1]"
    );
    let both = "public_scheme = \"http\"\ntls = { certificate = \"a\", key = \"b\" }\n";
    assert!(mistake(&format!("{AUTH}{both}"), &[]).ends_with("public_scheme: is https where tls is given"));
    let resolver = mistake(&format!("{SERVICES}resolver = \"10.0.0.3:8081\"\n"), &[]);
    assert!(resolver.contains("resolver: nobody may ask it from elsewhere"), "{resolver}");
}

#[test]
fn commerce_never_opens_the_authorization_servers_database() {
    let same = [AUTH, &SERVICES.replace("commerce.db", "auth.db")].concat();
    let told = mistake(&same, &[]);
    assert!(told.starts_with("linden.toml:7:20: url: this is the database of [auth]"), "{told}");
    let postgres = |section: &str, schema: &str| {
        let url = "url = \"postgres://db/linden\"".to_owned() + schema;
        section.replace("url = \"sqlite:auth.db\"", &url).replace("url = \"sqlite:commerce.db\"", &url)
    };
    read(&[postgres(AUTH, ""), postgres(SERVICES, "")].concat(), &[]).unwrap();
    let told = mistake(&[postgres(AUTH, ""), postgres(SERVICES, ", schema = \"auth\"")].concat(), &[]);
    assert!(told.contains("give the services another file, or another schema"), "{told}");
    let schema = mistake(&postgres(AUTH, ", schema = \"Auth\""), &[]);
    assert!(schema.ends_with("schema: must be lower-case letters, digits and _, a letter first"), "{schema}");
}

#[test]
fn several_mistakes_are_told_at_once() {
    let text =
        AUTH.replace("listen", "lisen").replace("sqlite:", "sql:") + "gateways = 7\n" + &SERVICES.replace("8080", "x");
    let told = read(&text, &[]).unwrap_err();
    let lines: Vec<&str> = told.lines().skip(1).map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(lines, ["linden.toml:2:1", "linden.toml:4:20", "linden.toml:5:12", "linden.toml:7:11"], "{told}");
}
