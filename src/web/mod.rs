//! HTTP pages and hooks.
