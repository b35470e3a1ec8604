//! Clocks that differ make codes expire early, tokens valid too late, and keys sign before services know them.

use auth_core::time::{Span, Timestamp};

use crate::commands::doctor::finding::Finding;

const TOLERANCE: Span = Span::seconds(5);
const ADVICE: &str = "set both clocks by NTP (timedatectl set-ntp true)";

/// What the database's server told.
pub fn of_database(check: &'static str, theirs: Timestamp, asked: Timestamp, answered: Timestamp) -> Finding {
    match apart(theirs, asked, answered) {
        None => Finding::fine(check, "agrees with this machine's"),
        Some(apart) => Finding::wrong(check, format!("{apart} this machine's"), ADVICE),
    }
}

/// What nodes told with their answers, which is in whole seconds.
pub fn of_nodes(dates: &[(String, Timestamp)], now: Timestamp) -> Finding {
    const CHECK: &str = "issuers' clocks";
    let second = Span::seconds(1);
    let wrong = dates.iter().find_map(|(issuer, date)| {
        // The answers came within the time that all of them took.
        let apart = apart(*date, now - second, now + Span::seconds(60))?;
        Some(Finding::wrong(CHECK, format!("that of {issuer} is {apart} this machine's"), ADVICE))
    });
    wrong.unwrap_or_else(|| Finding::fine(CHECK, "agree with this machine's"))
}

/// How far a clock is off that was read between two looks at ours.
fn apart(theirs: Timestamp, before: Timestamp, after: Timestamp) -> Option<String> {
    let seconds = |span: Span| span.0 / 1_000_000;
    if theirs > after + TOLERANCE {
        Some(format!("{} s ahead of", seconds(theirs.since(after))))
    } else if theirs + TOLERANCE < before {
        Some(format!("{} s behind", seconds(before.since(theirs))))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::doctor::finding::Verdict;

    #[test]
    fn five_seconds_are_borne_beside_what_the_question_took() {
        let second = Timestamp::from_seconds;
        let found = |theirs| of_database("clock", theirs, second(100), second(102));
        for theirs in [95, 100, 102, 107] {
            assert_eq!(found(second(theirs)).verdict, Verdict::Fine, "{theirs}");
        }
        assert!(found(second(94)).found.contains("6 s behind"));
        assert!(found(second(110)).found.contains("8 s ahead of"));
        let dates = [("https://shop.example/auth".to_owned(), second(80))];
        assert_eq!(of_nodes(&dates, second(100)).verdict, Verdict::Wrong);
        assert_eq!(of_nodes(&dates, second(80)).verdict, Verdict::Fine);
    }
}
