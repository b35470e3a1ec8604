//! Text from outside as people may see it.

use std::borrow::Cow;

/// `text` without control characters and without the controls of the bidirectional algorithm, which could make a name
/// look like another or turn the words around it. Escaping does nothing against those: they are ordinary characters to HTML.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_invisible_control) {
        Cow::Owned(text.chars().filter(|character| !is_invisible_control(*character)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn is_invisible_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
