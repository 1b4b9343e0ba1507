//! Configuration: one struct a section, layered, unknown keys refused.
