use auth_protocol::jws::Algorithm;
use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `at_hash` of an ID token (OpenID Connect Core §3.1.3.6): the left half of the access token's hash, by the hash function of
/// the algorithm that signs the ID token. Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
pub fn access_token_hash(id_token_algorithm: Algorithm, access_token: &str) -> String {
    let function = match id_token_algorithm {
        Algorithm::Es256 | Algorithm::Rs256 => &SHA256,
        Algorithm::EdDsa => &SHA512,
    };
    let hash = digest(function, access_token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_hash_that_the_algorithm_goes_with() {
        // OpenID Connect Core, appendix A.4.
        let access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
        assert_eq!(access_token_hash(Algorithm::Rs256, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
        assert_eq!(access_token_hash(Algorithm::Es256, access_token), "77QmUPtjPfzWtF2AnpK9RQ");
        // SHA-512 of nothing begins cf83e135 7eefb8bd f1542850 d66d8007 d620e405 0b5715dc 83f4a921 d36ce9ce.
        let of_nothing = "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c4";
        assert_eq!(access_token_hash(Algorithm::EdDsa, ""), of_nothing);
    }
}
