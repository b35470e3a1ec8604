-- Locks may stay for ever, and then whoever looks for old failures must not walk past them all.
DROP INDEX sign_in_failure_by_age;
CREATE INDEX sign_in_failure_unlocked_by_age ON sign_in_failure (server_id, last_failed_at) WHERE locked_at IS NULL;
CREATE INDEX sign_in_failure_locked_by_age ON sign_in_failure (server_id, last_failed_at) WHERE locked_at IS NOT NULL;
