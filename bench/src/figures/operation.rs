use anyhow::Result;
use url::form_urlencoded::Serializer;

use crate::driver::{Target, Visit};
use crate::measure::{Server, Subject};
use crate::shop;

/// What is asked of a server over and over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Discovery,
    KeySet,
    ClientCredentials,
    /// For a client whose tokens are signed with RSA.
    ClientCredentialsRs256,
    SignIn,
    /// The floor's password hash alone.
    Hash,
}

pub const DISCOVERY: &str = "/auth/.well-known/openid-configuration";
pub const KEY_SET: &str = "/auth/oauth/jwks";

/// Client credentials.
pub fn token_request(target: &Target, client_id: &str) -> String {
    let form = Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", client_id)
        .append_pair("client_secret", shop::SERVICE_SECRET)
        .finish();
    target.post("/auth/oauth/token", "", &form)
}

impl Operation {
    /// Enough to keep one core busy; a sign-in waits for the disk now and then.
    fn connections(self) -> usize {
        match self {
            Operation::SignIn | Operation::Hash => 8,
            _ => 16,
        }
    }

    pub fn visit(self, target: &Target) -> Visit {
        match self {
            Operation::Discovery => Visit::Repeated(target.get(DISCOVERY, "")),
            Operation::KeySet => Visit::Repeated(target.get(KEY_SET, "")),
            Operation::Hash => Visit::Repeated(target.get("/hash", "")),
            Operation::SignIn => Visit::SignIn,
            Operation::ClientCredentials => Visit::Repeated(token_request(target, shop::SERVICE)),
            Operation::ClientCredentialsRs256 => Visit::Repeated(token_request(target, shop::RSA_SERVICE)),
        }
    }

    /// A server that is this program's own knows one host, whatever its port; the shipped one is asked for its own.
    pub async fn subject(self, server: &Server, own: bool) -> Result<Subject<'_>> {
        let host = own.then_some(shop::HOST);
        let visit = self.visit(&server.target(host)?);
        Subject::new(server, host, self.connections(), &visit).await
    }
}
