//! What a draft is held against: trees, history and the ticket's words.

use std::collections::BTreeSet;

use crate::{
    model::{
        context::{Context, Evidence, Symbol, TreeFile},
        ids::RepoName,
        plan::{Action, CommitRef, FileRef, Finding, FindingKind, Remedy, Sections},
        ticket::Ticket,
    },
    planner::words::clean,
};

/// The ground truth, and what was found to differ from it.
pub struct Ground<'c> {
    pub contexts: &'c [Context],
    pub findings: Vec<Finding>,
    /// Paths that the steps create.
    pub created: BTreeSet<String>,
    /// All words of the ticket, as [`plain`] makes them.
    ticket: String,
    /// The same words as they stand.
    raw: String,
    commits: BTreeSet<&'c str>,
    /// References to tickets that the ticket or the history names.
    tickets: BTreeSet<String>,
}

impl<'c> Ground<'c> {
    /// Collects what is needed once.
    pub fn new(contexts: &'c [Context], ticket: &Ticket, sections: &Sections) -> Self {
        let steps = sections.steps().flat_map(|s| &s.files);
        let tests =
            sections.testing.cases.iter().filter(|c| c.action == Action::Create).filter_map(|c| c.file.as_ref());
        let renamed = sections.steps().flat_map(|s| &s.files).filter_map(|c| c.to.clone());
        let created = steps.filter(|c| c.action == Action::Create).map(|c| &c.file).chain(tests);
        let created = created.map(|f| f.path.clone()).chain(renamed).collect();
        let past = contexts.iter().flat_map(|c| c.past.iter().chain(&c.added)).map(|p| p.commit.as_str());
        let evidence = contexts.iter().flat_map(|c| &c.ranked).flat_map(|r| &r.evidence).filter_map(|e| match e {
            Evidence::PastChange { commit, .. } => Some(commit.as_str()),
            _ => None,
        });
        let heads = contexts.iter().map(|c| c.commit.as_str());
        let commits = past.chain(evidence).chain(heads).collect();
        let raw = words_of(ticket);
        let tickets = tickets(contexts, ticket);
        Self { contexts, findings: Vec::new(), created, ticket: plain(&raw), raw, commits, tickets }
    }

