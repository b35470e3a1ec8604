CREATE TABLE generation (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE server (
    server_id BYTEA NOT NULL PRIMARY KEY,
    tenant_id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    friendly_name TEXT COLLATE "C" NOT NULL,
    user_type TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE issuer (
    issuer TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    server_id BYTEA NOT NULL
);

CREATE TABLE server_secret (
    server_id BYTEA NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (server_id, purpose)
);

CREATE TABLE signing_key (
    server_id BYTEA NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    algorithm TEXT COLLATE "C" NOT NULL,
    private_key BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (server_id, key_id)
);

CREATE TABLE client (
    server_id BYTEA NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    settings TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (server_id, client_id)
);

CREATE TABLE client_secret (
    server_id BYTEA NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    secret_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (server_id, client_id, secret_hash)
);

CREATE TABLE scope (
    server_id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    open BOOLEAN NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    permission_roots TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (server_id, name)
);

CREATE TABLE role (
    server_id BYTEA NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (server_id, name)
);

CREATE TABLE users (
    server_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    user_type TEXT COLLATE "C" NOT NULL,
    username TEXT COLLATE "C" NOT NULL,
    username_canonical TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C",
    email_canonical TEXT COLLATE "C",
    full_name TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    password_hash TEXT COLLATE "C",
    customer_id BYTEA,
    customer_context_id BYTEA,
    roles TEXT COLLATE "C" NOT NULL,
    permissions TEXT COLLATE "C" NOT NULL,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (server_id, user_id)
);
CREATE UNIQUE INDEX users_by_username ON users (server_id, username_canonical);
CREATE UNIQUE INDEX users_by_email ON users (server_id, email_canonical);
CREATE UNIQUE INDEX users_by_customer ON users (server_id, customer_id);

CREATE TABLE account_membership (
    server_id BYTEA NOT NULL,
    customer_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    roles TEXT COLLATE "C" NOT NULL,
    parent_accounts TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (server_id, customer_id, account_id)
);

CREATE TABLE sign_in_failure (
    server_id BYTEA NOT NULL,
    identifier_hash BYTEA NOT NULL,
    failures BIGINT NOT NULL,
    last_failed_at BIGINT NOT NULL,
    locked_at BIGINT,
    PRIMARY KEY (server_id, identifier_hash)
);
CREATE INDEX sign_in_failure_by_age ON sign_in_failure (server_id, last_failed_at);

CREATE TABLE session (
    server_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    secret_hash BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    authenticated_at BIGINT NOT NULL,
    inactivity_at BIGINT NOT NULL,
    hard_end_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (server_id, session_id)
);
CREATE UNIQUE INDEX session_by_secret ON session (server_id, secret_hash);
CREATE INDEX session_by_user ON session (server_id, user_id);
CREATE INDEX session_by_end ON session (server_id, hard_end_at);

CREATE TABLE oauth_grant (
    server_id BYTEA NOT NULL,
    grant_id BYTEA NOT NULL,
    session_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    scope TEXT COLLATE "C" NOT NULL,
    account_id BYTEA,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (server_id, grant_id)
);
CREATE INDEX oauth_grant_by_session ON oauth_grant (server_id, session_id);
CREATE INDEX oauth_grant_by_end ON oauth_grant (server_id, expires_at);

CREATE TABLE authorization_code (
    server_id BYTEA NOT NULL,
    code_hash BYTEA NOT NULL,
    grant_id BYTEA NOT NULL,
    client_id TEXT COLLATE "C" NOT NULL,
    redirect_uri TEXT COLLATE "C" NOT NULL,
    code_challenge TEXT COLLATE "C",
    nonce TEXT COLLATE "C",
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT,
    PRIMARY KEY (server_id, code_hash)
);
CREATE INDEX authorization_code_by_end ON authorization_code (server_id, expires_at);

CREATE TABLE audit_event (
    server_id BYTEA NOT NULL,
    event_id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    remote_address TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    happened_at BIGINT NOT NULL,
    PRIMARY KEY (server_id, event_id)
);
