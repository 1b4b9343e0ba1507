//! A repository and a ticket in memory: what the planner is tried on.

use std::{collections::BTreeMap, sync::Arc};

use planwright::{
    model::{
        CommentId, CommitId, ConnectionName, RepoName, TicketId, TicketKey,
        context::*,
        event::Actor,
        job::PlanOptions,
        plan::Plan,
        ticket::{Comment, Ticket, TicketState},
    },
    planner::{Brief, offline, verify::verify},
    richtext::markdown,
    templates::Packs,
};

/// A repository at a commit, held as texts. Symbols are read off lines by keyword and end with their indentation.
#[derive(Default)]
pub struct MemoryTree {
    files: BTreeMap<String, (FileClass, Arc<str>)>,
    imports: Vec<(String, String)>,
}

impl MemoryTree {
    pub fn file(mut self, path: &str, class: FileClass, text: &str) -> Self {
        self.files.insert(path.to_owned(), (class, text.into()));
        self
    }

    /// `user` imports `used`.
    pub fn import(mut self, user: &str, used: &str) -> Self {
        self.imports.push((user.to_owned(), used.to_owned()));
        self
    }
}

impl Tree for MemoryTree {
    fn file(&self, path: &str) -> Option<TreeFile> {
        let (class, text) = self.files.get(path)?;
        Some(TreeFile { class: *class, language: None, lines: text.lines().count() as u32, size: text.len() as u64 })
    }

    fn has_folder(&self, path: &str) -> bool {
        self.files.keys().any(|p| p.starts_with(&format!("{path}/")))
    }

    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        Box::new(self.files.keys().map(String::as_str))
    }

    fn symbols(&self, path: &str) -> Vec<Symbol> {
        self.files.get(path).map(|(_, text)| symbols(text)).unwrap_or_default()
    }

    fn definitions(&self, name: &str, limit: usize) -> Vec<(String, Symbol)> {
        let all =
            self.files.iter().flat_map(|(path, (_, text))| symbols(text).into_iter().map(move |s| (path.clone(), s)));
        all.filter(|(_, s)| s.name == name).take(limit).collect()
    }

    fn names_beginning(&self, prefix: &str, limit: usize) -> Vec<String> {
        let all = self.files.values().flat_map(|(_, text)| symbols(text)).map(|s| s.name);
        let names: std::collections::BTreeSet<String> = all.filter(|name| name.starts_with(prefix)).collect();
        names.into_iter().take(limit).collect()
    }

    fn holding(&self, identifier: &str, limit: usize) -> Vec<String> {
        let letters = |text: &str| text.to_lowercase().replace(['_', '-'], "");
        let wanted = letters(identifier);
        let holds = |text: &Arc<str>| letters(text).contains(&wanted);
        let found = self.files.iter().filter(|(_, (_, text))| holds(text));
        found.map(|(path, _)| path.clone()).take(limit).collect()
    }

    fn text(&self, path: &str) -> Option<Arc<str>> {
        self.files.get(path).map(|(_, text)| text.clone())
    }

    fn dependents(&self, path: &str, limit: usize) -> Vec<String> {
        self.imports.iter().filter(|(_, used)| used == path).map(|(user, _)| user.clone()).take(limit).collect()
    }

    fn nearest_path(&self, path: &str) -> Option<String> {
        let common = |known: &str| known.chars().rev().zip(path.chars().rev()).take_while(|(a, b)| a == b).count();
        self.files.keys().max_by_key(|known| common(known)).filter(|known| common(known) > 3).cloned()
    }

    fn nearest_symbol(&self, name: &str) -> Option<(String, Symbol)> {
        let lower = name.to_lowercase();
        let all =
            self.files.iter().flat_map(|(path, (_, text))| symbols(text).into_iter().map(move |s| (path.clone(), s)));
        all.into_iter().find(|(_, s)| s.name.to_lowercase().contains(&lower) || lower.contains(&s.name.to_lowercase()))
    }
}

/// Definitions by keyword; a definition ends before the next line of its own or lesser indentation that is not a brace.
fn symbols(text: &str) -> Vec<Symbol> {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut out: Vec<Symbol> = Vec::new();
    let mut parents: Vec<(usize, String)> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let bare = line.trim_start();
        if bare.is_empty() {
            continue;
        }
        parents.retain(|(depth, _)| *depth < indent(line) || bare.starts_with('}'));
        let public = bare.starts_with("pub ")
            || bare.starts_with("export ")
            || bare.starts_with("def ")
            || bare.starts_with("class ");
        let head = ["pub ", "export ", "async ", "const "].iter().fold(bare, |b, w| b.strip_prefix(w).unwrap_or(b));
        let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        let kinds = [
            ("fn ", SymbolKind::Function),
            ("def ", SymbolKind::Function),
            ("function ", SymbolKind::Function),
            ("class ", SymbolKind::Class),
            ("struct ", SymbolKind::Struct),
            ("enum ", SymbolKind::Enum),
            ("impl ", SymbolKind::Module),
        ];
        let Some((kind, name)) = kinds.iter().find_map(|(w, k)| head.strip_prefix(w).map(|rest| (*k, word(rest))))
        else {
            continue;
        };
        let end = match lines[at + 1..].iter().position(|l| !l.trim().is_empty() && indent(l) <= indent(line)) {
            Some(n) => at + 1 + n + usize::from(lines[at + 1 + n].trim_start().starts_with(['}', ')'])),
            None => lines.len(),
        };
        let end = (at + 1..=end).rev().find(|n| !lines[n - 1].trim().is_empty()).unwrap_or(end);
        if kind == SymbolKind::Module {
            parents.push((indent(line), name));
            continue;
        }
        let parent = parents.last().map(|(_, n)| n.clone());
        let kind = if parent.is_some() && kind == SymbolKind::Function { SymbolKind::Method } else { kind };
        out.push(Symbol {
            name: name.clone(),
            kind,
            parent,
            line: at as u32 + 1,
            end_line: end as u32,
            signature: bare.trim_end_matches([' ', '{', ':']).to_owned(),
            is_public: public,
        });
        if kind == SymbolKind::Class {
            parents.push((indent(line), name));
        }
    }
    out
}

