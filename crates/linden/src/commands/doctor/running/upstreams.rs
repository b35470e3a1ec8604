//! Whether the parts behind a gateway take its connections.

use std::time::Duration;

use tokio::net::TcpStream;
use url::Url;

use crate::commands::doctor::finding::Finding;
use crate::config::Upstreams;

const CHECK: &str = "gateway upstreams";
const PATIENCE: Duration = Duration::from_secs(5);

/// All addresses are asked: one that is gone is not missed until the others are gone, too.
pub async fn finding(upstreams: &Upstreams) -> Finding {
    let fixed = [("auth".to_owned(), &upstreams.auth), ("tenant_resolver".to_owned(), &upstreams.tenant_resolver)];
    let services = upstreams.services.iter().map(|(name, at)| (format!("services.{name}"), at));
    let mut count = 0;
    for (name, addresses) in fixed.into_iter().chain(services) {
        for address in addresses.as_slice() {
            count += 1;
            if let Err(why) = connected(address).await {
                let found = format!("{name}: {address} takes no connections: {why}");
                return Finding::wrong(CHECK, found, "start that part, or mend its address in [gateway.upstreams]");
            }
        }
    }
    Finding::fine(CHECK, format!("all {count} addresses take connections"))
}

async fn connected(address: &str) -> Result<(), String> {
    let url = Url::parse(address).map_err(|error| error.to_string())?;
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match tokio::time::timeout(PATIENCE, TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}
