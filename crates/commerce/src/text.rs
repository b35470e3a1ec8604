//! Texts that people wrote and others read.

/// What is wrong with a text; the words follow the field's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WrongText {
    #[error("has 1 to {longest} characters")]
    Length { longest: usize },
    #[error("must not hold control characters")]
    ControlCharacter,
}

impl WrongText {
    pub(crate) fn code(self) -> &'static str {
        match self {
            WrongText::Length { .. } => "length",
            WrongText::ControlCharacter => "control_character",
        }
    }
}

/// Without spaces around it, and without control characters and line ends.
pub(crate) fn readable(text: &str, longest: usize) -> Result<String, WrongText> {
    let text = text.trim();
    if text.chars().any(|character| character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')) {
        return Err(WrongText::ControlCharacter);
    }
    match text.chars().count() {
        0 => Err(WrongText::Length { longest }),
        length if length > longest => Err(WrongText::Length { longest }),
        _ => Ok(text.to_owned()),
    }
}
