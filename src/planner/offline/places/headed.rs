//! Documents that the head of a changed file points at: `"""Booking; the rules are in docs/booking.md."""`.
//!
//! In: the sites of a [`Context`]. Out: calls for the documents, where the ticket asks for more than a repair.

use super::{called::Call, site::Site};
use crate::model::{
    context::{Context, FileClass},
    ids::RepoName,
    plan::{Action, Basis, FileRef, Kind, Statement},
};

/// Lines of a file's head, and the most documents.
const HEAD: usize = 12;
const MOST: usize = 2;
/// From this probability on a file is one of the change.
const SURE: f64 = 0.4;

/// The documents.
pub fn calls(context: &Context, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let mut out: Vec<Call> = Vec::new();
    for site in sites.iter().filter(|s| changes(s)) {
        let Some(text) = site.text.as_deref() else { continue };
        let named = text.lines().zip(1_u32..).take(HEAD).find_map(|(line, at)| Some((document(context, line)?, at)));
        let Some((doc, line)) = named.filter(|(doc, _)| out.iter().all(|call| call.path != *doc)) else { continue };
        let head = FileRef::new(&site.path).of(repository.clone()).lines(line, line);
        let said =
            format!("`{}`, which changes, names it for its rules: say there what is different now", head.label());
        let said = Statement::new(Basis::Repository, said).at(head);
        out.push(Call { path: doc, symbol: None, why: said.clone(), todo: Some(said.into()), leads: false });
    }
    out.truncate(MOST);
    out
}

/// Is it code that the ticket changes for more than a repair?
fn changes(site: &Site<'_>) -> bool {
    let is_more = matches!(site.reading.kind, Kind::Feature | Kind::Change | Kind::Security);
    let is_sure = site.probability >= SURE || !site.called.is_empty();
    is_more && is_sure && site.is_code() && site.action == Action::Modify && !site.is_on_the_way
}

/// A document of the repository that a line of a comment names by its path.
fn document(context: &Context, line: &str) -> Option<String> {
    let is_path = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let words = line.split(|c: char| !is_path(c)).map(|word| word.trim_matches('.'));
    let is_doc = |path: &&str| path.contains('/') && context.tree.file(path).is_some_and(|f| f.class == FileClass::Doc);
    words.into_iter().find(is_doc).map(str::to_owned)
}
