//! Packages that the ticket asks to move to, and that no manifest declares: “migrate to `spf13/cobra`”.
//!
//! In: the ticket's title and requirements, the packages that are declared, the tree. Out: names, as the ticket writes
//! them. A name that the repository has as a path or a definition is none.

use super::super::Survey;
use crate::model::context::FactKind;

/// Words that lead to the new name: the verb, and what stands before the name.
const MOVES: &[(&[&str], &[&str])] = &[
    (&["migrate", "migrates", "migrating", "switch", "move", "convert", "port"], &["to"]),
    (&["replace", "replaces", "replacing", "substitute"], &["with", "by"]),
    (&["use", "adopt", "introduce"], &["use", "adopt", "introduce"]),
];
/// The most names.
const MOST: usize = 2;

/// The names that the ticket asks for.
pub fn names(survey: &Survey<'_, '_>) -> Vec<String> {
    let asked = survey.reading.requirements.iter().map(|r| r.text.as_str());
    let mut out: Vec<String> = Vec::new();
    for sentence in std::iter::once(survey.reading.title.as_str()).chain(asked) {
        let named = named(sentence).filter(|name| is_unknown(survey, name) && !out.contains(name));
        out.extend(named.filter(|_| out.len() < MOST));
    }
    out
}

/// The name that a sentence moves to: in code marks, and written like a package.
fn named(sentence: &str) -> Option<String> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let lower = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    MOVES.iter().find_map(|(verbs, before)| {
        let verb = words.iter().position(|word| verbs.contains(&lower(word).as_str()))?;
        let name =
            words[verb..].windows(2).find(|pair| before.contains(&lower(pair[0]).as_str()) && is_marked(pair[1]));
        let name = name?[1].trim_matches(['`', ',', '.', ';', ':']);
        is_package(name).then(|| name.to_owned())
    })
}

/// Is the whole word in code marks?
fn is_marked(word: &str) -> bool {
    let bare = word.trim_end_matches([',', '.', ';', ':']);
    bare.len() > 2 && bare.starts_with('`') && bare.ends_with('`')
}

/// Letters, digits and the joints of package names, beginning like one.
fn is_package(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '@')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_/.@".contains(c))
        && name.contains(['/', '-'])
}

/// Is it neither declared nor part of any repository?
fn is_unknown(survey: &Survey<'_, '_>, name: &str) -> bool {
    let last = name.rsplit('/').next().unwrap_or(name);
    let is_declared = |declared: &str| declared == name || declared.ends_with(&format!("/{name}"));
    !survey.facts(FactKind::Dependency).any(|(_, fact)| is_declared(&fact.name))
        && survey.contexts.iter().all(|context| {
            let tree = &context.tree;
            tree.file(name).is_none() && !tree.has_folder(name) && tree.definitions(last, 1).is_empty()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_to_move_to_is_named_in_code_marks() {
        let check =
            |sentence: &str, expected: Option<&str>| assert_eq!(named(sentence).as_deref(), expected, "{sentence}");
        check("cmd: Migrate to `spf13/cobra`, remove single-dash arg support", Some("spf13/cobra"));
        check("Replace `lodash` with `es-toolkit`.", Some("es-toolkit"));
        check("Migrate `a-b` users to the new table", None);
        check("Use `total` in the cart", None);
        check("Move the docs to the wiki", None);
    }
}
