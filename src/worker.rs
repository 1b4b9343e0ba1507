//! Claims jobs, renews leases, retries with backoff, shuts down.
