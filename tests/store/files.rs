//! The file of an SQLite database.
