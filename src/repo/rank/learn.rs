//! Learns the weights (see `weights`).
