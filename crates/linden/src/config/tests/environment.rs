use super::{AUTH, SERVICES, mistake, read};

#[test]
fn a_variable_counts_before_the_file_and_may_stand_alone() {
    let changed = [
        ("LINDEN__AUTH__LISTEN", "[\"127.0.0.1:1\", \"[::1]:1\"]"),
        ("LINDEN__AUTH__DATABASE__CONNECTIONS", "3"),
        ("LINDEN__AUTH__LIMITS__LEAVE_SECONDS", "0"),
        ("LINDEN__AUTH__MANAGEMENT", "127.0.0.1:2"),
        ("LINDEN_LOG", "debug"),
        ("PATH", "/bin"),
    ];
    let read_with = read(AUTH, &changed).unwrap();
    let auth = read_with.auth().unwrap();
    assert_eq!(auth.listen.get_ref().addresses().len(), 2);
    assert_eq!(auth.database.get_ref().connections.0, 3);
    assert_eq!((auth.limits.leave_seconds.0, auth.limits.requests.0), (0, 1024));
    let alone =
        [("LINDEN__SERVICES__LISTEN", "[\"127.0.0.1:1\"]"), ("LINDEN__SERVICES__DATABASE__URL", "sqlite:commerce.db")];
    assert!(read("", &alone).unwrap().services().is_ok());
}

#[test]
fn a_wrong_variable_is_told_by_its_name() {
    let typo = mistake(AUTH, &[("LINDEN__AUTH__MANAGMENT", "127.0.0.1:1")]);
    assert!(typo.starts_with("LINDEN__AUTH__MANAGMENT: unknown field `managment`"), "{typo}");
    assert!(typo.ends_with("did you mean `management`?"), "{typo}");
    let section = mistake(AUTH, &[("LINDEN__OUTH__LISTEN", "x")]);
    assert!(section.starts_with("LINDEN__OUTH__LISTEN: there is no section [outh], did you mean [auth]?"), "{section}");
    let number = mistake(AUTH, &[("LINDEN__AUTH__DATABASE__CONNECTIONS", "many")]);
    assert!(
        number.starts_with("LINDEN__AUTH__DATABASE__CONNECTIONS: database: invalid type: string \"many\""),
        "{number}"
    );
    let empty = mistake(AUTH, &[("LINDEN__AUTH__DATABASE__URL", "")]);
    assert!(empty.starts_with("LINDEN__AUTH__DATABASE__URL: database: must be sqlite:"), "{empty}");
    let both = mistake(SERVICES, &[("LINDEN__SERVICES__DATABASE__URL_FILE", "/run/secrets/url")]);
    assert_eq!(both, "LINDEN__SERVICES__DATABASE__URL_FILE: url_file: write this or url, not both");
}
