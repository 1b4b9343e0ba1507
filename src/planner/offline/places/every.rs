//! Every one of a kind: “add `-f` to all `http` commands” where the likely file is one of those in the folder `http`.
//!
//! In: criteria and requirements, and the sites that are known. Out: calls for the files beside a site that define what is to
//! change there under the same name. Bounded: a folder of more is another kind of work.

use super::{
    super::{
        code::path::{ending, folder},
        reading::Reading,
    },
    called::Call,
    refs::full_name,
    site::Site,
};
use crate::{
    model::{
        context::{Context, FileClass, SymbolKind},
        ids::RepoName,
        plan::{Basis, FileRef, Statement},
    },
    richtext::markdown::code_span,
};

/// The most files of one kind.
const MOST: usize = 12;
/// Words behind the quantifier among which the kind is named.
const NEAR: usize = 3;

/// The other files of a kind of which the ticket wants every one changed.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>, sites: &[Site<'_>]) -> Vec<Call> {
    let wanted: Vec<(&str, String)> =
        reading.asked().flat_map(|(id, text)| kinds(text).into_iter().map(move |kind| (id, kind))).collect();
    let of = |site: &Site<'_>| {
        let home = folder(&site.path);
        let name = home.rsplit('/').next().unwrap_or_default();
        wanted.iter().find(|(_, kind)| kind == name || format!("{kind}s") == name)
    };
    let Some((site, (id, kind))) = sites.iter().filter(|s| s.is_code()).find_map(|s| Some((s, of(s)?))) else {
        return Vec::new();
    };
    let is_beside = |path: &&str| {
        let is_source = context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
        is_source && folder(path) == folder(&site.path) && ending(path) == ending(&site.path) && *path != site.path
    };
    let beside: Vec<&str> = context.tree.paths().filter(is_beside).take(MOST + 1).collect();
    if beside.len() > MOST {
        return Vec::new();
    }
    let is_callable = |kind: SymbolKind| matches!(kind, SymbolKind::Function | SymbolKind::Method);
    let names: Vec<&str> = site.symbols.iter().filter(|s| is_callable(s.kind)).map(|s| s.name.as_str()).collect();
    let found = beside.into_iter().filter(|path| sites.iter().all(|s| s.path != **path)).filter_map(|path| {
        let symbol = context.tree.symbols(path).into_iter().find(|s| names.contains(&s.name.as_str()))?;
        let file = FileRef::new(path).of(repository.clone()).lines(symbol.line, symbol.line);
        let said = format!(
            "{id} asks it of every one in {}, and `{}` (`{}`) stands beside `{}`",
            code_span(kind),
            full_name(path, &symbol),
            file.label(),
            site.path
        );
        let why = Statement::new(Basis::Repository, said).at(file);
        Some(Call { path: path.to_owned(), symbol: Some(symbol), why, todo: None, leads: false })
    });
    found.collect()
}

/// The kinds of which a sentence wants every one: `http` of “all `http` commands”, `cop` of “each cop”.
fn kinds(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_all = |at: &usize| ["all", "every", "each"].contains(&bare(words[*at]).as_str());
    let near = |at: usize| words[at + 1..].iter().take(NEAR).map(|w| bare(w)).filter(|w| w.len() >= 3);
    (0..words.len()).filter(is_all).flat_map(|at| near(at).collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantifier_stands_before_its_kind() {
        assert_eq!(kinds("Adds `-f` (`--full`) to all `http` commands"), ["http", "commands"]);
        assert_eq!(kinds("The total is wrong"), Vec::<String>::new());
    }
}
