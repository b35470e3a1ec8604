//! Who calls.

use std::sync::LazyLock;

use auth_protocol::jwk::key_set;
use auth_protocol::jws::{ACCESS_TOKEN, Algorithm, SigningKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::{Value, json};

use crate::shop::{ANNA, BEN, BERTA, NOW, OTHER_SHOP, OTHER_TENANT, SHOP, TENANT};

const OPERATIONS: [&str; 5] = ["READ", "CREATE", "UPDATE", "DELETE", "ALL"];
const ROOTS: [&str; 4] = ["ITEM_LIST", "ACCOUNT", "CUSTOMER", "APPLICATION"];

static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    SigningKey::from_pkcs8(Algorithm::Es256, pkcs8.as_ref()).unwrap()
});

/// What both tenants' authorization servers publish.
pub fn published_keys() -> Vec<u8> {
    serde_json::to_vec(&key_set([KEY.public().clone()])).unwrap()
}

pub fn issuer_of(tenant: &str) -> String {
    format!("https://{}.example/auth", tenant.to_lowercase())
}

/// A caller; by default with every permission there is.
#[derive(Debug, Clone)]
pub struct Persona {
    tenant: &'static str,
    application: &'static str,
    customer: Option<&'static str>,
    authorities: Vec<String>,
}

impl Persona {
    fn customer(tenant: &'static str, application: &'static str, customer: &'static str) -> Self {
        Self { customer: Some(customer), ..Self::guest(tenant, application) }
    }

    fn guest(tenant: &'static str, application: &'static str) -> Self {
        let roots = ROOTS.iter().flat_map(|root| OPERATIONS.map(|operation| format!("{operation}_{root}")));
        Self { tenant, application, customer: None, authorities: roots.collect() }
    }

    pub fn in_application(mut self, application: &'static str) -> Self {
        self.application = application;
        self
    }

    /// Nothing but this.
    pub fn with_only(mut self, permission: &str) -> Self {
        self.authorities = vec![permission.to_owned()];
        self
    }

    /// Everything but this, and what implies it.
    pub fn without(mut self, operation: &str, root: &str) -> Self {
        let taken = [format!("{operation}_{root}"), format!("ALL_{root}")];
        self.authorities.retain(|authority| !taken.contains(authority));
        self
    }

    pub fn token(&self) -> String {
        let mut claims = json!({
            "iss": issuer_of(self.tenant), "aud": ["linden-api"], "exp": NOW + 300, "iat": NOW, "nbf": NOW,
            "jti": TENANT, "sub": self.customer.unwrap_or("storefront-gateway"), "client_id": "storefront", "scope": "",
            "authorities": self.authorities, "tenant_id": self.tenant, "application_id": self.application,
        });
        if let Some(customer) = self.customer {
            claims["customer_id"] = Value::from(customer);
        }
        KEY.sign(ACCESS_TOKEN, &claims).unwrap()
    }
}

pub fn guest() -> Persona {
    Persona::guest(TENANT, SHOP)
}

pub fn anna() -> Persona {
    Persona::customer(TENANT, SHOP, ANNA)
}

pub fn ben() -> Persona {
    Persona::customer(TENANT, SHOP, BEN)
}

/// A customer of the other tenant.
pub fn berta() -> Persona {
    Persona::customer(OTHER_TENANT, OTHER_SHOP, BERTA)
}

/// The other tenant's customer whose id is, by whatever accident, Anna's.
pub fn annas_twin() -> Persona {
    Persona::customer(OTHER_TENANT, OTHER_SHOP, ANNA)
}

pub fn guest_of_the_other_tenant() -> Persona {
    Persona::guest(OTHER_TENANT, OTHER_SHOP)
}
