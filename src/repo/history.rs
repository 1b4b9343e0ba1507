//! What was done before: the recent commits with the files they touched.
//!
//! In: the log of a commit (see `log`). Out: messages as words, files, authors, dates, reverts and references, newest first.
//! Merges are left out; the work they bring is listed by its own commits.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
    sync::Mutex,
};

use super::{
    classify::{self, Attributes},
    git::{Git, GitError},
    log::{self, Record},
    tokens::{Bag, id},
};
use crate::model::{CommitId, context::FileClass};

/// A commit of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub id: CommitId,
    /// Seconds since 1970, by its committer.
    pub time: i64,
    pub author: String,
    pub subject: String,
    /// Words of subject and body.
    pub words: Bag,
    /// Numbers of touched paths (see [`History::path`]).
    pub files: Vec<u32>,
    /// `#12`, `SHOP-7`.
    pub references: Vec<String>,
    pub is_revert: bool,
    /// What the body of a revert says in its first line of its own; nothing for other commits.
    pub reason: Option<Box<str>>,
    /// Hashes of the message's lines that are long enough to be recognised.
    lines: Box<[u32]>,
}

/// The recent past of a commit.
#[derive(Debug, Default)]
pub struct History {
    /// Newest first.
    pub commits: Vec<Commit>,
    paths: Vec<String>,
    numbers: HashMap<String, u32>,
    /// Commits by path number, newest first.
    touches: Vec<Vec<u32>>,
    /// Positions in `commits`.
    places: HashMap<CommitId, u32>,
    /// Hashes of the lines that stand in many messages.
    boilerplate: HashSet<u32>,
    /// Lines added and deleted, filled when asked for.
    sizes: Mutex<BTreeMap<CommitId, (u32, u32)>>,
}

/// Commits that touch more files say nothing of any of them.
pub const SWEEPING: usize = 40;
/// The most commits that are asked for by name; for more, the whole log is read.
const MAX_ASKED: usize = 500;
/// The most of a message that is read, in bytes.
const MAX_MESSAGE: usize = 4_000;

impl History {
    /// Reads the last `limit` commits before and with `commit`. Those that an earlier reading knows are taken over, so that
    /// git looks only at what the others changed.
    pub async fn read(
        git: &Git,
        git_dir: &Path,
        commit: &CommitId,
        limit: u32,
        earlier: Option<&Self>,
    ) -> Result<Self, GitError> {
        if let Some(earlier) = earlier.filter(|earlier| !earlier.commits.is_empty()) {
            let order = log::order(git, git_dir, commit, limit).await?;
            let unknown: Vec<&str> =
                order.iter().filter(|id| !earlier.places.contains_key(*id)).map(CommitId::as_str).collect();
            if unknown.len() <= MAX_ASKED {
                let newer = match unknown.as_slice() {
                    [] => Self::default(),
                    some => Self::parse(&log::read(git, git_dir, &["--no-walk=unsorted"], some).await?),
                };
                return Ok(Self::in_order(&order, &newer, earlier));
            }
        }
        let log = log::read(git, git_dir, &[&format!("--max-count={limit}")], &[commit.as_str()]).await?;
        let parsed = tokio::task::spawn_blocking(move || Self::parse(&log)).await;
        let history = parsed.map_err(|error| GitError::Io(std::io::Error::other(error)))?;
        earlier.into_iter().for_each(|earlier| history.learn_sizes(earlier));
        Ok(history)
    }

    /// Commits of two readings in the order that the log would give them.
    fn in_order(order: &[CommitId], newer: &Self, earlier: &Self) -> Self {
        let mut history = Self::default();
        for id in order {
            let known = [newer, earlier].into_iter().find_map(|from| Some((from, *from.places.get(id)?)));
            if let Some((from, at)) = known {
                let commit = from.commits[at as usize].clone();
                let paths = commit.files.iter().map(|file| from.path(*file)).collect::<Vec<_>>();
                history.push(commit, &paths);
            }
        }
        history.find_boilerplate();
        history.learn_sizes(earlier);
        history
    }

    /// Reads the log. Names that are not UTF-8 are passed over.
    pub fn parse(log: &[u8]) -> Self {
        let mut history = Self::default();
        for record in log::records(log) {
            history.push(Commit::told(&record), &record.paths);
        }
        history.find_boilerplate();
        history
    }

    /// Keeps the next older commit, which touched these paths.
    fn push(&mut self, mut commit: Commit, paths: &[&str]) {
        let number = u32::try_from(self.commits.len()).unwrap_or(u32::MAX);
        commit.files = paths.iter().map(|path| self.number(path)).collect();
        commit.files.iter().for_each(|file| self.touches[*file as usize].push(number));
        self.places.insert(commit.id.clone(), number);
        self.commits.push(commit);
    }

