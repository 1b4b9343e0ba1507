//! Repository context: what a repository says about a ticket at one commit.
//!
//! Made by `repo`, read by the planners, by verification and by templates. Paths are repository-relative with `/`;
//! lines count from 1.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::ids::{CommitId, RepoName};

/// Everything that the planners may know of one repository.
#[derive(Clone)]
pub struct Context {
    pub repository: RepositoryRef,
    pub commit: CommitId,
    /// The branch that the commit was read from, where one is known.
    pub branch: Option<String>,
    /// All paths, symbols and texts at the commit: what verification checks against.
    pub tree: Arc<dyn Tree>,
    /// Source files, most likely first, each with its evidence.
    pub ranked: Vec<RankedFile>,
    /// The files that the change probably modifies: the head of `ranked`, of calibrated length.
    pub modify: Vec<Likely>,
    /// Files that the change probably creates, by the repository's conventions.
    pub create: Vec<LikelyNew>,
    /// Tests near the files to modify, nearest first.
    pub tests: Vec<NearTest>,
    /// Past commits that resemble the ticket or touched the same files, most useful first.
    pub past: Vec<PastChange>,
    /// Past commits that added a file beside one to modify, newest first.
    pub added: Vec<PastChange>,
    /// What the repository says about itself, each with the line that says it.
    pub facts: Vec<Fact>,
    /// What the ticket's own identifiers, paths and quotes are in this repository.
    pub grounded: Vec<Grounded>,
    /// Why the ranking should be doubted, in plain words; empty when it need not be.
    pub doubts: Vec<String>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("repository", &self.repository)
            .field("commit", &self.commit)
            .finish_non_exhaustive()
    }
}

/// Which repository, and how to link into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryRef {
    pub name: RepoName,
    /// Where people browse it; `None` for a local path.
    pub web: Option<WebLinks>,
}

/// How permalinks into a repository are built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebLinks {
    pub style: WebStyle,
    /// The repository's page, without a slash at the end: `https://github.com/acme/shop`.
    pub base: String,
}

/// Whose address scheme a repository's pages follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebStyle {
    GitHub,
    GitLab,
    /// bitbucket.org.
    Bitbucket,
    /// Bitbucket Server and Data Center.
    BitbucketServer,
    AzureRepos,
}

impl WebLinks {
    /// The pages of a repository that is cloned by HTTPS from github.com, gitlab.com or bitbucket.org.
    pub fn of_known_host(url: &str) -> Option<Self> {
        let style = match url.strip_prefix("https://")?.split('/').next()? {
            "github.com" => WebStyle::GitHub,
            "gitlab.com" => WebStyle::GitLab,
            "bitbucket.org" => WebStyle::Bitbucket,
            _ => return None,
        };
        let base = url.trim_end_matches('/').trim_end_matches(".git").to_owned();
        Some(Self { style, base })
    }

    /// A permalink to a file at a commit, with lines where given (first and last, both included).
    pub fn file(&self, commit: &CommitId, path: &str, lines: Option<(u32, u32)>) -> String {
        let base = &self.base;
        let at = encode_path(path);
        let span = |single: &str, join: &str| match lines {
            None => String::new(),
            Some((first, last)) if first == last => format!("{single}{first}"),
            Some((first, last)) => format!("{single}{first}{join}{last}"),
        };
        match self.style {
            WebStyle::GitHub => format!("{base}/blob/{commit}/{at}{}", span("#L", "-L")),
            WebStyle::GitLab => format!("{base}/-/blob/{commit}/{at}{}", span("#L", "-")),
            WebStyle::Bitbucket => format!("{base}/src/{commit}/{at}{}", span("#lines-", ":")),
            WebStyle::BitbucketServer => format!("{base}/browse/{at}?at={commit}{}", span("#", "-")),
            WebStyle::AzureRepos => {
                let span = lines.map_or(String::new(), |(first, last)| {
                    format!("&line={first}&lineEnd={}&lineStartColumn=1&lineEndColumn=1", last + 1)
                });
                format!("{base}?path=/{at}&version=GC{commit}{span}")
            }
        }
    }

