use anyhow::Result;
use auth_server::password_hashing::PasswordHashing;

/// On as many threads as the machine works on at a time.
pub fn password_hashing() -> Result<PasswordHashing> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    Ok(PasswordHashing::start(threads)?)
}
