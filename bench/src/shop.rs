//! The shop that is measured: what floor and Linden both know, and what the load generator asks for.

/// Named in `Host` by the generator, whatever port the server found.
pub const HOST: &str = "localhost:8080";
pub const ISSUER: &str = "http://localhost:8080/auth";
pub const API_AUDIENCE: &str = "linden-api";

/// A confidential client that acts for itself.
pub const SERVICE: &str = "bench-service";
/// Such a client with RS256, and the same secret.
pub const RSA_SERVICE: &str = "bench-rsa-service";
pub const SERVICE_SECRET: &str = "bench-service-secret-0123456789-0123456789";
pub const SERVICE_SCOPE: &str = "GUEST";
pub const SERVICE_PERMISSIONS: [&str; 2] = ["READ_APPLICATION", "READ_ITEM_LIST"];

/// A public client with PKCE, through which shoppers sign in.
pub const STOREFRONT: &str = "bench-storefront";
pub const REDIRECT_URI: &str = "http://localhost:8080/";
pub const STOREFRONT_SCOPE: &str = "openid USER CUSTOMER";

/// One for each virtual user, all with one password.
pub const SHOPPERS: usize = 32;
pub const PASSWORD: &str = "harbour lantern 7";
/// Where declarative files find it.
pub const PASSWORD_VARIABLE: &str = "LINDEN_BENCH_PASSWORD";

pub fn shopper(number: usize) -> String {
    format!("shopper-{number}")
}

/// OWASP's figures for Argon2id: memory in KiB, passes, lanes.
pub const ARGON2: (u32, u32, u32) = (19 * 1024, 2, 1);
