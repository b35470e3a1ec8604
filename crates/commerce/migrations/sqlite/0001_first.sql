CREATE TABLE generation (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE tenant (
    tenant_id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE application (
    tenant_id BLOB NOT NULL,
    application_id BLOB NOT NULL,
    name TEXT NOT NULL,
    token TEXT NOT NULL,
    identifier_type TEXT NOT NULL CHECK (identifier_type IN ('DOMAIN', 'DOMAIN_PREFIX', 'PARAMETER', 'CONTEXT_PATH')),
    identifier_value TEXT NOT NULL,
    customer_context_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    client_id TEXT NOT NULL,
    gateway_client_id TEXT NOT NULL,
    deactivated INTEGER NOT NULL CHECK (deactivated IN (0, 1)),
    default_locale TEXT NOT NULL,
    allowed_locales TEXT NOT NULL,
    origins TEXT NOT NULL,
    storefront TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, application_id)
) STRICT;
CREATE UNIQUE INDEX application_by_token ON application (tenant_id, token);

CREATE TABLE domain (
    domain TEXT NOT NULL PRIMARY KEY,
    tenant_id BLOB NOT NULL
) STRICT;

CREATE TABLE application_domain (
    tenant_id BLOB NOT NULL,
    domain TEXT NOT NULL,
    application_id BLOB NOT NULL,
    PRIMARY KEY (tenant_id, domain, application_id)
) STRICT;
CREATE INDEX application_domain_by_application ON application_domain (tenant_id, application_id);

CREATE TABLE customer (
    tenant_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    customer_context_id BLOB NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
) STRICT;

CREATE TABLE account (
    tenant_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    parent_account_id BLOB,
    name TEXT NOT NULL,
    account_number TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE')),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
) STRICT;
CREATE UNIQUE INDEX account_by_number ON account (tenant_id, account_number);

CREATE TABLE account_member (
    tenant_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    roles TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, account_id)
) STRICT;
CREATE INDEX account_member_by_account ON account_member (tenant_id, account_id);

-- A customer as the owner of item lists: the row that is locked and counts.
CREATE TABLE item_list_owner (
    tenant_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    lists INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
) STRICT;

CREATE TABLE item_list (
    tenant_id BLOB NOT NULL,
    item_list_id BLOB NOT NULL,
    -- A customer's own list is private. A list without a customer is the shop's, and public.
    customer_id BLOB,
    -- A public list may belong to one application alone.
    application_id BLOB,
    visibility TEXT NOT NULL CHECK (visibility IN ('PRIVATE', 'PUBLIC')),
    name TEXT NOT NULL,
    items INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, item_list_id),
    CHECK ((customer_id IS NULL) = (visibility = 'PUBLIC'))
) STRICT;
CREATE UNIQUE INDEX item_list_by_customer ON item_list (tenant_id, customer_id, name);
CREATE INDEX item_list_by_visibility ON item_list (tenant_id, visibility, name);

CREATE TABLE item_list_item (
    tenant_id BLOB NOT NULL,
    item_list_id BLOB NOT NULL,
    item_id BLOB NOT NULL,
    product_id TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, item_list_id, item_id)
) STRICT;
CREATE UNIQUE INDEX item_list_item_by_product ON item_list_item (tenant_id, item_list_id, product_id);
