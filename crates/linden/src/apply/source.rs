//! Files, places in them, and what is wrong there.

use std::fmt;

/// A declarative file; `name` is what messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// Where something stands: a file by its number, and the byte it starts at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub(super) file: usize,
    pub(super) offset: usize,
}

/// What is wrong, where, and what to do. `line` and `column` count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Everything that is wrong, in the order of the files. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mistakes = if self.0.len() == 1 { "a mistake" } else { "mistakes" };
        write!(f, "{mistakes} in the configuration, nothing was changed")?;
        self.0.iter().try_for_each(|mistake| write!(f, "\n{mistake}"))
    }
}

impl std::error::Error for Mistakes {}

/// Gathers what is wrong.
#[derive(Debug, Default)]
pub(super) struct Complaints(Vec<(Place, String)>);

impl Complaints {
    pub(super) fn add(&mut self, place: Place, message: impl Into<String>) {
        self.0.push((place, message.into()));
    }

    pub(super) fn is_about(&self, place: Place) -> bool {
        self.0.iter().any(|(known, _)| *known == place)
    }

    /// `Err` when there were any.
    pub(super) fn finish(mut self, files: &[Source]) -> Result<(), Mistakes> {
        self.0.sort();
        self.0.dedup();
        match self.0.is_empty() {
            true => Ok(()),
            false => Err(Mistakes(self.0.into_iter().map(|(place, message)| place.mistake(files, message)).collect())),
        }
    }
}

impl Place {
    pub(super) fn mistake(self, files: &[Source], message: String) -> Mistake {
        let (line, column) = self.position(files);
        Mistake { file: self.file(files).to_owned(), line, column, message }
    }

    /// `shop.toml:3:1`, for messages about two places.
    pub(super) fn tell(self, files: &[Source]) -> String {
        let (line, column) = self.position(files);
        format!("{}:{line}:{column}", self.file(files))
    }

    fn file(self, files: &[Source]) -> &str {
        files.get(self.file).map_or("", |source| &source.name)
    }

    fn position(self, files: &[Source]) -> (usize, usize) {
        let text = files.get(self.file).map_or("", |source| &source.text);
        let before = text.get(..self.offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
