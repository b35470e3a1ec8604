#![no_main]

use commerce::cart::query::{Query, QueryError};

// A query is read or refused; what was read prints as a text that reads as the same. Printed, it has parentheses and quotes
// that need not be there, and so may go beyond the limits of a query.
libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(query) = Query::parse(text) else { return };
    match Query::parse(&query.to_string()) {
        Err(QueryError::TooDeep(_) | QueryError::TooLong) => {}
        again => assert_eq!(again.ok(), Some(query)),
    }
});
