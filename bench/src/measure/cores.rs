use anyhow::Result;
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// Which core works for whom. On a machine with one core all share it.
#[derive(Debug, Clone, Copy)]
pub struct Cores {
    pub generator: usize,
    pub servers: usize,
}

impl Cores {
    /// Binds this process to the generator's core.
    pub fn take() -> Result<Self> {
        let allowed = sched_getaffinity(None)?;
        let allowed: Vec<usize> = (0..CpuSet::MAX_CPU).filter(|core| allowed.is_set(*core)).collect();
        let cores = Self {
            generator: allowed.first().copied().unwrap_or_default(),
            servers: allowed.last().copied().unwrap_or_default(),
        };
        let mut own = CpuSet::new();
        own.set(cores.generator);
        sched_setaffinity(None, &own)?;
        Ok(cores)
    }

    /// As `taskset -c` has it, for programs that may use both.
    pub fn both(self) -> String {
        format!("{},{}", self.generator, self.servers)
    }
}