    /// A permalink to a commit.
    pub fn commit(&self, commit: &CommitId) -> String {
        let base = &self.base;
        match self.style {
            WebStyle::GitHub | WebStyle::AzureRepos => format!("{base}/commit/{commit}"),
            WebStyle::GitLab => format!("{base}/-/commit/{commit}"),
            WebStyle::Bitbucket | WebStyle::BitbucketServer => format!("{base}/commits/{commit}"),
        }
    }
}

/// Percent-encodes what may not stand in a URL path, byte by byte (RFC 3986, section 3.3).
fn encode_path(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' => {
                out.push(byte as char)
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
        out
    })
}

/// The repository at the commit: the ground truth for verification. Answers from an index, never from the network.
pub trait Tree: Send + Sync {
    /// What is known of a path; `None` when no such file exists at the commit.
    fn file(&self, path: &str) -> Option<TreeFile>;
    /// Does a folder of this name hold at least one file?
    fn has_folder(&self, path: &str) -> bool;
    /// Every path at the commit, in byte order.
    fn paths(&self) -> Box<dyn Iterator<Item = &str> + '_>;
    /// The symbols defined in a file, in line order; empty for files without a grammar.
    fn symbols(&self, path: &str) -> Vec<Symbol>;
    /// Where a symbol of exactly this name is defined, at most `limit` places, in path order.
    fn definitions(&self, name: &str, limit: usize) -> Vec<(String, Symbol)>;
    /// Names of symbols that begin with `prefix`, each once, at most `limit`, in byte order.
    fn names_beginning(&self, prefix: &str, limit: usize) -> Vec<String>;
    /// Files that hold all words of an identifier, however it is spelled (`is_open` for `isOpen`), at most `limit`, in path
    /// order: those to look into, as the words may stand apart.
    fn holding(&self, identifier: &str, limit: usize) -> Vec<String>;
    /// The text of a file, lossily decoded; `None` when absent, binary or over the size cap.
    fn text(&self, path: &str) -> Option<Arc<str>>;
    /// Files that import or include `path`, at most `limit`, in path order.
    fn dependents(&self, path: &str, limit: usize) -> Vec<String>;
    /// The existing path most like this one, for "did you mean".
    fn nearest_path(&self, path: &str) -> Option<String>;
    /// The existing symbol most like this one, with a place that defines it.
    fn nearest_symbol(&self, name: &str) -> Option<(String, Symbol)>;
}

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TreeFile {
    pub class: FileClass,
    /// `rust`, `python` …; `None` for files without a known language.
    pub language: Option<&'static str>,
    /// Number of lines; 0 for binary files.
    pub lines: u32,
    /// Bytes.
    pub size: u64,
}

/// What kind of file a path is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileClass {
    Source,
    Test,
    Doc,
    /// Build files, manifests, lock files, CI and settings.
    Config,
    Migration,
    /// Made by a tool: not to be edited by hand.
    Generated,
    Vendored,
    Binary,
    Other,
}

/// A definition in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Symbol {
    pub name: String,
    pub kind: SymbolKind,
    /// The type, module or class around it, where there is one.
    pub parent: Option<String>,
    /// First line of the definition.
    pub line: u32,
    /// Last line of the definition.
    pub end_line: u32,
    /// The head of the definition in one line, without its body.
    pub signature: String,
    /// Visible outside its module, as far as the syntax says.
    pub is_public: bool,
}

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SymbolKind {
    Function,
    Method,
    Class,
    Struct,
    Enum,
    Interface,
    Trait,
    Module,
    Constant,
    Type,
    Macro,
    Field,
    Test,
}

