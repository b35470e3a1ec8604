#![no_main]

use commerce::cart::query::Query;

// A query is read or refused; what was read prints as a text that reads as the same.
libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(query) = Query::parse(text) {
        assert_eq!(Query::parse(&query.to_string()).ok(), Some(query));
    }
});
