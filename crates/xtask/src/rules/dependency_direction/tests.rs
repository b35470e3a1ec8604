use serde_json::json;

use super::*;

fn member(name: &str, on: &[(&str, bool)]) -> Member {
    let dependency = |&(on, development): &(&str, bool)| {
        let ours = CRATES.iter().chain(PACKAGES).any(|(name, _)| *name == on);
        Dependency { on: on.to_owned(), ours, development }
    };
    Member { name: name.to_owned(), dependencies: on.iter().map(dependency).collect() }
}

#[test]
fn this_repository_holds_the_direction() {
    let crates = crates_of_workspace().unwrap();
    assert_eq!(crates.len(), CRATES.len(), "every crate of the table is there");
    assert_eq!(broken_by_crates(&crates), Vec::<String>::new());
    let packages = packages_of_workspace(&process::root()).unwrap();
    assert_eq!(packages.len(), PACKAGES.len(), "every package of the table is there");
    assert_eq!(broken_by_packages(&packages), Vec::<String>::new());
}

#[test]
fn the_gateway_knows_neither_the_rules_nor_the_storage_of_the_authorization_server() {
    let reachable = reachable_from("gateway", CRATES);
    assert_eq!(reachable.into_iter().collect::<Vec<_>>(), ["auth-protocol", "resource-guard", "telemetry"]);
    for forbidden in ["auth-core", "auth-store", "auth-server", "database"] {
        assert_eq!(broken_by_crates(&[member("gateway", &[(forbidden, false)])]).len(), 1, "{forbidden}");
        assert_eq!(broken_by_crates(&[member("gateway", &[(forbidden, true)])]).len(), 1, "{forbidden} for tests");
    }
}

#[test]
fn nothing_depends_on_what_lies_above_it() {
    for (from, _) in CRATES {
        for lower in reachable_from(from, CRATES) {
            assert_eq!(broken_by_crates(&[member(lower, &[(from, false)])]).len(), 1, "{lower} on {from}");
        }
    }
}

#[test]
fn the_test_kit_is_for_tests() {
    assert_eq!(broken_by_crates(&[member("commerce", &[("test-kit", true)])]), Vec::<String>::new());
    assert_eq!(broken_by_crates(&[member("commerce", &[("test-kit", false)])]).len(), 1);
}

#[test]
fn a_crate_without_a_place_is_told() {
    assert_eq!(broken_by_crates(&[member("auth-helpers", &[])]).len(), 1);
}

#[test]
fn deciding_crates_do_no_io_and_only_one_crate_knows_the_engines() {
    assert_eq!(broken_by_crates(&[member("auth-core", &[("tokio", false)])]).len(), 1);
    assert_eq!(broken_by_crates(&[member("auth-store", &[("rusqlite", false)])]).len(), 1);
    assert_eq!(broken_by_crates(&[member("database", &[("rusqlite", false)])]), Vec::<String>::new());
}

#[test]
fn packages_need_only_each_other_and_a_peer() {
    let manifest = json!({
        "dependencies": { "@linden/auth-web": "0.1.0" },
        "peerDependencies": { "react": ">=18.2" },
        "devDependencies": { "vitest": "4.1.12" },
    });
    assert_eq!(broken_by_packages(&[package_member("auth-react", &manifest)]), Vec::<String>::new());
    assert_eq!(broken_by_packages(&[package_member("auth-web", &manifest)]).len(), 1);
    let with_library = json!({ "dependencies": { "lodash": "4" } });
    assert_eq!(broken_by_packages(&[package_member("auth-web", &with_library)]).len(), 1);
    assert_eq!(broken_by_packages(&[package_member("storefront", &with_library)]), Vec::<String>::new());
}
