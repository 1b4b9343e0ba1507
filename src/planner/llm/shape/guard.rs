//! Stands between a model's words and the draft: nothing passes that names what does not exist or leads away.
//!
//! In: texts of a model. Out: texts for the draft, and in plain words what was wrong with the others. The rest of the
//! checks (symbols, lines, quotes, commands, packages) belongs to `planner::verify`, which sees every draft.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    said::At,
    words::{bare_path, extension, is_below, is_inside, is_path, words_of},
};
use crate::{
    model::{
        context::Context,
        plan::{Citation, Code, Command, CommitRef, Draft, FileRef, Place, Statement},
        ticket::Ticket,
    },
    planner::{
        command::{command_line, is_command},
        words::{clean, is_hidden, shorten},
    },
};

/// The longest statement, in characters.
const PROSE: usize = 700;
/// The longest title or name, in characters.
const LINE: usize = 160;
/// The longest piece of code, in characters.
const CODE: usize = 3_000;
/// Programs whose command lines must be the repository's own when prose names them.
const PROGRAMS: [&str; 24] = [
    "bash", "bun", "bundle", "cargo", "composer", "curl", "docker", "dotnet", "go", "gradle", "kubectl", "make", "mvn",
    "npm", "npx", "pip", "pnpm", "poetry", "rm", "sh", "ssh", "sudo", "wget", "yarn",
];

/// What no line of a sketch needs, and what an attacker would have people paste.
const UNSAFE: [&str; 6] = ["sudo ", "rm -", "curl ", "wget ", "| sh", "| bash"];

/// Knows what exists.
pub struct Guard<'a> {
    contexts: &'a [Context],
    ticket: &'a Ticket,
    ticket_words: String,
    /// Paths that steps or tests create.
    created: BTreeSet<String>,
    /// Of the likely files, without the dot.
    extensions: BTreeSet<&'a str>,
    statements: BTreeMap<String, Statement>,
    commands: BTreeMap<String, Command>,
    /// What was wrong, in plain words, for the model to put right.
    pub mistakes: Vec<String>,
    /// What was taken out silently: the model would only find another way to say it.
    pub dropped: Vec<String>,
}

impl<'a> Guard<'a> {
    /// A guard for one answer. `draft` is what was said before; `created` are the paths that the answer creates.
    pub fn new(contexts: &'a [Context], ticket: &'a Ticket, draft: &Draft, created: BTreeSet<String>) -> Self {
        let mut sections = draft.sections.clone();
        let mut statements = BTreeMap::new();
        sections.statements_mut(&mut |statement| {
            statements.entry(clean(&statement.text)).or_insert_with(|| statement.clone());
        });
        let steps = sections.steps().flat_map(|step| &step.validate).chain(&sections.testing.commands);
        let mut commands: BTreeMap<String, Command> = steps.map(|c| (c.line.clone(), c.clone())).collect();
        for fact in contexts.iter().flat_map(|c| &c.facts).filter(|fact| is_command(fact)) {
            let line = command_line(fact).to_owned();
            let source = Some(FileRef::new(&fact.path).lines(fact.line, fact.line));
            let new = Command { line: line.clone(), source, ..Command::default() };
            commands.entry(line).or_insert(new);
        }
        let planned =
            sections.steps().flat_map(|step| &step.files).filter(|change| is_new(contexts, &change.file.path));
        let planned = planned.map(|change| change.file.path.clone());
        let tests = sections.testing.cases.iter().filter_map(|case| case.file.as_ref()).map(|file| file.path.clone());
        let created = created.into_iter().chain(planned).chain(tests).filter(|path| is_inside(path)).collect();
        let ticket_words = words_of(ticket);
        let extensions = contexts.iter().flat_map(|c| &c.ranked).map(|ranked| extension(&ranked.path)).collect();
        Self {
            contexts,
            ticket,
            ticket_words,
            created,
            extensions,
            statements,
            commands,
            mistakes: Vec::new(),
            dropped: Vec::new(),
        }
    }

    /// The draft's own statement of these words.
    pub fn known(&self, text: &str) -> Option<Statement> {
        self.statements.get(&clean(text)).cloned()
    }

