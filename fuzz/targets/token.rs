#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| resource_guard::fuzzing::token(bytes));
