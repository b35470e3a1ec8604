//! `cargo xtask test [--long] [--only rust|packages|browser|fuzz]`; fuzz targets run with `--long`, or when they are asked for.
//!
//! 1. What the chosen suites need is made sure of first: nobody waits ten minutes to be told of a missing browser.
//! 2. The suites run one after the other; a suite that could not run counts as a failure, and the others go on.
//! 3. A table of what ran, then `N passed, M failed` by itself on the last line.

mod fuzz;
mod python;
mod report;
mod rust;
mod vitest;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::requirements::{self, CHROMIUM, FAKETIME, HAPROXY, POSTGRESQL, PYTHON, Program};
use crate::{linden_binary, web};
use report::{Counts, Report};

#[derive(Clone, Copy, PartialEq, Debug)]
enum Suite {
    Rust,
    Packages,
    Browser,
    Fuzz,
}

#[derive(PartialEq, Debug)]
struct Options {
    suites: Vec<Suite>,
    long: bool,
}

pub fn run(arguments: &[String]) -> Result<ExitCode> {
    let options = Options::parse(arguments)?;
    let mut report = Report::default();
    if let Err(missing) = options.ensure_requirements() {
        for suite in &options.suites {
            report.did_not_run(suite.name(), "something it needs is missing");
        }
        eprintln!("{missing:#}\n");
    } else {
        for suite in &options.suites {
            eprintln!("\n── {} ──", suite.name());
            let start = Instant::now();
            match suite.run(options.long) {
                Ok(counts) => report.ran(suite.name(), counts, start.elapsed()),
                Err(reason) => report.did_not_run(suite.name(), &format!("{reason:#}")),
            }
        }
    }
    print!("\n{report}");
    Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Options {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self { suites: vec![Suite::Rust, Suite::Packages, Suite::Browser], long: false };
        let mut is_one = false;
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--long" => options.long = true,
                "--only" => {
                    let name = arguments.next().context("--only wants rust, packages, browser or fuzz")?;
                    options.suites = vec![Suite::named(name)?];
                    is_one = true;
                }
                unknown => bail!("test knows --long and --only rust|packages|browser|fuzz, but got `{unknown}`"),
            }
        }
        if options.long && !is_one {
            options.suites.push(Suite::Fuzz);
        }
        Ok(options)
    }

    fn ensure_requirements(&self) -> Result<()> {
        let programs: Vec<&Program> = self.suites.iter().flat_map(|suite| suite.programs()).copied().collect();
        requirements::ensure(&programs)?;
        if self.suites.iter().any(|suite| suite.needs_node()) { requirements::node() } else { Ok(()) }
    }
}

impl Suite {
    fn named(name: &str) -> Result<Self> {
        [Self::Rust, Self::Packages, Self::Browser, Self::Fuzz]
            .into_iter()
            .find(|suite| suite.name() == name)
            .with_context(|| format!("there is no suite `{name}`: rust, packages, browser or fuzz"))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Packages => "packages",
            Self::Browser => "browser",
            Self::Fuzz => "fuzz",
        }
    }

    fn programs(self) -> &'static [&'static Program] {
        match self {
            Self::Rust => &[&POSTGRESQL, &HAPROXY, &FAKETIME],
            Self::Packages | Self::Fuzz => &[],
            Self::Browser => &[&CHROMIUM, &PYTHON, &POSTGRESQL, &HAPROXY],
        }
    }

    fn needs_node(self) -> bool {
        matches!(self, Self::Packages | Self::Browser)
    }

    fn run(self, long: bool) -> Result<Counts> {
        match self {
            Self::Rust => rust::run(long),
            Self::Packages => {
                web::build_packages()?;
                vitest::run("test", &[], long)
            }
            Self::Browser => {
                web::build()?;
                let linden = linden_binary::beside_tests()?;
                let chromium = requirements::chromium().context("Chromium has gone")?;
                let python = self::python::ready()?;
                let programs = [("LINDEN_BINARY", linden), ("CHROMIUM", chromium), ("LINDEN_TEST_PYTHON", python)];
                vitest::run("e2e", &programs, long)
            }
            Self::Fuzz => fuzz::run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn without_options_everything_runs() {
        let all = vec![Suite::Rust, Suite::Packages, Suite::Browser];
        assert_eq!(parse("").unwrap(), Options { suites: all, long: false });
    }

    #[test]
    fn one_suite_can_be_chosen() {
        let with_fuzz = vec![Suite::Rust, Suite::Packages, Suite::Browser, Suite::Fuzz];
        assert_eq!(parse("--long").unwrap(), Options { suites: with_fuzz, long: true });
        assert_eq!(parse("--long --only browser").unwrap(), Options { suites: vec![Suite::Browser], long: true });
    }

    #[test]
    fn a_misspelt_option_runs_nothing() {
        assert!(parse("--only").is_err());
        assert!(parse("--only rusty").is_err());
        assert!(parse("--onyl rust").is_err());
    }
}
