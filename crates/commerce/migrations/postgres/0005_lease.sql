-- Who does the background work; `database::Lease` tells how.
CREATE TABLE lease (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    holder BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    renewals BIGINT NOT NULL
);
