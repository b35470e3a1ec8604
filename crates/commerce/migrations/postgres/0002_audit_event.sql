-- Who changed what, for whom, from where; written in the transaction of the change. Ids begin with the time, so the key
-- itself is the order in which old events go.
CREATE TABLE audit_event (
    tenant_id BYTEA NOT NULL,
    event_id BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    remote_address TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    happened_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
);
