-- Whose tokens count: a copy of the authorization servers, which commerce never asks for them.
CREATE TABLE trusted_issuer (
    tenant_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    audience TEXT NOT NULL,
    PRIMARY KEY (tenant_id, issuer)
) STRICT;
