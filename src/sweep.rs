//! Redelivery of what was missed, retention, second looks.
