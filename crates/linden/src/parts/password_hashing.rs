use anyhow::Result;
use auth_server::password_hashing::PasswordHashing;
use telemetry::metrics::Metrics;

/// The same for a server, whose queue is watched.
pub fn measured_password_hashing(metrics: &Metrics) -> Result<PasswordHashing> {
    Ok(PasswordHashing::start_measured(threads(), metrics.hashing.clone())?)
}

/// On as many threads as the machine works on at a time.
pub fn password_hashing() -> Result<PasswordHashing> {
    Ok(PasswordHashing::start(threads())?)
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
