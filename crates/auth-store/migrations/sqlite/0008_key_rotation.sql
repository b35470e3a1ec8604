ALTER TABLE signing_key ADD COLUMN activates_at INTEGER NOT NULL DEFAULT 0;
UPDATE signing_key SET activates_at = created_at;

-- Which master key a row is sealed under; empty where it was sealed before keys had names.
ALTER TABLE signing_key ADD COLUMN master_key_id TEXT NOT NULL DEFAULT '';
ALTER TABLE server_secret ADD COLUMN master_key_id TEXT NOT NULL DEFAULT '';
