use std::fs;
use std::iter;
use std::path::Path;

use super::{PROGRAMS, find_in};

fn install(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for program in PROGRAMS {
        fs::write(folder.join(program), "").unwrap();
    }
}

#[test]
fn what_is_missing_is_told_with_the_command_to_type() {
    let empty = tempfile::tempdir().unwrap();
    let error = find_in(iter::once(empty.path().to_owned()), empty.path()).err().unwrap().to_string();
    assert!(error.contains("apt-get install -y postgresql"), "{error}");
}

#[test]
fn the_newest_version_is_taken_unless_the_path_has_one() {
    let root = tempfile::tempdir().unwrap();
    let debian = root.path().join("debian");
    for version in ["9", "15", "16"] {
        install(&debian.join(version).join("bin"));
    }
    let own = root.path().join("own");
    assert_eq!(find_in(iter::once(own.clone()), &debian).unwrap().folder, debian.join("16/bin"));
    install(&own);
    assert_eq!(find_in(iter::once(own.clone()), &debian).unwrap().folder, own);
}
