//! What the ticket reports of code that changes: a sentence that names a package or a name of the lines to change.
//!
//! In: the [`Reading`]'s findings and a [`Group`]. Out: instructions, each with the line that the sentence speaks of.

use super::{
    super::{Survey, code::edges, places::site::Site, reading::Found},
    group::Group,
    steps::quote,
};
use crate::model::{
    context::FactKind,
    plan::{Basis, Statement},
};
use crate::planner::words::shorten;

/// The findings that speak of a group's lines.
pub fn here(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Vec<Statement> {
    let findings = survey.reading.findings.iter();
    findings.filter_map(|found| group.sites.iter().find_map(|site| said_of(survey, site, found))).collect()
}

/// The finding, where a line to change holds a name of it.
fn said_of(survey: &Survey<'_, '_>, site: &Site<'_>, found: &Found) -> Option<Statement> {
    let packages = survey.facts(FactKind::Dependency).filter(|(c, _)| std::ptr::eq(*c, site.context));
    let packages = packages.map(|(_, fact)| fact.name.as_str());
    let codes = survey.reading.codes.iter().map(String::as_str).filter(|c| !c.contains([' ', '/']));
    let mut names = packages.chain(codes).filter(|name| name.len() >= 4 && edges::names(&found.text, name));
    let line = names.find_map(|name| line_with(site, name))?;
    let file = site.file().lines(line, line);
    let text = format!("The ticket reports of `{}`: “{}”", file.label(), shorten(&found.text, 160));
    Some(Statement::new(Basis::Ticket, text).at(file).citing(quote(found)))
}

/// The first line to change that holds the name.
fn line_with(site: &Site<'_>, name: &str) -> Option<u32> {
    let text = site.text.as_deref()?;
    // The symbol to change first comes first.
    site.symbols.iter().find_map(|symbol| {
        let is_inside = |at: u32| symbol.line <= at && at <= symbol.end_line;
        (1_u32..).zip(text.lines()).find(|(at, line)| is_inside(*at) && edges::names(line, name)).map(|(at, _)| at)
    })
}
