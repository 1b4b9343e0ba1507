//! Limits of time: measured before and after where work is slow, since a test's data is small.
//!
//! In: a sentence with such a limit. Out: its case.

use super::super::{Survey, sections::interface, survey::Asked, work::group::Group};
use crate::model::plan::{Action, Basis, Citation, Statement, TestCase, TestKind};
use crate::{
    planner::words::{clean, shorten},
    richtext::markdown::code_span,
};

/// Does the sentence limit how long something takes?
pub fn is_duration(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '-']).map(|w| w.trim_matches([',', '.', ';', ')', '('])).collect();
    let is_unit = |w: &str| ["ms", "milliseconds", "s", "sec", "seconds", "p50", "p95", "p99"].contains(&w);
    let is_figure = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    let is_limited = words.iter().any(|w| ["under", "below", "within", "than"].contains(w));
    let is_joined = |w: &&str| is_figure(w) && is_unit(w.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.'));
    is_limited && (words.windows(2).any(|pair| is_figure(pair[0]) && is_unit(pair[1])) || words.iter().any(is_joined))
}

/// The case for a duration: measured before and after where work is slow, since a test's data is small; a new route has
/// no before.
pub fn case(survey: &Survey<'_, '_>, asked: &Asked<'_, '_>) -> TestCase {
    let site = asked.served.as_ref().and_then(|s| survey.groups.get(s.group)).map(Group::lead);
    let of = site.map_or(String::new(), |s| format!(", at `{}`", s.path));
    let new = survey.contexts.first().and_then(|c| interface::new_routes(c, survey.reading).into_iter().next());
    let how = match new {
        Some((method, path)) => {
            let route = code_span(&format!("{method} {}", clean(path.split('?').next().unwrap_or(path))));
            format!("is measured over {route} on as much data as it names")
        }
        None => format!("is measured before and after on as much data as it names{of}"),
    };
    let text = format!("“{}” {how}", shorten(asked.text, 160));
    let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
    TestCase {
        kind: TestKind::Performance,
        what: Statement::new(Basis::Ticket, text).citing(cited),
        serves: vec![asked.id.to_owned()],
        action: Action::Create,
        ..TestCase::default()
    }
}
