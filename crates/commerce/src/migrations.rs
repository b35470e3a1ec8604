use database::Migrations;

/// The schema of the three services. They share a database; the authorization server has its own.
pub const MIGRATIONS: Migrations = database::migrations! { "commerce":
    1 "first" "0001_first";
    2 "audit event" "0002_audit_event";
    3 "customer profile" "0003_customer_profile";
    4 "customer context" "0004_customer_context";
    5 "lease" "0005_lease";
    6 "trusted issuer" "0006_trusted_issuer";
};
