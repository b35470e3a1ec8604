//! Authorized clients: who may ask an authorization server for tokens, and how.

mod assertion;
mod keys;
pub mod redirect_uri;
mod secret;
mod settings;

pub use assertion::{
    ASSERTION_TYPE, AssertionClaims, Audience, GoodAssertion, InvalidAssertion, LONGEST_ASSERTION, NumericDate,
};
pub use keys::{ClientKeys, InvalidClientKeys, MOST_CLIENT_KEYS};
pub use redirect_uri::{InvalidRedirectUri, RedirectUri, is_https_or_loopback};
pub use secret::{ClientSecret, KeptSecret, LONGEST_SECRET_OVERLAP, MOST_SECRETS, SECRET_OVERLAP, secret_hash};
pub use settings::{ApplicationType, AuthenticationMethod, ClientSettings, GrantType};

use auth_protocol::id::looks_like_ulid;

use crate::time::Timestamp;

/// A client id that we accept: 1 to 64 unreserved characters (RFC 3986 §2.3), never shaped like a ULID, so that a client
/// is not mistaken for a user (RFC 9700 §4.15).
pub fn is_acceptable_client_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
        && !looks_like_ulid(id)
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    pub client_id: String,
    pub enabled: bool,
    pub settings: ClientSettings,
    /// Several while one takes another's place.
    pub secrets: Vec<KeptSecret>,
}

impl Client {
    pub fn is_public(&self) -> bool {
        self.settings.authentication_methods.contains(&AuthenticationMethod::None)
    }

    /// Whether the presented secret is one of the client's that count now.
    pub fn has_secret(&self, presented: &str, now: Timestamp) -> bool {
        let hash = secret_hash(presented);
        self.secrets.iter().filter(|kept| kept.is(&hash, now)).count() > 0
    }

    /// Whether it is registered for authentication with a secret.
    pub fn takes_secret(&self) -> bool {
        self.settings.authentication_methods.iter().any(|method| method.is_by_secret())
    }

    pub fn may_use(&self, grant_type: GrantType) -> bool {
        self.settings.grant_types.contains(&grant_type)
    }

    /// The presented URI, when it is registered.
    pub fn redirect_target(&self, presented: &str) -> Option<RedirectUri> {
        self.registered(&self.settings.redirect_uris, presented)
    }

    /// Where a browser goes after the sign-out, by the same rule.
    pub fn post_logout_target(&self, presented: &str) -> Option<RedirectUri> {
        self.registered(&self.settings.post_logout_redirect_uris, presented)
    }

    /// By exact string, save that an empty path equals `/`, and that a native client's loopback address has any port
    /// (RFC 8252 §7.3). Private-use schemes are native clients' alone.
    fn registered(&self, uris: &[RedirectUri], presented: &str) -> Option<RedirectUri> {
        let native = self.settings.application_type == ApplicationType::Native;
        let is_registered = uris.iter().any(|registered| {
            (native || !registered.is_private_use())
                && (registered.matches(presented) || (native && registered.matches_on_any_port(presented)))
        });
        RedirectUri::parse(presented).ok().filter(|_| is_registered)
    }

    /// Where a browser goes that came without saying where it must return.
    pub fn home(&self) -> Option<&RedirectUri> {
        self.settings.default_redirect_uri.as_ref().or(self.settings.redirect_uris.first())
    }

    pub fn has_origin(&self, origin: &str) -> bool {
        self.settings.origins().any(|own| own == origin)
    }

    /// Public clients always prove possession of the code's key; confidential ones may be exempted one by one.
    pub fn needs_proof_key(&self) -> bool {
        self.is_public() || self.settings.proof_key_required
    }
}
