use super::*;
use crate::process;

#[test]
fn the_links_of_this_repository_lead_somewhere() {
    assert_eq!(broken_links(&process::root()).unwrap(), Vec::<String>::new());
}

#[test]
fn the_feature_map_names_files_that_exist() {
    assert_eq!(broken_feature_paths(&process::root()).unwrap(), Vec::<String>::new());
}

#[test]
fn links_images_and_definitions_are_found_with_their_lines() {
    let markdown =
        "# Title\nSee [one](a.md) and [two](b/c.md#part \"title\").\n![shop](shop.png)\n\n[three]: ../d.md\n";
    let expected = [(2, "a.md"), (2, "b/c.md#part"), (3, "shop.png"), (5, "../d.md")];
    assert_eq!(links(markdown), expected.map(|(line, target)| (line, target.to_owned())));
}

#[test]
fn code_and_other_sites_are_left_alone() {
    let markdown =
        "`[x](nowhere.md)` [site](https://example.com) [mail](mailto:a@example.com)\n```\n[y](gone.md)\n```\n";
    assert_eq!(links(markdown), []);
}

#[test]
fn paths_in_the_map_are_those_that_begin_with_a_folder_of_ours() {
    let map = "| login | `crates/auth-core/src/login/` | `POST /login` |\n`packages/auth-web/src/{a,b}.ts`";
    let expected =
        [(1, "crates/auth-core/src/login/"), (2, "packages/auth-web/src/a.ts"), (2, "packages/auth-web/src/b.ts")];
    assert_eq!(named_paths(map), expected.map(|(line, path)| (line, path.to_owned())));
}
