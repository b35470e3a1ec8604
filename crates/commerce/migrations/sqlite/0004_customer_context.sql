-- The names of customer contexts, whose ids are made of them.
CREATE TABLE customer_context (
    tenant_id BLOB NOT NULL,
    customer_context_id BLOB NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tenant_id, customer_context_id)
) STRICT;
