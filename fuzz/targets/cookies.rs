#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    auth_server::fuzzing::cookies(bytes);
    gateway::fuzzing::cookies(bytes);
});
