#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| auth_server::fuzzing::sealed_request(bytes));
