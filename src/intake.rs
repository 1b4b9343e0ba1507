//! delivery → event → trigger → job.
