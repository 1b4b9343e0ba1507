//! The signs of success: what the ticket asks for, and the commands that show it.
//!
//! In: the [`Survey`]. Out: statements.

use super::super::{
    Survey,
    work::{commands::Commands, steps::quote},
};
use crate::model::plan::{Basis, Citation, FileRef, Place, Statement};
use crate::planner::words::{clean, shorten};

/// How to see that it is done.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let reading = survey.reading;
    let mut out = Vec::new();
    let is_taken_back = |id: &str| survey.overruled.iter().any(|(known, _)| known == id);
    let criteria = reading.criteria.iter().filter(|c| !c.done).map(|c| (&c.id, &c.text, &c.place));
    let requirements = reading.requirements.iter().map(|r| (&r.id, &r.text, &r.place));
    let live = |(id, _, _): &(&String, &String, &Place)| !is_taken_back(id);
    let mut asked: Vec<(&String, &String, &Place)> = criteria.filter(live).collect();
    let has_criteria = !asked.is_empty();
    // What a maintainer asks for in a comment counts like a criterion.
    let counts = |(_, _, place): &(&String, &String, &Place)| !has_criteria || matches!(place, Place::Comment { .. });
    asked.extend(requirements.filter(live).filter(counts));
    for (id, text, place) in asked {
        let cited = Citation::Ticket { quote: text.clone(), place: place.clone() };
        out.push(Statement::new(Basis::Ticket, format!("{id}: {}", shorten(text, 400))).citing(cited));
    }
    if out.is_empty()
        && let Some(expected) = &reading.expected
    {
        out.push(Statement::new(Basis::Ticket, shorten(&expected.text, 200)).citing(quote(expected)));
    }
    for (at, context) in survey.contexts.iter().enumerate() {
        let repository = (at > 0).then(|| context.repository.name.clone());
        for command in Commands::of(context, repository).gate() {
            let file: Option<FileRef> = command.source;
            let statement = Statement::new(Basis::Repository, format!("`{}`: {}", clean(&command.line), command.shows));
            out.push(match file {
                Some(file) => statement.at(file),
                None => statement,
            });
        }
    }
    out
}
