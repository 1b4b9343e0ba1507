//! Outgoing HTTP: one client, capped bodies, no redirects to other hosts.
