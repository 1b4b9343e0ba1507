//! What the person who asked is told when there is no plan, and what to do next.

use super::outcome::UserError;
use crate::{
    repo::{RepoError, mapping::UnknownRepository},
    richtext::markdown,
    templates::UnknownPack,
    trackers::CodeSource,
    trigger,
};

/// What the person is told when the code cannot be read.
pub(super) fn unreadable(source: &CodeSource, error: &RepoError) -> UserError {
    let name = markdown::code_span(source.name.as_str());
    let reason = match error {
        RepoError::Unavailable { .. } => "it could not be reached",
        RepoError::Missing { .. } => "it is empty, or I have no access to it, or the branch does not exist",
        RepoError::Refused { .. } => "the configuration or a size limit forbids it",
    };
    UserError(format!(
        "I could not read the repository {name}: {reason}, so there is no plan yet. \
         Please ask whoever runs Planwright to look at its log, then comment `/plan` again."
    ))
}

/// What the person is told when the template is not there.
pub(super) fn no_such_template(error: &UnknownPack) -> UserError {
    let known: Vec<String> = error.known.iter().map(|name| markdown::code_span(name)).collect();
    let nearest = trigger::nearest(&error.name, error.known.iter().map(String::as_str));
    let hint = nearest.map_or(String::new(), |name| format!(" Did you mean {}?", markdown::code_span(name)));
    UserError(format!(
        "I know no template {}, neither by configuration nor in the ticket's repository.{hint} Known here: {}.",
        markdown::code_span(&error.name),
        known.join(", ")
    ))
}

/// What the person is told when `--repo` names nothing.
pub(super) fn no_such_repository(error: &UnknownRepository) -> UserError {
    let wanted = markdown::code_span(&error.wanted);
    let known: Vec<String> = error.known.iter().map(|name| markdown::code_span(name)).collect();
    let hint = if known.is_empty() {
        "No repository is configured for this project by name; leave `--repo` out.".to_owned()
    } else {
        format!("Known here: {}.", known.join(", "))
    };
    UserError(format!("I know no repository {wanted} for this ticket. {hint}"))
}
