//! Claims, leases and outcomes.
