-- The database's clock in milliseconds since 1970.
CREATE VIEW clock AS SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT) AS ms;

-- The last numbers given out. Its one row is also what receipts of all replicas queue at.
CREATE TABLE sequence (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    delivery BIGINT NOT NULL,
    job BIGINT NOT NULL,
    checked_at BIGINT NOT NULL
);
INSERT INTO sequence VALUES (1, 0, 0, 0);

CREATE TABLE deliveries (
    id BIGINT PRIMARY KEY,
    connection TEXT NOT NULL,
    guid TEXT NOT NULL,
    event TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    decision TEXT NOT NULL,
    ticket TEXT,
    job BIGINT,
    body_at BIGINT,
    body_length BIGINT
);
CREATE UNIQUE INDEX deliveries_guid ON deliveries (connection, guid);

-- The bodies of the deliveries that one commit stored, back to back under the first one's number: few pages, one row.
-- A delivery knows where its own begins and how long it is. They stand apart, so that listing never reads them.
CREATE TABLE bodies (
    first BIGINT PRIMARY KEY,
    last BIGINT NOT NULL,
    bytes BYTEA NOT NULL
);
-- They are compressed already.
ALTER TABLE bodies ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE jobs (
    id BIGINT PRIMARY KEY,
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    semantic_key TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_in BIGINT NOT NULL,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    work TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued',
    attempt BIGINT NOT NULL DEFAULT 0,
    fence BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    lease_until BIGINT,
    reason TEXT,
    created_at BIGINT NOT NULL,
    run_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
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
    asked_at BIGINT NOT NULL,
    delivery BIGINT NOT NULL,
    PRIMARY KEY (connection, ticket, semantic_key)
);
CREATE INDEX askings_person ON askings (connection, asked_by, asked_at);

CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    job BIGINT NOT NULL UNIQUE,
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    version BIGINT NOT NULL,
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
    took_ms BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (connection, ticket, version)
);
CREATE INDEX plans_newest ON plans (created_at);

CREATE TABLE publications (
    operation TEXT PRIMARY KEY,
    job BIGINT NOT NULL,
    connection TEXT NOT NULL,
    ticket TEXT NOT NULL,
    slot TEXT NOT NULL,
    plan TEXT REFERENCES plans (id),
    body TEXT NOT NULL,
    marker TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    comment TEXT,
    url TEXT,
    intended_at BIGINT,
    confirmed_at BIGINT,
    looked_at BIGINT,
    created_at BIGINT NOT NULL,
    reason TEXT,
    UNIQUE (job, slot)
);
CREATE INDEX publications_standing ON publications (connection, ticket, slot, confirmed_at);
CREATE INDEX publications_second_look ON publications (confirmed_at)
    WHERE state = 'confirmed' AND looked_at IS NULL;
CREATE INDEX publications_newest ON publications (created_at);
