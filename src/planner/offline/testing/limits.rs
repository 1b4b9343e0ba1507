//! Edges that tests try: limits that the ticket sets in figures, branches of the symbols to change.
//!
//! In: the [`Survey`]. Out: statements, a few.

use super::super::{Survey, edges, site::full_name};
use super::measured::is_duration;
use crate::model::plan::{Basis, Citation, Statement};
use crate::planner::words::clean;

/// Branches of the symbols to change, as edges for tests; values of the ticket that sit at an edge.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut out = limits(survey);
    for site in survey.sure_code().take(4) {
        for symbol in site.symbols.iter().take(1) {
            for (line, text) in edges::branch_lines(site, symbol).into_iter().take(4) {
                let file = site.file().lines(line, line);
                let name = full_name(&site.path, symbol);
                let ends = ["raise ", "throw ", "bail!", "panic!"].iter().any(|w| text.starts_with(w));
                let ends = ends || edges::is_return(&text);
                let what = if ends { "what leads to" } else { "both sides of" };
                let said = format!("{what} `{text}` in `{name}` (`{}`)", file.label());
                out.push(Statement::new(Basis::Repository, said).at(file));
            }
        }
    }
    out.truncate(6);
    out
}

/// Limits that criteria and requirements set in figures: each is tried at both of its sides.
fn limits(survey: &Survey<'_, '_>) -> Vec<Statement> {
    const BEFORE: &[&str] = &["after", "under", "over", "below", "above", "within", "until", "least", "most", "than"];
    let mut out = Vec::new();
    for asked in survey.asked.iter().filter(|a| a.served.is_some() && !is_duration(a.text)).take(20) {
        let words: Vec<&str> = asked.text.split(' ').collect();
        let is_figure = |w: &str| w.starts_with(|c: char| c.is_ascii_digit()) && !w.contains(['/', ':']);
        let found = (1..words.len())
            .find(|at| is_figure(words[*at]) && BEFORE.contains(&words[at - 1].to_lowercase().as_str()));
        let Some(at) = found else { continue };
        let end = (at + 2).min(words.len());
        let limit = words[at - 1..end].join(" ");
        let limit = clean(limit.trim_end_matches([',', '.', ';', ':'])).replace('`', "");
        let text = format!("{} at its limit “{limit}”: just before it, at it, just past it", asked.id);
        let cited = Citation::Ticket { quote: limit, place: asked.place.clone() };
        out.push(Statement::new(Basis::Ticket, text).citing(cited));
    }
    out.truncate(4);
    out
}
