-- Whose tokens count: a copy of the authorization servers, which commerce never asks for them.
CREATE TABLE trusted_issuer (
    tenant_id BYTEA NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, issuer)
);
