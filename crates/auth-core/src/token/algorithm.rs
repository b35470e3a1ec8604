//! Which algorithm signs a client's tokens: its own setting, else the server's.

use auth_protocol::jws::Algorithm;
use auth_protocol::scope::OPENID;

use crate::client::{ClientSettings, GrantType};
use crate::server::ServerSettings;

pub fn access_token_algorithm(server: &ServerSettings, client: &ClientSettings) -> Algorithm {
    client.access_token_algorithm.unwrap_or(server.access_token_algorithm)
}

/// Where nobody says otherwise RS256, which every client understands (OpenID Connect Core §15.1), and ES256, which is the
/// shorter, for first-party clients.
pub fn id_token_algorithm(server: &ServerSettings, client: &ClientSettings) -> Algorithm {
    let usual = if client.first_party { Algorithm::Es256 } else { Algorithm::Rs256 };
    client.id_token_algorithm.or(server.id_token_algorithm).unwrap_or(usual)
}

/// All that a client's tokens are signed with; whoever signs nobody in gets no ID token.
pub fn algorithms(server: &ServerSettings, client: &ClientSettings) -> Vec<Algorithm> {
    let signs_in = client.grant_types.contains(&GrantType::AuthorizationCode);
    let of_id_tokens =
        (signs_in && client.scopes.iter().any(|scope| scope == OPENID)).then(|| id_token_algorithm(server, client));
    [access_token_algorithm(server, client)].into_iter().chain(of_id_tokens).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(first_party: bool) -> (ServerSettings, ClientSettings) {
        let client = ClientSettings {
            first_party,
            grant_types: vec![GrantType::AuthorizationCode],
            scopes: vec![OPENID.to_owned()],
            ..ClientSettings::default()
        };
        (ServerSettings::default(), client)
    }

    #[test]
    fn the_clients_word_comes_before_the_servers_and_that_before_what_is_usual() {
        let (mut server, mut client) = settings(false);
        assert_eq!(algorithms(&server, &client), [Algorithm::Es256, Algorithm::Rs256]);
        assert_eq!(id_token_algorithm(&server, &settings(true).1), Algorithm::Es256);
        (server.access_token_algorithm, server.id_token_algorithm) = (Algorithm::Rs256, Some(Algorithm::EdDsa));
        assert_eq!(algorithms(&server, &client), [Algorithm::Rs256, Algorithm::EdDsa]);
        (client.access_token_algorithm, client.id_token_algorithm) = (Some(Algorithm::EdDsa), Some(Algorithm::Es256));
        assert_eq!(algorithms(&server, &client), [Algorithm::EdDsa, Algorithm::Es256]);
    }

    #[test]
    fn no_key_is_needed_for_id_tokens_that_nobody_gets() {
        let (server, client) = settings(false);
        let no_sign_in = ClientSettings { grant_types: vec![GrantType::ClientCredentials], ..client.clone() };
        let no_openid = ClientSettings { scopes: vec!["USER".to_owned()], ..client };
        assert_eq!(algorithms(&server, &no_sign_in), [Algorithm::Es256]);
        assert_eq!(algorithms(&server, &no_openid), [Algorithm::Es256]);
    }
}
