//! What was meant by a name that is none: the known one that is spelled most alike.

/// A reader's message about an unknown name, and what was probably meant.
pub fn added(message: String) -> String {
    let Some(rest) = message.strip_prefix("unknown field `").or_else(|| message.strip_prefix("unknown variant `"))
    else {
        return message;
    };
    let Some((typed, expected)) = rest.split_once('`') else { return message };
    let known = expected.split('`').skip(1).step_by(2);
    match nearest(typed, known) {
        Some(meant) => format!("{message}; did you mean `{meant}`?"),
        None => message,
    }
}

/// A third of a name may be wrong.
pub fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(typed, name);
    let is_alike = |name: &&str| distance(name) <= name.chars().count().max(3) / 3;
    known.filter(is_alike).min_by_key(|name| distance(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_named_and_another_word_is_not() {
        let told =
            |typed: &str| added(format!("unknown field `{typed}`, expected one of `listen`, `management`, `tls`"));
        assert!(told("lisen").ends_with("; did you mean `listen`?"));
        assert!(told("tsl").ends_with("; did you mean `tls`?"));
        assert!(told("managment").ends_with("; did you mean `management`?"));
        assert!(told("colour").ends_with("`tls`"));
        let only = added("unknown field `nmae`, expected `name`".to_owned());
        assert!(only.ends_with("did you mean `name`?"), "{only}");
        assert_eq!(added("missing field `name`".to_owned()), "missing field `name`");
    }
}
