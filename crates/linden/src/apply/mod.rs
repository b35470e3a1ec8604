//! `linden apply`: declarative TOML files, and the databases made to be as they say.
//!
//! 1. `reading` parses each file, fills in variables, and reads every table into types that cannot hold a wrong value.
//! 2. `check` looks at what one table, or two of them together, must not say; secrets are fetched from the environment.
//! 3. `plan` resolves names against the files and against what is in the databases, and measures the largest tokens.
//!    A mistake in any of these steps is told with file, line and column, as many at once as can be seen, and nothing
//!    is written.
//! 4. `run` rehearses the commerce services' part, then writes: authorization servers, scopes, roles, clients and users
//!    in one transaction; tenants, applications, customers, accounts and lists in a second; memberships in a third. If
//!    the program dies between two of them, running it again does the rest.
//!
//! Applying the same files again changes nothing and writes nothing. What no file names is left alone.

mod application_clients;
mod check;
mod credential;
mod declaration;
mod difference;
mod export;
mod file;
mod identity;
mod plan;
mod reading;
mod report;
mod run;
mod schema;
pub mod single;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod variables;

pub use crate::reading::{Mistakes, Source};
pub use declaration::Declaration;
pub use difference::dry_run;
pub use export::export;
pub use run::{Environment, run};
pub use schema::schema;
pub use variables::Variables;

/// Everything that the files declare; later files add to earlier ones.
pub fn load(files: &[Source], variables: &Variables) -> Result<Declaration, Mistakes> {
    load_with(files, variables, &|name| std::env::var(name).ok())
}

fn load_with(
    files: &[Source],
    variables: &Variables,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Declaration, Mistakes> {
    let mut declaration = reading::read(files, variables)?;
    check::check(&mut declaration, environment)?;
    Ok(declaration)
}