    /// Prose: one line; `None` when it is empty or names what does not exist.
    pub fn prose(&mut self, text: &str) -> Option<String> {
        let text = shorten(&clean(text), PROSE);
        if text.is_empty() {
            return None;
        }
        if let Some(path) = self.unknown_path(&text) {
            self.mistakes
                .push(format!("`{path}` is neither in the repository nor created by a step: {}", self.near(&path)));
            return None;
        }
        if let Some(line) = self.unknown_command(&text) {
            self.mistakes.push(format!("`{line}` is not a command of this repository"));
            return None;
        }
        Some(self.unlinked(&text))
    }

    /// A name or title: one line, possibly empty.
    pub fn line(&mut self, text: &str) -> String {
        let mut text = shorten(&clean(text), LINE);
        if let Some(path) = self.unknown_path(&text) {
            let near = self.near(&path);
            self.mistakes.push(format!("`{path}` is neither in the repository nor created by a step: {near}"));
            text = text.replace(&path, "(unknown path)");
        }
        if let Some(line) = self.unknown_command(&text) {
            self.mistakes.push(format!("`{line}` is not a command of this repository"));
            text = text.replace(&line, "(unknown command)");
        }
        self.unlinked(&text)
    }

    /// Code to show, without lines that nobody should paste or that name files that do not exist; `None` when there is none.
    pub fn code(&mut self, language: &str, text: &str) -> Option<Code> {
        let text: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_hidden(*c)).take(CODE).collect();
        let is_safe = |line: &&str| {
            let is_plain = !UNSAFE.iter().any(|words| line.contains(words)) || self.in_ticket(line);
            // In code a fraction can look like a path: only what ends like this repository's files is one, or a
            // file beyond a folder (`../x.sh`). What an import names so (`../services/cart`) is a module.
            let leads_out =
                |path: &str| path.rsplit('/').next().is_some_and(|n| n.contains('.')) && line.contains("../");
            let is_path = |path: &str| self.extensions.contains(extension(path)) || leads_out(path);
            is_plain && self.unknown_path(line).is_none_or(|path| !is_path(&path))
        };
        let (safe, unsafe_lines): (Vec<&str>, Vec<&str>) = text.lines().partition(is_safe);
        if !unsafe_lines.is_empty() {
            let count = unsafe_lines.len();
            self.dropped.push(format!("{count} line(s) of a sketch that nobody should paste or that name no file"));
        }
        let lines: Vec<String> = safe.into_iter().map(|line| self.unlinked(line)).collect();
        let text = lines.join("\n").trim_end().to_owned();
        let language: String =
            language.chars().take_while(|c| c.is_ascii_alphanumeric() || "+#-".contains(*c)).take(20).collect();
        (!text.is_empty()).then_some(Code { language: (!language.is_empty()).then_some(language), text })
    }

    /// Words of the ticket, with their place.
    pub fn quote(&mut self, quote: &str) -> Option<Citation> {
        let quote = clean(quote);
        if quote.is_empty() || quote.chars().count() > PROSE {
            return None;
        }
        let place = self.place_of(&quote);
        Some(Citation::Ticket { quote, place })
    }

    /// A place in a file that exists or is created.
    pub fn place(&mut self, at: &At) -> Option<FileRef> {
        let file = self.file(&at.path)?;
        Some(if at.first_line > 0 { file.lines(at.first_line, at.last_line) } else { file })
    }

    /// A file that exists or is created; `None` for no path or one that is neither.
    pub fn file(&mut self, path: &str) -> Option<FileRef> {
        let path = clean(path);
        let path = path.trim_start_matches("./");
        if path.is_empty() {
            return None;
        }
        let home = self.contexts.iter().position(|context| context.tree.file(path).is_some());
        if home.is_none() && !self.created.contains(path) {
            self.mistakes.push(format!("the file `{path}` does not exist: {}", self.near(path)));
            return None;
        }
        let repository = home.filter(|at| *at > 0).map(|at| self.contexts[at].repository.name.clone());
        Some(FileRef::new(path).of(repository))
    }

    /// A commit of the past changes, by the head of its hash.
    pub fn commit(&mut self, id: &str) -> Option<Citation> {
        let id = id.trim();
        let is_head = id.len() >= 7 && id.bytes().all(|b| b.is_ascii_hexdigit());
        for (at, context) in self.contexts.iter().enumerate().filter(|_| is_head) {
            if let Some(past) = context.past.iter().find(|past| past.commit.as_str().starts_with(id)) {
                return Some(Citation::Commit(CommitRef {
                    repository: (at > 0).then(|| context.repository.name.clone()),
                    id: past.commit.clone(),
                    subject: past.subject.clone(),
                    date: past.date.clone(),
                    url: None,
                }));
            }
        }
        if !id.is_empty() {
            self.mistakes.push(format!("`{}` is no commit of the past changes", shorten(&clean(id), 40)));
        }
        None
    }

    /// A command: the repository's own with its source, or one that narrows it. Verification judges the rest.
    pub fn command(&self, line: &str) -> Option<Command> {
        let line = clean(line);
        if line.is_empty() || line.len() > 300 {
            return None;
        }
        if let Some(command) = self.commands.get(&line) {
            return Some(command.clone());
        }
        let whole = self.commands.keys().filter(|known| line.starts_with(&format!("{known} "))).max_by_key(|k| k.len());
        Some(Command { narrows: whole.cloned(), line, ..Command::default() })
    }

    /// Does the ticket hold these words?
    pub fn in_ticket(&self, words: &str) -> bool {
        self.ticket_words.contains(&clean(words).to_lowercase())
    }

    /// Where a quote stands.
    fn place_of(&self, quote: &str) -> Place {
        let holds = |text: &str| clean(text).contains(quote);
        if holds(&self.ticket.title) {
            return Place::Title;
        }
        if let Some(field) = self.ticket.fields.iter().find(|field| holds(&field.content.plain())) {
            return Place::Field { name: clean(&field.name) };
        }
        if !holds(&self.ticket.body.plain())
            && let Some(comment) = self.ticket.comments.iter().find(|comment| holds(&comment.content.plain()))
        {
            let date = comment.created_at.get(..10).unwrap_or_default().to_owned();
            return Place::Comment { author: clean(&comment.author.name), date };
        }
        Place::Body
    }

    /// A word that looks like a path and is none.
    fn unknown_path(&self, text: &str) -> Option<String> {
        let words = text.split(|c: char| c.is_whitespace() || "`'\"()[]{}<>|=*!$#,;".contains(c));
        let paths =
            words.map(|word| bare_path(word.trim_end_matches(['.', ':', '!', '?']))).filter(|word| is_path(word));
        paths.into_iter().find(|path| !self.is_known(path) && !self.in_ticket(path)).map(str::to_owned)
    }

    /// Is it a file or folder, there or to come?
    fn is_known(&self, path: &str) -> bool {
        let path = path.trim_start_matches("./");
        self.created.contains(path)
            || self.contexts.iter().any(|c| c.tree.file(path).is_some() || c.tree.has_folder(path))
    }

    /// A command in code marks that is not the repository's own, nor a narrower form of one, nor the ticket's words.
    fn unknown_command(&self, text: &str) -> Option<String> {
        let spans = text.split('`').skip(1).step_by(2).map(str::trim);
        let mut lines = spans.filter(|span| span.split_once(' ').is_some_and(|(first, _)| PROGRAMS.contains(&first)));
        let own =
            |line: &str| self.commands.keys().any(|known| line == known || line.starts_with(&format!("{known} ")));
        lines.find(|line| !own(line) && !self.in_ticket(line)).map(str::to_owned)
    }

    /// The nearest path, in words.
    fn near(&self, path: &str) -> String {
        let nearest = self.contexts.first().and_then(|context| context.tree.nearest_path(path));
        nearest.map_or_else(|| "nothing comes near".to_owned(), |nearest| format!("the nearest is `{nearest}`"))
    }

    /// The text without addresses that neither the ticket nor the repository's own pages have.
    fn unlinked(&mut self, text: &str) -> String {
        if !text.contains("://") && !text.to_ascii_lowercase().contains("www.") {
            return text.to_owned();
        }
        let bases: Vec<&str> =
            self.contexts.iter().filter_map(|c| c.repository.web.as_ref()).map(|web| web.base.as_str()).collect();
        let is_foreign = |word: &str| {
            let is_address = word.contains("://") || word.to_ascii_lowercase().contains("www.");
            is_address && !bases.iter().any(|base| is_below(word, base)) && !self.in_ticket(word)
        };
        let words: Vec<&str> =
            text.split(' ').map(|word| if is_foreign(word) { "(link removed)" } else { word }).collect();
        let text = words.join(" ");
        if words.contains(&"(link removed)") {
            self.dropped.push("an address that neither the ticket nor the repository has".to_owned());
        }
        text
    }
}

/// Is the file not in any tree?
fn is_new(contexts: &[Context], path: &str) -> bool {
    contexts.iter().all(|context| context.tree.file(path).is_none())
}
