//! A repository's own packs: `.planwright.toml` and `.planwright/templates/`, as they stand at the commit.
//!
//! In: the contexts of a ticket. Out: packs with those of the ticket's first repository added. What a repository says here
//! is a stranger's: it is bounded, checked like a pack at load, and read from the tree alone, so that nothing else can be
//! read through it. What it tells a model is not used. A mistake in it costs its packs, not the plan: the document says so.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;

use super::{
    Packs, Shared,
    literal::one_line,
    source::{self, PackProblem, Sources, position},
};
use crate::model::context::{Context, Tree};

/// Where a repository keeps its packs.
const FOLDER: &str = ".planwright/templates/";
/// A repository's settings.
const SETTINGS: &str = ".planwright.toml";
/// The most files of a repository's packs.
const MOST_FILES: usize = 40;
/// The longest of them, in bytes.
const LONGEST: u64 = 64 * 1024;
/// The most sections that a pack adds.
const MOST_SECTIONS: usize = 6;
/// The longest title and question of such a section, in characters.
const LONGEST_QUESTION: usize = 300;
/// Repositories whose packs are kept compiled.
const KEPT: usize = 8;

/// `.planwright.toml`. Unknown keys are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// The pack for tickets that nobody asks for another and that no pack matches.
    template: Option<String>,
}

impl Packs {
    /// These packs as the ticket's first repository has them: with its own, its choice, or a word on what is wrong with them.
    pub fn of(&self, contexts: &[Context]) -> Arc<Self> {
        let Some(context) = contexts.first().filter(|context| has_own(context.tree.as_ref())) else {
            return Arc::new(self.clone());
        };
        let key = (context.repository.name.clone(), context.commit.clone());
        if let Ok(kept) = self.kept.lock()
            && let Some((_, packs)) = kept.iter().find(|(known, _)| *known == key)
        {
            return packs.clone();
        }
        let packs = Arc::new(self.read(context.tree.as_ref()));
        if let Ok(mut kept) = self.kept.lock() {
            kept.truncate(KEPT - 1);
            kept.insert(0, (key, packs.clone()));
        }
        packs
    }

    /// Reads a repository's packs and settings.
    fn read(&self, tree: &dyn Tree) -> Self {
        let (files, mut problems) = files(tree);
        let mut packs = self.clone();
        if !files.is_empty() && problems.is_empty() {
            match own(&self.shared.sources, &files).and_then(Shared::build) {
                Ok(shared) => packs.shared = Arc::new(shared),
                Err(found) => problems = found,
            }
        }
        match settings(tree) {
            Ok(Settings { template: Some(name) }) if packs.get(&name).is_none() => {
                problems.push(PackProblem::whole(SETTINGS, format!("no template is called {name:?}")));
            }
            Ok(settings) => packs.preferred = settings.template,
            Err(problem) => problems.push(problem),
        }
        packs.note = problems.first().map(|problem| format!("Of the repository's own templates not used: {problem}"));
        packs
    }
}

/// Does the repository say anything about packs?
fn has_own(tree: &dyn Tree) -> bool {
    tree.file(SETTINGS).is_some() || tree.has_folder(FOLDER.trim_end_matches('/'))
}

/// The repository's settings; the usual ones where it has none.
fn settings(tree: &dyn Tree) -> Result<Settings, PackProblem> {
    let Some(text) = tree.text(SETTINGS).filter(|text| text.len() as u64 <= LONGEST) else {
        return Ok(Settings::default());
    };
    toml::from_str(&text).map_err(|error| {
        let (line, column) = error.span().map_or((1, 1), |span| position(&text, span.start));
        PackProblem { file: SETTINGS.to_owned(), line, column, message: error.message().to_owned() }
    })
}

/// The files of the repository's packs: two levels, small, few; the name inside the folder, with text and path.
fn files(tree: &dyn Tree) -> (source::Files, Vec<PackProblem>) {
    let (mut files, mut problems) = (BTreeMap::new(), Vec::new());
    for path in tree.paths().filter(|path| path.starts_with(FOLDER)) {
        let inside = &path[FOLDER.len()..];
        let is_wanted =
            inside.matches('/').count() == 1 && (inside.ends_with(".hbs") || inside.ends_with("/pack.toml"));
        if !is_wanted {
            continue;
        }
        if files.len() == MOST_FILES {
            problems.push(PackProblem::whole(path, format!("there are more than {MOST_FILES} files")));
            break;
        }
        match tree.text(path).filter(|text| text.len() as u64 <= LONGEST) {
            Some(text) => drop(files.insert(inside.to_owned(), (text.to_string(), path.to_owned()))),
            None => problems.push(PackProblem::whole(path, "is no text, or larger than 64 KiB")),
        }
    }
    (files, problems)
}

/// The packs of the operator with the repository's added. Its instructions to a model give way to the usual ones.
fn own(operators: &Sources, files: &source::Files) -> Result<Sources, Vec<PackProblem>> {
    let mut sources = operators.clone();
    let usual = operators.packs.iter().find(|pack| pack.name == "ticket").map(|pack| pack.prompt.clone());
    let mut problems = Vec::new();
    for (name, (_, origin)) in files.iter().filter_map(|(path, file)| Some((path.strip_prefix("partials/")?, file))) {
        if operators.partials.contains_key(name.trim_end_matches(".md.hbs")) {
            // What tells a model what to do is made of partials too: those of the operator stay as they are.
            problems.push(PackProblem::whole(origin, "there is a partial of this name already: choose another"));
        }
    }
    source::add(&mut sources, files, &mut problems);
    for pack in sources.packs.iter_mut().filter(|pack| pack.origin.starts_with(FOLDER)) {
        pack.is_own = true;
        pack.prompt = usual.clone().unwrap_or_default();
        if pack.sections.len() > MOST_SECTIONS {
            let message = format!("adds more than {MOST_SECTIONS} sections");
            problems.push(PackProblem::whole(&pack.origin.replace("plan.md.hbs", "pack.toml"), message));
        }
        for section in &mut pack.sections {
            section.title = one_line(&section.title).chars().take(LONGEST_QUESTION).collect();
            section.question = one_line(&section.question).chars().take(LONGEST_QUESTION).collect();
        }
    }
    if problems.is_empty() { Ok(sources) } else { Err(problems) }
}
