-- What customers say of themselves. `version` counts their changes: from the first one on the record is theirs, and a
-- declaration no longer changes the name.
ALTER TABLE customer ADD COLUMN phone TEXT COLLATE "C";
ALTER TABLE customer ADD COLUMN contact_email TEXT COLLATE "C";
ALTER TABLE customer ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