/// A file with its rank.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RankedFile {
    pub path: String,
    /// Unbounded; only its order means something.
    pub score: f64,
    /// How likely the change modifies this file, 0 to 1, calibrated.
    pub probability: f64,
    pub evidence: Vec<Evidence>,
}

/// Why a file was brought up. `Display` says it in plain words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// The ticket names this path.
    PathNamed { text: String },
    /// A stack frame of the ticket points here.
    StackFrame { frame: String, line: Option<u32> },
    /// The ticket quotes a text that stands here.
    Quote { text: String, line: u32 },
    /// The ticket names a symbol that is defined here.
    Symbol { name: String, line: u32 },
    /// The ticket's words stand in the path.
    PathWords { words: Vec<String> },
    /// The ticket's words stand in the file, rarest first.
    Words { words: Vec<String> },
    /// The ticket's words stand close together on these lines.
    Passage { first: u32, last: u32, words: Vec<String> },
    /// A similar past commit changed it.
    PastChange { commit: CommitId, subject: String },
    /// It often changes together with a file ranked above.
    CoChange { with: String, times: u32 },
    /// It imports, or is imported by, a file ranked above.
    Neighbour { of: String },
    /// It belongs to a file ranked above: header, implementation, variant, registry.
    Companion { of: String, why: String },
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PathNamed { text } => write!(f, "the ticket names `{text}`"),
            Self::StackFrame { frame, line: Some(line) } => write!(f, "stack frame `{frame}` at line {line}"),
            Self::StackFrame { frame, line: None } => write!(f, "stack frame `{frame}`"),
            Self::Quote { text, line } => write!(f, "line {line} holds the quoted text `{text}`"),
            Self::Symbol { name, line } => write!(f, "defines `{name}` (line {line})"),
            Self::PathWords { words } => write!(f, "path words: {}", words.join(", ")),
            Self::Words { words } => write!(f, "words: {}", words.join(", ")),
            Self::Passage { first, last, words } => write!(f, "lines {first}–{last} speak of {}", words.join(", ")),
            Self::PastChange { commit, subject } => write!(f, "changed by {} “{subject}”", commit.short()),
            Self::CoChange { with, times } => write!(f, "changed {times} times together with `{with}`"),
            Self::Neighbour { of } => write!(f, "linked by import to `{of}`"),
            Self::Companion { of, why } => write!(f, "{why} of `{of}`"),
        }
    }
}

/// A file of the list to modify.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Likely {
    pub path: String,
    /// 0 to 1, calibrated.
    pub probability: f64,
    /// The symbols in it that the ticket most likely concerns, best first.
    pub symbols: Vec<Symbol>,
}

/// A file that the change probably creates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LikelyNew {
    pub path: String,
    /// The convention behind it, in plain words.
    pub why: String,
    /// An existing file that shows the convention.
    pub like: Option<String>,
}

/// A test file near the change.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearTest {
    pub path: String,
    /// The source file it tests, as far as names, imports and history say.
    pub covers: Option<String>,
    /// Why, in plain words.
    pub why: String,
    /// Existing test cases in it that come closest, best first.
    pub cases: Vec<Symbol>,
}

/// A past commit worth reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PastChange {
    pub commit: CommitId,
    pub subject: String,
    /// `YYYY-MM-DD`.
    pub date: String,
    pub files: Vec<String>,
    /// Lines; both 0 where they are not known.
    pub added: u32,
    pub deleted: u32,
    /// Issue references in its message: `#12`, `SHOP-7`.
    pub references: Vec<String>,
    /// The commit takes back another one.
    pub is_revert: bool,
    /// A newer commit takes it back.
    pub is_taken_back: bool,
    /// Why a revert was made, in the words of its message.
    pub reason: Option<String>,
    /// Why it is shown, in plain words.
    pub why: String,
    /// 0 to 1.
    pub similarity: f64,
    /// Those of its files that no older known commit touches: it made them.
    #[serde(skip)]
    pub made: Vec<String>,
    /// No older commit is known: what it brings was not changed, it began.
    #[serde(skip)]
    pub is_first: bool,
}

