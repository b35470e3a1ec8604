use std::path::Path;
use std::process::{Command, Stdio};

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
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.path).status();
    }
}
