//! Rules and commands: event → decision.
