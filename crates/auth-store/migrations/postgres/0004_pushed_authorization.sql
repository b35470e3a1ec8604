CREATE TABLE pushed_authorization (
    server_id BYTEA NOT NULL,
    reference_hash BYTEA NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    request TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT,
    PRIMARY KEY (server_id, reference_hash)
);
CREATE INDEX pushed_authorization_by_end ON pushed_authorization (server_id, expires_at);

ALTER TABLE oauth_grant ADD COLUMN claims TEXT COLLATE "C";
ALTER TABLE authorization_code ADD COLUMN redirect_uri_named BOOLEAN NOT NULL DEFAULT true;
