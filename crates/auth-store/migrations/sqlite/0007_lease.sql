-- Who does the background work; `database::Lease` tells how.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    renewals INTEGER NOT NULL
) STRICT;
