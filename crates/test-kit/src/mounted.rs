//! Disks that are full in a moment.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const BALLAST: &str = "ballast";

/// A small file system of its own, where mounting is permitted.
pub struct Mounted<'d> {
    pub path: &'d Path,
}

impl Mounted<'_> {
    pub fn of_megabytes(size: u32, path: &Path) -> Option<Mounted<'_>> {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={size}m"), "tmpfs"]).arg(path).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Mounted { path })
    }

    /// Until not a byte more goes in; what was freed since the last time is taken, too.
    pub fn fill(&self) {
        let Ok(mut ballast) = File::options().create(true).append(true).open(self.path.join(BALLAST)) else { return };
        for size in [1 << 20, 1 << 12] {
            while ballast.write_all(&vec![0; size]).is_ok() {}
        }
    }

    pub fn free(&self) {
        let _ = std::fs::remove_file(self.path.join(BALLAST));
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path).status();
    }
}
