//! TOML files, read so that everything that is wrong is told at once, each with its place: by `linden apply` and by the
//! commands that serve.

mod schema;
mod source;
mod spanned;
mod suggestion;
mod table;
mod within;

pub use schema::schema;
#[cfg(test)]
pub use schema::schema_value;
pub use source::{Complaints, Mistakes, Place, Source};
pub use spanned::Spanned;
pub use suggestion::nearest;
pub use table::table;
pub use within::Within;
