//! Who owns the files of the steps, by the repository's own list.
//!
//! In: the code sites of a [`Survey`] and the facts of CODEOWNERS. Out: one statement for each line of the list that counts.

use std::collections::BTreeMap;

use super::super::{Survey, places::site::Site};
use crate::model::{
    context::{Context, Fact, FactKind},
    plan::{Basis, Statement},
};
use crate::planner::words::{clean, shorten};

/// The most owners that are named.
const MOST: usize = 4;
/// The most files that are named for one owner.
const MOST_FILES: usize = 3;

/// Owners with their files, in the order of the plan's files.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Statement> {
    let mut found: Vec<(&Context, &Fact, Vec<&Site<'_>>)> = Vec::new();
    for site in survey.sure_code() {
        // Who owns everything is asked anyway.
        let Some((context, fact)) = owner(survey, site).filter(|(_, fact)| fact.name != "*") else { continue };
        match found.iter_mut().find(|(_, known, _)| std::ptr::eq(*known, fact)) {
            Some((_, _, sites)) => sites.push(site),
            None => found.push((context, fact, vec![site])),
        }
    }
    // An owner by several lines of the list is asked once.
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out: Vec<Statement> = Vec::new();
    for (context, fact, sites) in found {
        if by_name.contains_key(fact.value.as_str()) || out.len() >= MOST {
            continue;
        }
        by_name.insert(&fact.value, out.len());
        let file = survey.fact_file(context, fact);
        let shown: Vec<String> = sites.iter().take(MOST_FILES).map(|s| format!("`{}`", s.path)).collect();
        let more = sites.len().saturating_sub(MOST_FILES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let verb = if sites.len() == 1 { "is" } else { "are" };
        let owner = shorten(&clean(&fact.value), 80);
        let text =
            format!("{}{more} {verb} owned by `{owner}` (`{}`): ask for review there", shown.join(", "), file.label());
        out.push(Statement::new(Basis::Repository, text).at(file));
    }
    out
}

/// The line of the list that names the owner of a file: the last that fits (docs.github.com, "About code owners").
fn owner<'c>(survey: &Survey<'_, 'c>, site: &Site<'_>) -> Option<(&'c Context, &'c Fact)> {
    let counts =
        |path: &str| path.rsplit_once('/').is_none_or(|(dir, _)| matches!(dir, ".github" | ".gitlab" | "docs"));
    survey
        .facts(FactKind::Owner)
        .filter(|(c, f)| counts(&f.path) && std::ptr::eq(*c, site.context) && fits(&f.name, &site.path))
        .last()
}

/// Does a pattern of the list fit a path?
fn fits(pattern: &str, path: &str) -> bool {
    let bare = pattern.trim_start_matches('/').trim_end_matches(['*', '/']);
    pattern == "*"
        || (!bare.is_empty() && (path == bare || path.starts_with(&format!("{bare}/"))))
        || pattern.strip_prefix('*').is_some_and(|end| path.ends_with(end) && !end.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_folders_files_and_endings() {
        let check = |pattern: &str, path: &str, expected: bool| assert_eq!(fits(pattern, path), expected, "{pattern}");
        check("*", "src/cart.rs", true);
        check("/src/middleware/", "src/middleware/limit.ts", true);
        check("/src/middleware/", "src/routes/limit.ts", false);
        check("*.sql", "db/1.sql", true);
        check("src/cart.rs", "src/cart.rs", true);
        check("/src/cart", "src/cartoon.rs", false);
    }
}
