//! Why a step may need no change at all: a trace merely passes, nothing certain points there, the ranking alone leads there.
//!
//! In: the [`Survey`] and a [`Group`]. Out: an instruction, the strongest doubt first.

use super::{
    super::{Survey, code::edges},
    group::Group,
};
use crate::model::plan::{Basis, Statement};

/// What is said of a group that may stay as it is.
pub fn of(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    let percent = (group.lead().probability * 100.0).round();
    let of_code = |text: String| Some(Statement::new(Basis::Repository, text));
    if group.is_on_the_way() {
        let text = match survey.reading.has_trace {
            true if edges::is_innermost(group.lead()) => {
                "The trace stops here, where the error is only raised: leave this as it is unless the steps above do not \
                 mend it"
            }
            true => {
                "The stack trace passes here and stops in the code of the steps above: leave this as it is unless that does \
                 not mend it"
            }
            false => {
                "The ticket suspects the code of the steps above; these files lie on its way: leave them as they are unless \
                 that does not mend it"
            }
        };
        Some(Statement::new(Basis::Ticket, text))
    } else if survey.is_guess(group) {
        of_code(format!(
            "Nothing certain points here, the ranking gives it {percent} %: confirm the place before changing anything"
        ))
    } else if group.sites.iter().all(|site| site.is_idle) {
        of_code(format!(
            "Nothing that the ticket asks leads here, the ranking gives it {percent} %: see whether it must follow"
        ))
    } else if survey.is_doubtful(group) {
        let why = if survey.is_unasked(group) {
            "Nothing that the ticket asks leads here".to_owned()
        } else if survey.is_mentioned(group) {
            let ranked = (group.lead().ranked() * 100.0).round();
            format!("The ticket mentions it, and the ranking gives it {ranked} %")
        } else if survey.is_beside_surer(group) {
            let ranked = (group.lead().ranked() * 100.0).round();
            format!("Nothing that the ticket asks leads here, and the ranking gives it {ranked} %")
        } else {
            "Only imports or shared words point here".to_owned()
        };
        of_code(format!("{why}: leave it as it is unless the steps above cannot do without"))
    } else {
        None
    }
}
