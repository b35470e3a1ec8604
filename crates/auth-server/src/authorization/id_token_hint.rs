use auth_protocol::claims::IdTokenClaims;
use auth_protocol::jws::{ID_TOKEN, PresentedToken};

use crate::directory::ServerEntry;

/// An ID token of ours, expired or not: as a hint it says who was signed in, and proves nothing more. Anything else is as
/// good as none: tampered with, unsigned, another server's, of another kind.
pub fn read_id_token_hint(server: &ServerEntry, token: &str) -> Option<IdTokenClaims> {
    let token = PresentedToken::read(token).ok()?;
    let claims: IdTokenClaims = server.keys.verifying(token.key_id()?)?.verify(ID_TOKEN, &token).ok()?;
    (claims.iss == server.server.issuer).then_some(claims)
}
