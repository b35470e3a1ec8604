use database::{Migration, Migrations};

macro_rules! migrations {
    ($engine:literal: $($version:literal $name:literal $file:literal;)*) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../migrations/", $engine, "/", $file, ".sql")),
        }),*]
    };
}

/// The schema of the three services. They share a database; the authorization server has its own.
pub const MIGRATIONS: Migrations = Migrations {
    name: "commerce",
    sqlite: migrations! { "sqlite":
        1 "first" "0001_first";
        2 "audit event" "0002_audit_event";
        3 "customer profile" "0003_customer_profile";
        4 "customer context" "0004_customer_context";
    },
    postgres: migrations! { "postgres":
        1 "first" "0001_first";
        2 "audit event" "0002_audit_event";
        3 "customer profile" "0003_customer_profile";
        4 "customer context" "0004_customer_context";
    },
};
