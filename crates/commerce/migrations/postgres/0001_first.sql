CREATE TABLE generation (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE tenant (
    tenant_id BYTEA NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE application (
    tenant_id BYTEA NOT NULL,
    application_id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    identifier_type TEXT COLLATE "C" NOT NULL CHECK (identifier_type IN ('DOMAIN', 'DOMAIN_PREFIX', 'PARAMETER', 'CONTEXT_PATH')),
    identifier_value TEXT COLLATE "C" NOT NULL,
    customer_context_id BYTEA NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    gateway_client_id TEXT COLLATE "C" NOT NULL,
    deactivated BOOLEAN NOT NULL,
    default_locale TEXT COLLATE "C" NOT NULL,
    allowed_locales TEXT COLLATE "C" NOT NULL,
    origins TEXT COLLATE "C" NOT NULL,
    storefront TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, application_id)
);
CREATE UNIQUE INDEX application_by_token ON application (tenant_id, token);

CREATE TABLE domain (
    domain TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    tenant_id BYTEA NOT NULL
);

CREATE TABLE application_domain (
    tenant_id BYTEA NOT NULL,
    domain TEXT COLLATE "C" NOT NULL,
    application_id BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, domain, application_id)
);
CREATE INDEX application_domain_by_application ON application_domain (tenant_id, application_id);

CREATE TABLE customer (
    tenant_id BYTEA NOT NULL,
    customer_id BYTEA NOT NULL,
    customer_context_id BYTEA NOT NULL,
    full_name TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
);

CREATE TABLE account (
    tenant_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    parent_account_id BYTEA,
    name TEXT COLLATE "C" NOT NULL,
    account_number TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('ACTIVE', 'INACTIVE')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, account_id)
);
CREATE UNIQUE INDEX account_by_number ON account (tenant_id, account_number);

CREATE TABLE account_member (
    tenant_id BYTEA NOT NULL,
    customer_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    roles TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id, account_id)
);
CREATE INDEX account_member_by_account ON account_member (tenant_id, account_id);

-- A customer as the owner of item lists: the row that is locked and counts.
CREATE TABLE item_list_owner (
    tenant_id BYTEA NOT NULL,
    customer_id BYTEA NOT NULL,
    lists BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, customer_id)
);

CREATE TABLE item_list (
    tenant_id BYTEA NOT NULL,
    item_list_id BYTEA NOT NULL,
    -- A customer's own list is private. A list without a customer is the shop's, and public.
    customer_id BYTEA,
    -- A public list may belong to one application alone.
    application_id BYTEA,
    visibility TEXT COLLATE "C" NOT NULL CHECK (visibility IN ('PRIVATE', 'PUBLIC')),
    name TEXT COLLATE "C" NOT NULL,
    items BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_list_id),
    CHECK ((customer_id IS NULL) = (visibility = 'PUBLIC'))
);
CREATE UNIQUE INDEX item_list_by_customer ON item_list (tenant_id, customer_id, name);
CREATE INDEX item_list_by_visibility ON item_list (tenant_id, visibility, name);

CREATE TABLE item_list_item (
    tenant_id BYTEA NOT NULL,
    item_list_id BYTEA NOT NULL,
    item_id BYTEA NOT NULL,
    product_id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, item_list_id, item_id)
);
CREATE UNIQUE INDEX item_list_item_by_product ON item_list_item (tenant_id, item_list_id, product_id);
