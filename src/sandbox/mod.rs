//! The trackers of the demo and of the tests: real HTTP from a world of tickets.
