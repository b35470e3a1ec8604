-- What verifying a hash from elsewhere takes; 0 for our own. The highest decides how much work every sign-in is.
ALTER TABLE users ADD COLUMN imported_argon2id_blocks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN imported_bcrypt_cost INTEGER NOT NULL DEFAULT 0;
CREATE INDEX users_by_imported_argon2id ON users (server_id, imported_argon2id_blocks) WHERE imported_argon2id_blocks > 0;
CREATE INDEX users_by_imported_bcrypt ON users (server_id, imported_bcrypt_cost) WHERE imported_bcrypt_cost > 0;