    /// Finds the lines that stand in many messages.
    fn find_boilerplate(&mut self) {
        let many = (self.commits.len() as u32 / 50).max(4);
        let mut lines: HashMap<u32, u32> = HashMap::new();
        for line in self.commits.iter().flat_map(|commit| commit.lines.iter()) {
            *lines.entry(*line).or_default() += 1;
        }
        self.boilerplate = lines.into_iter().filter(|(_, count)| *count >= many).map(|(line, _)| line).collect();
    }

    /// The number of a path, made on first sight.
    fn number(&mut self, path: &str) -> u32 {
        if let Some(number) = self.numbers.get(path) {
            return *number;
        }
        let number = u32::try_from(self.paths.len()).unwrap_or(u32::MAX);
        self.paths.push(path.to_owned());
        self.touches.push(Vec::new());
        self.numbers.insert(path.to_owned(), number);
        number
    }

    /// The path of a number.
    pub fn path(&self, number: u32) -> &str {
        self.paths.get(number as usize).map_or("", String::as_str)
    }

    /// The change that a name of a ticket means: the beginning of a commit's id, or `#12` for a subject that ends in it.
    pub fn named(&self, name: &str) -> Option<usize> {
        match name.strip_prefix('#') {
            Some(number) => {
                let end = format!("(#{number})");
                self.commits.iter().position(|commit| commit.subject.ends_with(&end))
            }
            None => self.commits.iter().position(|commit| commit.id.as_str().starts_with(name)),
        }
    }

    /// The commits that touched a path, newest first, as positions in `commits`.
    pub fn touching(&self, path: &str) -> &[u32] {
        self.numbers.get(path).map_or(&[], |number| self.touches[*number as usize].as_slice())
    }

    /// Does this line stand in many messages, as a form's headings do?
    pub fn is_boilerplate(&self, line: &str) -> bool {
        line_hash(line).is_some_and(|hash| self.boilerplate.contains(&hash))
    }

    /// Takes over the sizes that an earlier reading of the same repository knows.
    fn learn_sizes(&self, earlier: &Self) {
        if let (Ok(mut own), Ok(known)) = (self.sizes.lock(), earlier.sizes.lock()) {
            own.extend(known.iter().map(|(id, size)| (id.clone(), *size)));
        }
    }

    /// Lines added and deleted by some commits, from memory or from git.
    pub async fn sizes(&self, git: &Git, git_dir: &Path, wanted: &[&CommitId]) -> Vec<(u32, u32)> {
        let missing: Vec<&str> = self.unsized_of(wanted).into_iter().map(CommitId::as_str).collect();
        if !missing.is_empty()
            && let Ok(found) = log::sizes(git, git_dir, &missing, &self.binary_of(wanted)).await
            && let Ok(mut sizes) = self.sizes.lock()
        {
            sizes.extend(found);
        }
        wanted.iter().map(|id| self.size(id).unwrap_or_default()).collect()
    }

    /// The binary files of some commits as paths to leave out: they have no lines, and a mirror may lack them.
    fn binary_of(&self, commits: &[&CommitId]) -> Vec<String> {
        let places = commits.iter().filter_map(|id| self.places.get(*id));
        let paths = places.flat_map(|at| &self.commits[*at as usize].files).map(|file| self.path(*file));
        let is_binary = |path: &&str| classify::class(path, &Attributes::default()) == FileClass::Binary;
        paths.filter(is_binary).map(|path| format!(":(exclude,literal){path}")).collect()
    }

    /// Is the commit at this place taken back by a newer one?
    pub fn is_taken_back(&self, at: usize) -> bool {
        self.taken_back_by(at).is_some()
    }

    /// The newer commit that takes the commit at this place back.
    pub fn taken_back_by(&self, at: usize) -> Option<usize> {
        let subject = self.commits[at].subject.trim();
        let takes_back = |commit: &Commit| commit.is_revert && quotes(&commit.subject, subject);
        self.commits[..at].iter().position(takes_back)
    }

    /// The files that the commit at this place is the oldest known to touch.
    pub fn made(&self, at: usize) -> Vec<&str> {
        let files = self.commits[at].files.iter();
        let is_oldest = |file: &&u32| self.touches[**file as usize].last().is_some_and(|oldest| *oldest as usize == at);
        files.filter(is_oldest).map(|file| self.path(*file)).collect()
    }

    /// Is the commit at this place the oldest known, which brought all of its files along?
    pub fn is_first(&self, at: usize) -> bool {
        at + 1 == self.commits.len() && self.made(at).len() == self.commits[at].files.len()
    }

