CREATE TABLE pushed_authorization (
    server_id BLOB NOT NULL,
    reference_hash BLOB NOT NULL,
    client_id TEXT NOT NULL,
    request TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    redeemed_at INTEGER,
    PRIMARY KEY (server_id, reference_hash)
) STRICT;
CREATE INDEX pushed_authorization_by_end ON pushed_authorization (server_id, expires_at);

ALTER TABLE oauth_grant ADD COLUMN claims TEXT;
ALTER TABLE authorization_code
    ADD COLUMN redirect_uri_named INTEGER NOT NULL DEFAULT 1 CHECK (redirect_uri_named IN (0, 1));
