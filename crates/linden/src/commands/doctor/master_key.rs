//! The master key is there, is one, and opens what lies sealed in the database.

use std::path::Path;

use auth_server::check_keys;

use super::databases::Databases;
use super::finding::Finding;
use crate::data_directory::DataDirectory;

const CHECK: &str = "master key";

pub async fn finding(directory: &Path, databases: &Databases) -> Finding {
    let restore = format!("put back the key that belongs to this data: {}", directory.join("master.key").display());
    let key = match DataDirectory::existing(directory).and_then(|directory| directory.master_keys(false)) {
        Ok(key) => key,
        Err(error) => return Finding::wrong(CHECK, format!("{error:#}"), restore),
    };
    let Ok(auth) = &databases.auth.database else {
        return Finding::fine(CHECK, "is there; nothing is sealed under it");
    };
    match check_keys(auth, &key).await {
        Ok(0) => Finding::fine(CHECK, "is there; nothing is sealed under it"),
        Ok(opened) => Finding::fine(CHECK, format!("opens all {opened} keys and secrets of the database")),
        Err(error) => Finding::wrong(CHECK, error.to_string(), restore),
    }
}
