-- Jobs that were begun go before those that wait for their first turn.
CREATE INDEX jobs_begun ON jobs (run_at, id) WHERE state = 'queued' AND fence > 0;