    /// Those of some commits whose sizes were not asked for yet.
    pub fn unsized_of<'a>(&self, wanted: &[&'a CommitId]) -> Vec<&'a CommitId> {
        wanted.iter().copied().filter(|id| self.size(id).is_none()).collect()
    }

    fn size(&self, id: &CommitId) -> Option<(u32, u32)> {
        self.sizes.lock().map_or(None, |sizes| sizes.get(id).copied())
    }
}

impl Commit {
    /// A commit as the log tells it, its files still unknown.
    fn told(record: &Record<'_>) -> Self {
        let Record { subject, body, .. } = record;
        let body = body.char_indices().nth(MAX_MESSAGE).map_or(body.as_str(), |(at, _)| &body[..at]);
        const TAKES_BACK: [&str; 5] = ["Revert ", "Rollback of ", "Roll back ", "Automated rollback of ", "Back out "];
        let says = TAKES_BACK.iter().any(|start| subject.starts_with(start));
        let is_revert = !comes_back(subject) && (says || takes_back(body));
        Self {
            id: record.id.clone(),
            time: record.time,
            author: record.author.clone(),
            subject: subject.clone(),
            words: Bag::of([subject, subject, body]),
            files: Vec::new(),
            references: references(&format!("{subject}\n{body}")),
            is_revert,
            reason: is_revert.then(|| reason(body)).flatten(),
            lines: body.lines().filter_map(line_hash).collect(),
        }
    }
}

/// Does a message say that it reverts a commit? A squashed one that lists its commits may only tell of its own steps, if not
/// at its beginning.
fn takes_back(body: &str) -> bool {
    let first = body.trim_start().split("\n\n").next().unwrap_or_default();
    let is_list = body.lines().any(|line| line.starts_with("* "));
    first.contains("This reverts commit") || !is_list && body.contains("This reverts commit")
}

/// Does a subject bring back what was taken out: “Adds back …”, “Reland …”, “Revert "Revert …""?
fn comes_back(subject: &str) -> bool {
    let lower = subject.to_lowercase();
    let starts =
        ["revert \"revert", "revert 'revert", "reland", "re-land", "reapply", "re-apply", "unrevert", "restore "];
    let says = ["add back ", "adds back ", "added back ", "bring back ", "brings back "];
    starts.iter().any(|w| lower.starts_with(w)) || says.iter().any(|w| lower.starts_with(w))
}

/// The first paragraph of a revert's body that is neither the tool's own sentence nor a list of what was taken back.
fn reason(body: &str) -> Option<Box<str>> {
    let is_trailer =
        |line: &str| line.split_once(": ").is_some_and(|(key, _)| key.ends_with("-by") || key == "Change-Id");
    let is_made = |line: &str| line.starts_with("This reverts") || line.starts_with("Reverts ") || is_trailer(line);
    let body = without_comments(body);
    let paragraphs = body.split("\n\n").map(|paragraph| {
        let lines = paragraph.lines().map(str::trim).filter(|line| !line.is_empty() && !is_made(line));
        lines.collect::<Vec<_>>().join(" ")
    });
    // What a template of pull requests asks for stands in brackets, and the rest of a long title behind an ellipsis.
    let is_told =
        |text: &String| text.len() >= 20 && text.contains(' ') && !text.starts_with(['*', '-', '#', '>', '(', '…']);
    let mut told = paragraphs.filter(is_told);
    told.next().map(|text| text.chars().take(300).collect::<String>().into())
}

/// Does the subject of a revert quote the other one: whole, without the number that a squashed merge put behind it, or as
/// much of it as there was room for?
fn quotes(revert: &str, subject: &str) -> bool {
    let is_number = |tail: &&str| tail.bytes().all(|b| b.is_ascii_digit()) && !tail.is_empty();
    let numbered = subject.strip_suffix(')').and_then(|s| s.rsplit_once(" (#")).filter(|(_, tail)| is_number(tail));
    let bare = numbered.map_or(subject, |(bare, _)| bare);
    let cut = revert.split_once('"').and_then(|(_, rest)| rest.split_once('…')).map(|(head, _)| head);
    revert.contains(&format!("\"{subject}\""))
        || revert.contains(&format!("\"{bare}\""))
        || cut.is_some_and(|head| head.len() >= 30 && subject.starts_with(head))
}

/// The text without comments of HTML: templates of pull requests are full of them.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, comment)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = comment.split_once("-->").map_or("", |(_, behind)| behind);
    }
    out + rest
}

/// The hash of a line that is long enough to be recognised.
fn line_hash(line: &str) -> Option<u32> {
    let line = line.trim();
    (line.len() >= 12 && line.len() <= 400).then(|| id(line))
}