    /// The context of a file's repository.
    pub fn context(&self, file: &FileRef) -> Option<&'c Context> {
        self.by_name(file.repository.as_ref())
    }

    fn by_name(&self, name: Option<&RepoName>) -> Option<&'c Context> {
        match name {
            None => self.contexts.first(),
            Some(name) => self.contexts.iter().find(|c| c.repository.name == *name),
        }
    }

    /// What the tree knows of a file.
    pub fn tree_file(&self, file: &FileRef) -> Option<TreeFile> {
        self.context(file)?.tree.file(&file.path)
    }

    /// The file, linked, when it exists; lines that it does not have are dropped. Whatever is wrong becomes a finding.
    pub fn existing(&mut self, mut file: FileRef) -> Option<FileRef> {
        let Some(context) = self.context(&file) else {
            let said = file.repository.as_ref().map_or("none", RepoName::as_str).to_owned();
            self.note(FindingKind::UnknownRepository, said, None, Remedy::Dropped);
            return None;
        };
        let Some(known) = context.tree.file(&file.path) else {
            if !self.created.contains(&file.path) {
                let nearest = context.tree.nearest_path(&file.path);
                self.note(FindingKind::MissingPath, file.path, nearest, Remedy::Dropped);
            }
            return None;
        };
        if let Some(lines) = file.lines
            && (lines.first == 0 || lines.last < lines.first || lines.last > known.lines.max(1))
        {
            self.note(FindingKind::LinesOutside, file.label(), None, Remedy::Corrected);
            file.lines = None;
        }
        file.url = link(context, &file);
        Some(file)
    }

    /// The file when it exists, or as it is when the plan creates it.
    pub fn existing_or_made(&mut self, file: FileRef) -> Option<FileRef> {
        let is_made = self.created.contains(&file.path) && self.tree_file(&file).is_none();
        if is_made { Some(FileRef { lines: None, url: None, ..file }) } else { self.existing(file) }
    }

    /// A symbol of a file by its (perhaps qualified) name, nearest to the line named.
    pub fn symbol(&self, file: &FileRef, name: &str) -> Option<Symbol> {
        let bare = name.trim_end_matches("()").rsplit(['.', ':', '#']).next().unwrap_or(name);
        let line = file.lines.map_or(0, |l| l.first);
        let symbols = self.context(file)?.tree.symbols(&file.path);
        // The name of a test may be a sentence, with points in it.
        symbols.into_iter().filter(|s| s.name == bare || s.name == name).min_by_key(|s| s.line.abs_diff(line))
    }

    /// The commit, linked, when it was read.
    pub fn commit(&mut self, mut commit: CommitRef) -> Option<CommitRef> {
        let context = self.by_name(commit.repository.as_ref());
        if !self.commits.contains(commit.id.as_str()) || context.is_none() {
            self.note(FindingKind::UnknownCommit, commit.id.short().to_owned(), None, Remedy::Dropped);
            return None;
        }
        commit.url = context.and_then(|c| c.repository.web.as_ref()).map(|web| web.commit(&commit.id));
        Some(commit)
    }

    /// Does the ticket hold these words? What stands before an ellipsis is enough.
    pub fn in_ticket(&self, quote: &str) -> bool {
        let wanted = plain(quote.trim_end_matches('…'));
        wanted.is_empty() || self.ticket.contains(&wanted)
    }

    /// Does the ticket hold exactly this, mark by mark?
    pub fn is_written(&self, text: &str) -> bool {
        self.raw.contains(text)
    }

    /// Was a commit read whose hash begins like this?
    pub fn knows_commit(&self, head: &str) -> bool {
        self.commits.iter().any(|id| id.starts_with(head))
    }

    /// Does the ticket or the history name this ticket?
    pub fn knows_ticket(&self, reference: &str) -> bool {
        self.tickets.contains(reference) || self.is_written(reference)
    }

    /// Is it the key of a project that a known ticket belongs to: `SHOP` of `SHOP-7`?
    pub fn is_project(&self, key: &str) -> bool {
        let is_key = |known: &String| known.rsplit_once('-').is_some_and(|(known, _)| known == key);
        !key.is_empty() && self.tickets.iter().any(is_key)
    }

    /// Is a symbol of this name defined anywhere, or does a likely file name it?
    pub fn knows_symbol(&self, name: &str) -> bool {
        let names = |text: &str| text.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
        self.contexts.iter().any(|context| {
            !context.tree.definitions(name, 1).is_empty()
                || context.modify.iter().filter_map(|file| context.tree.text(&file.path)).any(|text| names(&text))
        })
    }

    /// The nearest symbol of the main repository, with its file.
    pub fn nearest_symbol(&self, name: &str) -> Option<String> {
        let (path, symbol) = self.contexts.first()?.tree.nearest_symbol(name)?;
        Some(format!("{} in {path}", symbol.name))
    }

    /// Does the file exist in any repository, or do the steps create it?
    pub fn is_known_path(&self, path: &str) -> bool {
        self.created.contains(path)
            || self.contexts.iter().any(|c| c.tree.file(path).is_some() || c.tree.has_folder(path))
    }

    /// The nearest path of the main repository.
    pub fn nearest_path(&self, path: &str) -> Option<String> {
        self.contexts.first()?.tree.nearest_path(path)
    }

    fn note(&mut self, kind: FindingKind, said: String, nearest: Option<String>, done: Remedy) {
        self.findings.push(Finding { kind, said, nearest, done });
    }
}

/// The permalink of a file, where its repository can be browsed.
pub fn link(context: &Context, file: &FileRef) -> Option<String> {
    let web = context.repository.web.as_ref()?;
    Some(web.file(&context.commit, &file.path, file.lines.map(|l| (l.first, l.last))))
}

/// Repository-relative, without tricks.
pub fn is_plain_path(path: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part != "." && part != ".." && part != ".git";
    path.len() <= 400 && !path.contains(['\\', '\0', '\n', ':']) && path.split('/').all(is_part)
}

/// Letters and digits in lower case, everything else one space: equal for texts that read the same.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text).chars() {
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// All words of a ticket, as they stand.
fn words_of(ticket: &Ticket) -> String {
    let mut all = ticket.title.clone();
    let docs = std::iter::once(&ticket.body).chain(ticket.fields.iter().map(|f| &f.content));
    for doc in docs.chain(ticket.comments.iter().map(|c| &c.content)) {
        all.push('\n');
        all.push_str(&doc.plain());
    }
    for name in &ticket.labels {
        all.push('\n');
        all.push_str(name);
    }
    all
}

/// The references of the ticket, of its relatives and of the past changes, with and without what stands before `#`.
fn tickets(contexts: &[Context], ticket: &Ticket) -> BTreeSet<String> {
    let relatives = ticket.parent.iter().chain(&ticket.children).chain(&ticket.links).map(|link| &link.reference);
    let past = contexts.iter().flat_map(|context| &context.past);
    let subjects =
        past.clone().flat_map(|past| past.subject.split(|c: char| !(c.is_alphanumeric() || "#/-_.".contains(c))));
    let named = past.flat_map(|past| &past.references).chain(relatives).chain(std::iter::once(&ticket.reference));
    let all: Vec<&str> = named.map(String::as_str).chain(subjects.filter(|word| word.contains(['#', '-']))).collect();
    let short = all.iter().filter_map(|reference| reference.find('#').map(|at| &reference[at..]));
    all.iter().copied().chain(short).map(str::to_owned).collect()
}