impl PastChange {
    /// ` (+12 −3)`; nothing where the lines are not known.
    pub fn size(&self) -> String {
        match (self.added, self.deleted) {
            (0, 0) => String::new(),
            (added, deleted) => format!(" (+{added} −{deleted})"),
        }
    }
}

/// Something that the repository says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub kind: FactKind,
    /// What it is about: `axum`, `test`, `GET /carts/{id}`, `DATABASE_URL`, an owner's pattern.
    pub name: String,
    /// What is said: a command line, a handler, an owner; may be empty.
    pub value: String,
    pub version: Option<String>,
    pub path: String,
    pub line: u32,
}

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    Language,
    Framework,
    PackageManager,
    Manifest,
    Dependency,
    BuildCommand,
    TestCommand,
    LintCommand,
    FormatCommand,
    RunCommand,
    OtherCommand,
    TestFramework,
    Route,
    Schema,
    Migration,
    ConfigKey,
    EnvironmentKey,
    FeatureFlag,
    Queue,
    Container,
    Deployment,
    Ci,
    Observability,
    Owner,
    Licence,
    Guideline,
    Auth,
}

/// What one expression of the ticket is in this repository.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grounded {
    /// As the ticket writes it.
    pub text: String,
    pub found: Grounding,
}

/// Where an expression of the ticket stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "found", rename_all = "snake_case")]
pub enum Grounding {
    /// It is a path.
    Path { path: String },
    /// Defined here.
    Defined { path: String, symbol: Symbol },
    /// Only mentioned, first here.
    Mentioned { path: String, line: u32 },
    /// Nowhere; the nearest thing, if any.
    NotFound { nearest: Option<String> },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permalinks_follow_the_scheme_of_their_host() {
        let commit = CommitId::parse(&"a".repeat(40)).expect("a hash");
        let check = |style: WebStyle, lines: Option<(u32, u32)>, expected: &str| {
            let links = WebLinks { style, base: "https://x.test/r".to_owned() };
            let found = links.file(&commit, "src/a b.rs", lines).replace(commit.as_str(), "SHA");
            assert_eq!(found, format!("https://x.test/r{expected}"));
        };
        check(WebStyle::GitHub, Some((3, 5)), "/blob/SHA/src/a%20b.rs#L3-L5");
        check(WebStyle::GitLab, Some((3, 5)), "/-/blob/SHA/src/a%20b.rs#L3-5");
        check(WebStyle::Bitbucket, Some((3, 5)), "/src/SHA/src/a%20b.rs#lines-3:5");
        check(WebStyle::BitbucketServer, Some((3, 5)), "/browse/src/a%20b.rs?at=SHA#3-5");
        check(WebStyle::BitbucketServer, Some((3, 3)), "/browse/src/a%20b.rs?at=SHA#3");
        check(WebStyle::BitbucketServer, None, "/browse/src/a%20b.rs?at=SHA");
    }

    #[test]
    fn pages_of_known_hosts_need_no_configuration() {
        let check = |url: &str, expected: Option<(WebStyle, &str)>| {
            let found = WebLinks::of_known_host(url).map(|links| (links.style, links.base));
            assert_eq!(found, expected.map(|(style, base)| (style, base.to_owned())), "{url}");
        };
        check("https://gitlab.com/acme/shop.git", Some((WebStyle::GitLab, "https://gitlab.com/acme/shop")));
        check("https://bitbucket.org/acme/shop", Some((WebStyle::Bitbucket, "https://bitbucket.org/acme/shop")));
        check("https://github.com/acme/shop/", Some((WebStyle::GitHub, "https://github.com/acme/shop")));
        check("https://github.com.evil.test/acme/shop", None);
        check("https://git@github.com/acme/shop", None);
        check("/srv/git/shop.git", None);
    }
}
