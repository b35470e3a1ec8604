use auth_protocol::claims::IdTokenClaims;
use auth_protocol::jws::ID_TOKEN;

use crate::directory::ServerEntry;

/// An ID token of ours, expired or not: as a hint it says who was signed in, and proves nothing more. Anything else is as
/// good as none: tampered with, unsigned, another server's, of another kind.
pub fn read_id_token_hint(server: &ServerEntry, token: &str) -> Option<IdTokenClaims> {
    let claims: IdTokenClaims = server.keys.verified(ID_TOKEN, token)?;
    (claims.iss == server.server.issuer).then_some(claims)
}
