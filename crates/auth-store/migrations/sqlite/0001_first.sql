CREATE TABLE generation (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT;

CREATE TABLE server (
    server_id BLOB NOT NULL PRIMARY KEY,
    tenant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    friendly_name TEXT NOT NULL,
    user_type TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE issuer (
    issuer TEXT NOT NULL PRIMARY KEY,
    server_id BLOB NOT NULL
) STRICT;

CREATE TABLE server_secret (
    server_id BLOB NOT NULL,
    purpose TEXT NOT NULL,
    secret BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, purpose)
) STRICT;

CREATE TABLE signing_key (
    server_id BLOB NOT NULL,
    key_id TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    private_key BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    PRIMARY KEY (server_id, key_id)
) STRICT;

CREATE TABLE client (
    server_id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    settings TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, client_id)
) STRICT;

CREATE TABLE client_secret (
    server_id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    secret_hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (server_id, client_id, secret_hash)
) STRICT;

CREATE TABLE scope (
    server_id BLOB NOT NULL,
    name TEXT NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    permissions TEXT NOT NULL,
    permission_roots TEXT NOT NULL,
    PRIMARY KEY (server_id, name)
) STRICT;

CREATE TABLE role (
    server_id BLOB NOT NULL,
    name TEXT NOT NULL,
    permissions TEXT NOT NULL,
    PRIMARY KEY (server_id, name)
) STRICT;

CREATE TABLE users (
    server_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    user_type TEXT NOT NULL,
    username TEXT NOT NULL,
    username_canonical TEXT NOT NULL,
    email TEXT,
    email_canonical TEXT,
    full_name TEXT,
    phone TEXT,
    password_hash TEXT,
    customer_id BLOB,
    customer_context_id BLOB,
    roles TEXT NOT NULL,
    permissions TEXT NOT NULL,
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, user_id)
) STRICT;
CREATE UNIQUE INDEX users_by_username ON users (server_id, username_canonical);
CREATE UNIQUE INDEX users_by_email ON users (server_id, email_canonical);
CREATE UNIQUE INDEX users_by_customer ON users (server_id, customer_id);

CREATE TABLE account_membership (
    server_id BLOB NOT NULL,
    customer_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    roles TEXT NOT NULL,
    parent_accounts TEXT NOT NULL,
    PRIMARY KEY (server_id, customer_id, account_id)
) STRICT;

CREATE TABLE sign_in_failure (
    server_id BLOB NOT NULL,
    identifier_hash BLOB NOT NULL,
    failures INTEGER NOT NULL,
    last_failed_at INTEGER NOT NULL,
    locked_at INTEGER,
    PRIMARY KEY (server_id, identifier_hash)
) STRICT;
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (server_id, last_failed_at);

CREATE TABLE session (
    server_id BLOB NOT NULL,
    session_id BLOB NOT NULL,
    secret_hash BLOB NOT NULL,
    user_id BLOB NOT NULL,
    authenticated_at INTEGER NOT NULL,
    inactivity_at INTEGER NOT NULL,
    hard_end_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (server_id, session_id)
) STRICT;
CREATE UNIQUE INDEX session_by_secret ON session (server_id, secret_hash);
CREATE INDEX session_by_user ON session (server_id, user_id);
CREATE INDEX session_by_end ON session (server_id, hard_end_at);

CREATE TABLE oauth_grant (
    server_id BLOB NOT NULL,
    grant_id BLOB NOT NULL,
    session_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    scope TEXT NOT NULL,
    account_id BLOB,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (server_id, grant_id)
) STRICT;
CREATE INDEX oauth_grant_by_session ON oauth_grant (server_id, session_id);
CREATE INDEX oauth_grant_by_end ON oauth_grant (server_id, expires_at);

CREATE TABLE authorization_code (
    server_id BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    grant_id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT,
    nonce TEXT,
    expires_at INTEGER NOT NULL,
    redeemed_at INTEGER,
    PRIMARY KEY (server_id, code_hash)
) STRICT;
CREATE INDEX authorization_code_by_end ON authorization_code (server_id, expires_at);

CREATE TABLE audit_event (
    server_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    object TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    PRIMARY KEY (server_id, event_id)
) STRICT;
