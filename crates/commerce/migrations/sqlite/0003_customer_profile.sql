-- What customers say of themselves. `version` counts their changes: from the first one on the record is theirs, and a
-- declaration no longer changes the name.
ALTER TABLE customer ADD COLUMN phone TEXT;
ALTER TABLE customer ADD COLUMN contact_email TEXT;
ALTER TABLE customer ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
