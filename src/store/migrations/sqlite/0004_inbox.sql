-- Deliveries of a burst: durable with their decisions, a row for each commit, until there is time to make their rows and
-- jobs. The bodies are packed as in `bodies`. A row that cannot be stored is held back, never dropped.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY,
    kept_at INTEGER NOT NULL,
    receipts INTEGER NOT NULL,
    heads BLOB NOT NULL,
    together INTEGER NOT NULL,
    bodies BLOB NOT NULL,
    held INTEGER NOT NULL DEFAULT 0
) STRICT;
