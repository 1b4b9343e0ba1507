//! Tests of the sandbox's Jira, Cloud and Data Center.

mod comments;
mod deliveries;
mod people;
mod reading;
mod writing;
