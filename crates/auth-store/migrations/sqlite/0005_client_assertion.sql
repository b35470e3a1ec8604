CREATE TABLE client_assertion (
    server_id BLOB NOT NULL,
    assertion_hash BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, assertion_hash)
) STRICT;
CREATE INDEX client_assertion_by_end ON client_assertion (server_id, expires_at);
