-- The database's clock in milliseconds since 1970.
CREATE VIEW clock AS SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER) AS ms;

-- The last numbers given out. Its one row is also what receipts of all replicas queue at.
CREATE TABLE sequence (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    delivery INTEGER NOT NULL,
    job INTEGER NOT NULL,
    checked_at INTEGER NOT NULL
) STRICT;
INSERT INTO sequence VALUES (1, 0, 0, 0);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    guid TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    decision TEXT NOT NULL,
    ticket TEXT,
    job INTEGER,
    body_at INTEGER,
    body_length INTEGER
) STRICT;
CREATE UNIQUE INDEX deliveries_guid ON deliveries (connection, guid);

-- The bodies of the deliveries that one commit stored, back to back under the first one's number: few pages, one row.
-- A delivery knows where its own begins and how long it is. They stand apart, so that listing never reads them.
CREATE TABLE bodies (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    bytes BLOB NOT NULL
) STRICT;

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    semantic_key TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_in INTEGER NOT NULL,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    work TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    attempt INTEGER NOT NULL DEFAULT 0,
    fence INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until INTEGER,
    reason TEXT,
    created_at INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_asked ON jobs (connection, ticket, semantic_key);
CREATE INDEX jobs_person ON jobs (connection, asked_by, created_at);
CREATE INDEX jobs_due ON jobs (run_at, id) WHERE state = 'queued';
-- No two jobs of a ticket run at once: the database itself refuses it.
CREATE UNIQUE INDEX jobs_running ON jobs (connection, ticket) WHERE state = 'running';
CREATE INDEX jobs_ended ON jobs (state, updated_at) WHERE state IN ('done', 'dead', 'cancelled');

-- What was asked for without a job of its own: requests that joined another one's job, and those of jobs that are
-- forgotten. Kept for good: a delivery that is captured and replayed years later still asks for nothing new.
CREATE TABLE askings (
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    semantic_key TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    delivery INTEGER NOT NULL,
    PRIMARY KEY (connection, ticket, semantic_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX askings_person ON askings (connection, asked_by, asked_at);

CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    job INTEGER NOT NULL UNIQUE,
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    version INTEGER NOT NULL,
    reference TEXT NOT NULL,
    ticket_url TEXT,
    title TEXT NOT NULL,
    repository TEXT,
    commit_id TEXT,
    template TEXT NOT NULL,
    planner TEXT NOT NULL,
    plan_json TEXT NOT NULL,
    document TEXT NOT NULL,
    ticket_hash TEXT NOT NULL,
    took_ms INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (connection, ticket, version)
) STRICT;
CREATE INDEX plans_newest ON plans (created_at);

CREATE TABLE publications (
    operation TEXT PRIMARY KEY,
    job INTEGER NOT NULL,
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    slot TEXT NOT NULL,
    plan TEXT REFERENCES plans (id),
    body TEXT NOT NULL,
    marker TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    comment TEXT,
    url TEXT,
    intended_at INTEGER,
    confirmed_at INTEGER,
    looked_at INTEGER,
    created_at INTEGER NOT NULL,
    reason TEXT,
    UNIQUE (job, slot)
) STRICT;
CREATE INDEX publications_standing ON publications (connection, ticket, slot, confirmed_at);
CREATE INDEX publications_second_look ON publications (confirmed_at)
    WHERE state = 'confirmed' AND looked_at IS NULL;
CREATE INDEX publications_newest ON publications (created_at);
