//! Commands among the facts of a repository.

use crate::model::context::{Fact, FactKind};

/// The command line of a fact: its value, or its name where it has no value.
pub fn command_line(fact: &Fact) -> &str {
    if fact.value.is_empty() { &fact.name } else { &fact.value }
}

/// Is the fact a command?
pub fn is_command(fact: &Fact) -> bool {
    matches!(
        fact.kind,
        FactKind::BuildCommand
            | FactKind::TestCommand
            | FactKind::LintCommand
            | FactKind::FormatCommand
            | FactKind::RunCommand
            | FactKind::OtherCommand
    )
}