/// A context over a tree, with nothing ranked yet.
pub fn context(name: &str, tree: MemoryTree) -> Context {
    Context {
        repository: RepositoryRef {
            name: RepoName::new(name),
            web: Some(WebLinks { style: WebStyle::GitHub, base: format!("https://github.com/{name}") }),
        },
        commit: commit('c'),
        branch: Some("main".to_owned()),
        tree: Arc::new(tree),
        ranked: Vec::new(),
        modify: Vec::new(),
        create: Vec::new(),
        tests: Vec::new(),
        past: Vec::new(),
        added: Vec::new(),
        facts: Vec::new(),
        grounded: Vec::new(),
        doubts: Vec::new(),
    }
}

/// A hash made of one digit.
pub fn commit(digit: char) -> CommitId {
    CommitId::parse(&digit.to_string().repeat(40)).expect("a hex digit")
}

/// Puts a file on the list to modify, with its evidence and the symbols of these names.
pub fn likely(context: &mut Context, path: &str, probability: f64, evidence: Vec<Evidence>, symbols: &[&str]) {
    let found = context.tree.symbols(path).into_iter().filter(|s| symbols.contains(&s.name.as_str())).collect();
    context.ranked.push(RankedFile { path: path.to_owned(), score: probability * 10.0, probability, evidence });
    context.modify.push(Likely { path: path.to_owned(), probability, symbols: found });
}

/// Puts a test file near a source file.
pub fn near(context: &mut Context, path: &str, covers: &str, why: &str, cases: &[&str]) {
    let cases = context.tree.symbols(path).into_iter().filter(|s| cases.contains(&s.name.as_str())).collect();
    context.tests.push(NearTest { path: path.to_owned(), covers: Some(covers.to_owned()), why: why.to_owned(), cases });
}

/// Shared words as evidence.
pub fn words(words: &[&str]) -> Evidence {
    Evidence::Words { words: words.iter().map(|w| (*w).to_owned()).collect() }
}

/// A past change that resembles the ticket.
pub fn past(digit: char, subject: &str, files: &[&str]) -> PastChange {
    PastChange {
        commit: commit(digit),
        subject: subject.to_owned(),
        date: "2026-08-02".to_owned(),
        files: files.iter().map(|f| (*f).to_owned()).collect(),
        added: 3,
        deleted: 1,
        references: Vec::new(),
        is_revert: subject.starts_with("Revert "),
        is_taken_back: false,
        reason: None,
        why: "its message resembles the ticket".to_owned(),
        similarity: 0.6,
        made: Vec::new(),
        is_first: false,
    }
}

/// A fact without a version.
pub fn fact(kind: FactKind, name: &str, value: &str, path: &str, line: u32) -> Fact {
    Fact { kind, name: name.to_owned(), value: value.to_owned(), version: None, path: path.to_owned(), line }
}

/// A ticket with a Markdown body.
pub fn ticket(title: &str, body: &str) -> Ticket {
    Ticket {
        key: TicketKey::new(ConnectionName::new("acme-github"), TicketId::new("acme/shop#7")),
        reference: "acme/shop#7".to_owned(),
        url: Some("https://github.com/acme/shop/issues/7".to_owned()),
        project: "acme/shop".to_owned(),
        title: title.to_owned(),
        body: markdown::parse(body),
        fields: Vec::new(),
        type_name: None,
        labels: Vec::new(),
        places: Vec::new(),
        priority: None,
        milestone: None,
        state: TicketState::Open,
        author: None,
        assignees: Vec::new(),
        parent: None,
        children: Vec::new(),
        links: Vec::new(),
        comments: Vec::new(),
        attachments: Vec::new(),
    }
}

/// A comment by a maintainer, or by someone else.
pub fn comment(author: &str, by_maintainer: bool, date: &str, text: &str) -> Comment {
    Comment {
        id: CommentId::new(date),
        author: Actor { id: author.to_owned(), name: author.to_owned(), is_bot: false },
        by_maintainer,
        created_at: format!("{date}T10:00:00Z"),
        content: markdown::parse(text),
    }
}

/// The verified plan for a ticket.
pub fn plan(ticket: &Ticket, contexts: &[Context]) -> Plan {
    let options = PlanOptions::default();
    let draft = offline::draft(Brief { ticket, contexts, options: &options, date: "2026-11-20" });
    verify(draft, contexts, ticket)
}

/// The document for a ticket, as it is posted.
pub fn document(ticket: &Ticket, contexts: &[Context]) -> String {
    Packs::builtin().render("ticket", &plan(ticket, contexts), ticket).expect("the pack renders every plan")
}

/// The document of another pack.
pub fn document_in(pack: &str, ticket: &Ticket, contexts: &[Context]) -> String {
    Packs::builtin().render(pack, &plan(ticket, contexts), ticket).expect("the pack renders every plan")
}
