CREATE TABLE client_assertion (
    server_id BYTEA NOT NULL,
    assertion_hash BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (server_id, assertion_hash)
);
CREATE INDEX client_assertion_by_end ON client_assertion (server_id, expires_at);
