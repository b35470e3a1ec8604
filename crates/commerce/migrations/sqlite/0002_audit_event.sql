-- Who changed what, for whom, from where; written in the transaction of the change. Ids begin with the time, so the key
-- itself is the order in which old events go.
CREATE TABLE audit_event (
    tenant_id BLOB NOT NULL,
    event_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    subject TEXT NOT NULL,
    object TEXT NOT NULL,
    remote_address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    detail TEXT NOT NULL,
    happened_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, event_id)
) STRICT;
