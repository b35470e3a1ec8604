use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Beside connections: databases, files, connections to other parts.
const OTHERS: u64 = 256;

/// Each connection is an open file, of which a process may have a thousand by custom and more by asking.
pub(super) fn allow(connections: usize) {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(connections).unwrap_or(u64::MAX).saturating_add(OTHERS);
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let allowed = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), maximum });
    if raised.is_err() || allowed < wanted {
        let may = if raised.is_ok() { allowed } else { current.unwrap_or_default() };
        tracing::warn!(
            "this process may open {may} files, too few for {connections} connections: raise the limit (ulimit -n, \
             LimitNOFILE=), or lower the limit of connections"
        );
    }
}