/// Issue references of a message, in order, once each, at most eight.
pub fn references(message: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for word in message.split(|c: char| !(c.is_alphanumeric() || c == '#' || c == '-')) {
        let numbered = word.strip_prefix('#').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let keyed = word.split_once('-').is_some_and(|(key, n)| {
            key.len() >= 2
                && key.bytes().all(|b| b.is_ascii_uppercase())
                && !["UTF", "SHA", "ISO", "RFC", "CVE", "GPL"].contains(&key)
                && !n.is_empty()
                && n.bytes().all(|b| b.is_ascii_digit())
        });
        if (numbered || keyed) && word.len() <= 20 && !found.iter().any(|known| known == word) && found.len() < 8 {
            found.push(word.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_becomes_commits_and_touches() {
        let a = "a".repeat(40);
        let b = "b".repeat(40);
        let log = format!(
            "\x01{a}\x00100\x00Ann\x00Fix cart total (#12)\x00See SHOP-7.\n\x00\x00\nsrc/cart.rs\x00src/a b.rs\x00\
             \x01{b}\x0090\x00Bob\x00Revert \"x\"\x00\x00\x00\nsrc/cart.rs\x00"
        );
        let history = History::parse(log.as_bytes());
        assert_eq!(history.commits.len(), 2);
        assert_eq!(history.commits[0].references, ["#12", "SHOP-7"]);
        assert!(history.commits[1].is_revert && !history.commits[0].is_revert);
        assert_eq!(history.touching("src/cart.rs"), [0, 1]);
        assert_eq!(history.touching("src/a b.rs"), [0]);
        assert_eq!(history.path(history.commits[0].files[1]), "src/a b.rs");
    }

    #[test]
    fn a_squashed_message_that_tells_of_its_own_steps_is_no_revert() {
        assert!(takes_back("This reverts commit aaaa.\n"));
        assert!(takes_back("It broke carts.\n\nThis reverts commit aaaa.\n"));
        assert!(!takes_back("* Add a cart\n\n* Count it\n\nThis reverts commit aaaa.\n\n* Count it again\n"));
    }

    #[test]
    fn what_comes_back_is_no_revert() {
        for subject in ["Adds back the trace", "Revert \"Revert \"Count\"\"", "Reland: count the discount"] {
            assert!(comes_back(subject), "{subject}");
        }
        assert!(!comes_back("Revert \"Count the discount\"") && !comes_back("Add background work"));
    }

    #[test]
    fn a_revert_says_why_and_what_it_takes_back() {
        let record = |digit: &str, subject: &str, body: &str| {
            format!("\x01{}\x00100\x00Ann\x00{subject}\x00{body}\x00\x00\nsrc/cart.rs\x00", digit.repeat(40))
        };
        let body = "This reverts commit aaaa.\n\nSigned-off-by: Ann <ann@shop.example>\nCustomers at 50.00 left.\n";
        let log = record("b", "Revert \"Count the discount first (#47)\"", body)
            + &record("a", "Count the discount first (#47)", "Because it is due.\n")
            + &record("c", "Count the shipping", "");
        let history = History::parse(log.as_bytes());
        assert_eq!(history.commits[0].reason.as_deref(), Some("Customers at 50.00 left."));
        assert_eq!(history.commits[1].reason, None);
        assert_eq!([0, 1, 2].map(|at| history.taken_back_by(at)), [None, Some(0), None]);
    }

    #[test]
    fn a_revert_quotes_what_it_takes_back() {
        let subject = "Count the discount of every line before the total is rounded (#47)";
        assert!(quotes(&format!("Revert \"{subject}\""), subject));
        assert!(quotes("Revert \"Count the discount of every line before the total is rounded\" (#50)", subject));
        assert!(quotes("Revert \"Count the discount of every line before the to… (#50)", subject));
        assert!(!quotes("Revert \"Count the discount\" (#50)", subject));
    }

    #[test]
    fn a_later_reading_knows_the_sizes_of_the_earlier_one() {
        let (old, new) = ("a".repeat(40), "b".repeat(40));
        let record = |hash: &str| format!("\x01{hash}\x00100\x00Ann\x00Fix\x00\x00\x00\nsrc/cart.rs\x00");
        let earlier = History::parse(record(&old).as_bytes());
        let ids = [new, old].map(|hash| CommitId::parse(&hash).unwrap());
        earlier.sizes.lock().unwrap().insert(ids[1].clone(), (3, 1));
        let later = History::in_order(&ids, &History::parse(record(ids[0].as_str()).as_bytes()), &earlier);
        assert_eq!(later.unsized_of(&[&ids[0], &ids[1]]), [&ids[0]]);
        assert_eq!(later.touching("src/cart.rs"), [0, 1]);
    }
}
