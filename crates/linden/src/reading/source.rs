//! Files, places in them, and what is wrong there.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// A file, or without text whatever else a value may come from; `name` is what messages call it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

/// More than any shop declares: a file is read as a whole.
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(Debug, thiserror::Error)]
pub enum UnreadableFile {
    #[error("{0} is a directory: name the files in it")]
    Directory(String),
    #[error("{0} is larger than 64 MiB: split it")]
    TooLarge(String),
    #[error("{0}: this is no UTF-8, as TOML must be")]
    NotUtf8(String),
    #[error("{0} cannot be read: {1}")]
    Io(String, std::io::Error),
}

impl Source {
    pub fn read(path: &Path) -> Result<Self, UnreadableFile> {
        let name = path.display().to_string();
        let failed = |error| UnreadableFile::Io(path.display().to_string(), error);
        if path.is_dir() {
            return Err(UnreadableFile::Directory(name));
        }
        let mut bytes = Vec::new();
        File::open(path).map_err(failed)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
            return Err(UnreadableFile::TooLarge(name));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => {
                let offset = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(&error.as_bytes()[..offset]).into_owned();
                let place = Place { file: 0, offset };
                Err(UnreadableFile::NotUtf8(place.tell(&[Self { name, text }])))
            }
        }
    }
}

/// Where something stands: a file by its number, and the byte it starts at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub file: usize,
    pub offset: usize,
}

/// What is wrong, where, and what to do. `line` and `column` count from 1, columns in characters; 0
/// where there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Everything that is wrong, in the order of the files. Nothing was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A variable of the environment has no lines.
        if self.line == 0 {
            return write!(f, "{}: {}", self.file, self.message);
        }
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

/// What is wrong may be quoted, and may be of any length.
const LONGEST_MESSAGE: usize = 800;

/// As many are told at a time.
const MOST_MISTAKES: usize = 100;

/// Gathers what is wrong.
#[derive(Debug, Default)]
pub struct Complaints(Vec<(Place, String)>);

impl Complaints {
    pub fn add(&mut self, place: Place, message: impl Into<String>) {
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        self.0.push((place, message));
    }

    pub fn is_about(&self, place: Place) -> bool {
        self.0.iter().any(|(known, _)| *known == place)
    }

    /// `Err` when there were any.
    pub fn finish(mut self, files: &[Source]) -> Result<(), Mistakes> {
        self.0.sort();
        self.0.dedup();
        match self.0.is_empty() {
            true => Ok(()),
            false => {
                // Whoever has more has one mistake in many places, and each place is counted from the beginning.
                self.0.truncate(MOST_MISTAKES);
                Err(Mistakes(self.0.into_iter().map(|(place, message)| place.mistake(files, message)).collect()))
            }
        }
    }
}

impl Place {
    pub fn mistake(self, files: &[Source], message: String) -> Mistake {
        let (line, column) = self.position(files);
        Mistake { file: self.file(files).to_owned(), line, column, message }
    }

    /// `shop.toml:3:1`, for messages about two places.
    pub fn tell(self, files: &[Source]) -> String {
        let (line, column) = self.position(files);
        format!("{}:{line}:{column}", self.file(files))
    }

    fn file(self, files: &[Source]) -> &str {
        files.get(self.file).map_or("", |source| &source.name)
    }

    fn position(self, files: &[Source]) -> (usize, usize) {
        let text = files.get(self.file).map_or("", |source| &source.text);
        if text.is_empty() {
            return (0, 0);
        }
        let before = text.get(..self.offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}
