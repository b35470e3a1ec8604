//! The commands of this repository: `cargo xtask <command>`.
//!
//! One file a command. They only call the tools that do the work (cargo, npm, apt-get), so that everything here can
//! also be typed by hand; each step is shown on stderr as it is run.

mod bench;
mod build;
mod check;
mod dev;
mod linden_binary;
mod process;
mod requirements;
mod rules;
mod screenshots;
mod source_files;
mod test;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  dev [-- ARGS]     build what changed and run `linden dev ARGS`: the demo shop on http://localhost:8080
  build             packages, storefront and target/release/linden with the storefront inside
  test [--long] [--only rust|packages|browser|fuzz]
                    install what the tests need, run them, print `N passed, M failed`; the fuzz targets
                    run with --long, a minute each
  check             formatting, lints, types, the direction of dependencies, links in the documents
  bench [ARGS]      measure the release binary against its floors (bench/)
  screenshots       photograph every screen, and put those of the documents into docs/images

Rust is needed for all of them, Node.js 20.19 or newer for everything with a browser in it.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match command {
        "dev" => dev::run(rest),
        "build" => build::run(rest),
        "test" => test::run(rest),
        "check" => check::run(rest),
        "bench" => bench::run(rest),
        "screenshots" => screenshots::run(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        unknown => {
            eprint!("there is no command `{unknown}`\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
