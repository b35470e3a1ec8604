-- The names of customer contexts, whose ids are made of them.
CREATE TABLE customer_context (
    tenant_id BYTEA NOT NULL,
    customer_context_id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, customer_context_id)
);
