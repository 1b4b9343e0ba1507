//! Tests of the sandbox's Azure DevOps, Services and Server.
