//! job → ticket → context → draft → plan → document → publication.
