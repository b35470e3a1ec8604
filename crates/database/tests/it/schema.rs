use database::{Database, Migration, Migrations, params, statements};

/// A code that can be redeemed once, a table with a column of every kind, and what background work needs.
pub const MIGRATIONS: Migrations = Migrations {
    name: "test",
    sqlite: &[Migration {
        version: 1,
        name: "codes, kinds and leases",
        sql: "CREATE TABLE code (id BLOB NOT NULL PRIMARY KEY, client TEXT NOT NULL, used_at INTEGER, used_by INTEGER) STRICT;
              CREATE TABLE kind (id INTEGER NOT NULL PRIMARY KEY, answer INTEGER CHECK (answer IN (0, 1)), label TEXT,
                  content BLOB) STRICT;
              CREATE TABLE lease (name TEXT NOT NULL PRIMARY KEY, holder BLOB NOT NULL, epoch INTEGER NOT NULL,
                  renewals INTEGER NOT NULL) STRICT;
              CREATE TABLE batch (work TEXT NOT NULL, epoch INTEGER NOT NULL) STRICT;",
    }],
    postgres: &[Migration {
        version: 1,
        name: "codes, kinds and leases",
        sql: r#"CREATE TABLE code (id BYTEA NOT NULL PRIMARY KEY, client TEXT COLLATE "C" NOT NULL, used_at BIGINT, used_by BIGINT);
              CREATE TABLE kind (id BIGINT NOT NULL PRIMARY KEY, answer BOOLEAN, label TEXT COLLATE "C", content BYTEA);
              CREATE TABLE lease (name TEXT COLLATE "C" NOT NULL PRIMARY KEY, holder BYTEA NOT NULL, epoch BIGINT NOT NULL,
                  renewals BIGINT NOT NULL);
              CREATE TABLE batch (work TEXT COLLATE "C" NOT NULL, epoch BIGINT NOT NULL);"#,
    }],
};

statements! {
    pub ISSUE_CODE = "INSERT INTO code (id, client) VALUES ($1, $2)";
    pub ISSUE_CODE_ONCE = "INSERT INTO code (id, client) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    pub REDEEM_CODE = "UPDATE code SET used_at = $2, used_by = $3 WHERE id = $1 AND used_at IS NULL RETURNING client";
    pub READ_CODE = "SELECT client, used_at, used_by FROM code WHERE id = $1";
    pub LIST_CODES = "SELECT id, used_by FROM code ORDER BY id";
    pub COUNT_CODES = "SELECT count(*) AS codes FROM code";
    pub TOUCH_CODE = "UPDATE code SET client = $2 WHERE id = $1";
    pub DELETE_CODES = "DELETE FROM code WHERE client = $1";
    pub ADD_KIND = "INSERT INTO kind (id, answer, label, content) VALUES ($1, $2, $4, $3)";
    pub READ_KIND = "SELECT id, answer, label, content FROM kind WHERE id = $1";
    pub ADD_BATCH = "INSERT INTO batch (work, epoch) VALUES ($1, $2)";
    pub LATER_BATCHES = "SELECT count(*) AS batches FROM batch WHERE work = $1 AND epoch > $2";
    pub COUNT_BATCHES = "SELECT count(*) AS batches FROM batch WHERE work = $1";
    pub FIND_ANSWERED = "SELECT id FROM kind WHERE answer ORDER BY id";
}

pub async fn count_codes(database: &Database) -> i64 {
    database.read_optional(&COUNT_CODES, params![]).await.unwrap().unwrap().get(0).unwrap()
}

/// Sixteen bytes, as an id has.
pub fn id(number: u64) -> [u8; 16] {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&number.to_be_bytes());
    id
}
