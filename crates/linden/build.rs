//! The storefront is embedded from where its build puts it; a new build of it must be seen.

fn main() {
    println!("cargo::rerun-if-changed=../../apps/storefront/dist");
}
