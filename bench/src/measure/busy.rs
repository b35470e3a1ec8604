use std::time::Duration;

use anyhow::{Context, Result};

use super::Server;

/// Seconds of processor that everybody took, or cores that they kept busy.
#[derive(Debug, Clone, Copy)]
pub struct Busy {
    pub nodes: f64,
    pub postgres: f64,
    pub generator: f64,
}

impl Busy {
    /// `postgres` is its first process.
    pub fn until_now(nodes: &[&Server], postgres: u32) -> Result<Self> {
        let nodes = nodes.iter().map(|node| node.processor_time()).sum::<Result<Duration>>()?;
        let generator = Stat::of(std::process::id())?.own;
        Ok(Self {
            nodes: nodes.as_secs_f64(),
            postgres: family(postgres)?.as_secs_f64(),
            generator: generator.as_secs_f64(),
        })
    }

    pub fn since(&self, before: &Self) -> Self {
        Self {
            nodes: self.nodes - before.nodes,
            postgres: self.postgres - before.postgres,
            generator: self.generator - before.generator,
        }
    }

    /// Cores, when it was spent within so many seconds.
    pub fn over(&self, seconds: f64) -> Self {
        Self { nodes: self.nodes / seconds, postgres: self.postgres / seconds, generator: self.generator / seconds }
    }
}

/// Of a process, its children, and those of its children that have ended.
fn family(root: u32) -> Result<Duration> {
    let first = Stat::of(root)?;
    let mut all = first.own + first.ended_children;
    for entry in std::fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // Whoever ends meanwhile is counted with the parent the next time.
        if let Ok(stat) = Stat::of(id)
            && stat.parent == root
        {
            all += stat.own;
        }
    }
    Ok(all)
}

/// What `/proc/PID/stat` says.
pub struct Stat {
    parent: u32,
    /// User and system time of all its threads.
    pub own: Duration,
    ended_children: Duration,
}

impl Stat {
    pub fn of(id: u32) -> Result<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        // The name, in parentheses, may hold anything; behind it are state, parent and, from the twelfth on, the times.
        let (_, fields) = stat.rsplit_once(')').context("/proc/PID/stat has another form")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let number = |place: usize| -> Result<u64> { Ok(fields.get(place).context("too few fields")?.parse()?) };
        let a_second = rustix::param::clock_ticks_per_second() as f64;
        let time = |places: [usize; 2]| -> Result<Duration> {
            Ok(Duration::from_secs_f64((number(places[0])? + number(places[1])?) as f64 / a_second))
        };
        Ok(Self { parent: u32::try_from(number(1)?)?, own: time([11, 12])?, ended_children: time([13, 14])? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_a_parent_and_took_time() {
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_millis(50) {}
        let stat = Stat::of(std::process::id()).unwrap();
        assert!(stat.own > Duration::ZERO && stat.parent > 0);
        assert!(family(std::process::id()).unwrap() >= stat.own);
    }
}
