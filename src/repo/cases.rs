//! Makes cases from a repository's own past: what a change said of itself is the ticket, what it modified the gold, with
//! the lines that it replaced.
//!
//! In: a git folder and a commit. Out: cases, oldest first: one for each equal slice of the fitting changes, chosen by
//! the smallest hash, so that nobody picks and everybody picks the same. Never writes into the repository.

use std::{collections::BTreeMap, path::Path, sync::LazyLock};

use regex::Regex;

use super::{
    batch::Case,
    classify::{self, Attributes},
    git::{Call, Git, GitError},
    language,
};
use crate::model::{CommitId, context::FileClass};

/// The longest log, in bytes.
const MAX_LOG: u64 = 1024 * 1024 * 1024;
/// How many words a ticket has.
const WORDS: std::ops::RangeInclusive<usize> = 25..=1200;
/// How many source files a change modifies.
const GOLD: std::ops::RangeInclusive<usize> = 1..=8;
/// The most paths of a change.
const MAX_PATHS: usize = 40;

/// Subjects of changes that answer no ticket.
static NO_TICKET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^(revert|bump|release|merge|prepare|backport|chore|style|format|typo|fix typo|upgrade|update (dep|vendor|change|licen|copyright|version)|\[?docs?\]?[:( ]|build\(deps|ci[:(]|tests?[:(])",
    )
    .expect("a constant pattern")
});
/// Lines of a message that are not about the change.
static TRAILER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^\s*([a-z]+(-[a-z]+)*-by|cc|change-id|pull request resolved|differential revision|pr-url|fixes|closes|refs?|test plan)\b\s*[:#]")
        .expect("a constant pattern")
});
/// A pull request's number at the end of a subject.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s*\(#\d+\)$").expect("a constant pattern"));

/// Makes at most `limit` cases from the changes before and with `commit`; `repo` is `owner/name`.
pub async fn from_history(
    git: &Git,
    git_dir: &Path,
    commit: &CommitId,
    repo: &str,
    limit: usize,
) -> Result<Vec<Case>, GitError> {
    let args = [
        "log",
        "-z",
        "--reverse",
        "--no-merges",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--ignore-submodules",
        "--name-status",
        "--format=%x01%H%x00%P%x00%s%x00%b%x00",
        "--end-of-options",
        commit.as_str(),
        "--",
    ];
    let log = git.run(Call { git_dir, args: &args, cap: MAX_LOG, network: None }).await?;
    let log = String::from_utf8_lossy(&log);
    let fitting: Vec<Case> = log.split('\u{1}').filter_map(|record| case(record, repo)).collect();
    let mut chosen = spread(fitting, limit);
    for case in &mut chosen {
        case.gold_lines = replaced(git, git_dir, case).await?;
    }
    Ok(chosen)
}

/// The lines that a case's change replaced, by file.
async fn replaced(git: &Git, git_dir: &Path, case: &Case) -> Result<BTreeMap<String, Vec<(u32, u32)>>, GitError> {
    let options = ["diff", "-U0", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--no-prefix"];
    let mut args = options.to_vec();
    args.extend([case.base_commit.as_str(), hash(case), "--"]);
    args.extend(case.gold_modified.iter().map(String::as_str));
    let diff = git.run(Call { git_dir, args: &args, cap: MAX_LOG, network: None }).await?;
    Ok(hunks(&String::from_utf8_lossy(&diff)))
}

/// The old side of a diff without context: for each file its hunks, first to last line.
fn hunks(diff: &str) -> BTreeMap<String, Vec<(u32, u32)>> {
    let mut out: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    let mut file = None;
    for line in diff.lines() {
        if line.starts_with("diff --git ") {
            file = None;
        } else if file.is_none()
            && let Some(path) = line.strip_prefix("--- ")
        {
            file = Some(path.trim_end().to_owned());
        } else if let (Some(file), Some(hunk)) = (&file, HUNK.captures(line)) {
            let number = |at: usize| hunk.get(at).and_then(|number| number.as_str().parse::<u32>().ok());
            let (first, count) = (number(1).unwrap_or(0), number(2).unwrap_or(1));
            let last = if count == 0 { first + 1 } else { first + count - 1 };
            out.entry(file.clone()).or_default().push((first.max(1), last));
        }
    }
    out
}

/// The head of a hunk: where it begins on the old side, and how many lines it has there.
static HUNK: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^@@ -(\d+)(?:,(\d+))? \+").expect("a constant pattern"));

/// The start of the change's hash, which ends a case's id.
fn hash(case: &Case) -> &str {
    case.id.rsplit('-').next().unwrap_or_default()
}

/// One change as a case, when it fits: told in words, and of a ticket's size.
fn case(record: &str, repo: &str) -> Option<Case> {
    let mut fields = record.split('\0');
    let (hash, parent, subject, body) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
    let base = CommitId::parse(parent).ok()?;
    if NO_TICKET.is_match(subject) {
        return None;
    }
    let body: Vec<&str> = body.lines().filter(|line| !TRAILER.is_match(line)).collect();
    let body = body.join("\n").trim().to_owned();
    let words = subject.split_whitespace().count() + body.split_whitespace().count();
    let status: Vec<&str> = fields.map(|field| field.trim_matches('\n')).filter(|field| !field.is_empty()).collect();
    let touched: Vec<(&str, &str)> = status.as_chunks::<2>().0.iter().map(|[kind, path]| (*kind, *path)).collect();
    let modified = touched.iter().filter(|(kind, path)| *kind == "M" && is_source(path));
    let gold: Vec<String> = modified.map(|(_, path)| (*path).to_owned()).collect();
    let fits = WORDS.contains(&words) && GOLD.contains(&gold.len()) && touched.len() <= MAX_PATHS;
    fits.then(|| Case {
        id: format!("{}-{}", repo.replace('/', "__"), &hash[..10.min(hash.len())]),
        repo: repo.to_owned(),
        base_commit: base.as_str().to_owned(),
        title: NUMBER.replace(subject, "").into_owned(),
        body,
        gold_modified: gold,
        gold_lines: BTreeMap::new(),
    })
}

/// A file of code that is no test and made by no tool.
fn is_source(path: &str) -> bool {
    language::of(path).is_some() && classify::class(path, &Attributes::default()) == FileClass::Source
}

/// One of each equal slice: the one with the smallest hash, which is the end of its id.
fn spread(cases: Vec<Case>, limit: usize) -> Vec<Case> {
    let all = cases.len();
    let slices = limit.min(all);
    let chosen = (0..slices).filter_map(|at| {
        let slice = &cases[at * all / slices..(at + 1) * all / slices];
        slice.iter().min_by_key(|case| hash(case).to_owned()).cloned()
    });
    chosen.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(subject: &str, body: &str, status: &str) -> String {
        format!("{}\0{}\0{subject}\0{body}\0\n{status}", "a".repeat(40), "b".repeat(40))
    }

    const BODY: &str = "A cart with two rebates shows the sum of both, though the shop promises that only the larger one is \
                        given. The total of an order must be the same as that of its cart.\n\nSigned-off-by: Ann";

    #[test]
    fn a_told_change_of_a_few_sources_is_a_case() {
        let told = record("Give one rebate (#12)", BODY, "M\0src/cart.rs\0A\0src/rebate.rs\0M\0tests/cart.rs\0");
        let case = case(&told, "acme/shop").unwrap();
        assert_eq!((case.title.as_str(), case.id.as_str()), ("Give one rebate", "acme__shop-aaaaaaaaaa"));
        assert_eq!(case.gold_modified, ["src/cart.rs"]);
        assert!(!case.body.contains("Ann"), "{}", case.body);
    }

    #[test]
    fn releases_silent_changes_and_sweeps_are_none() {
        let none =
            |subject: &str, body: &str, status: &str| assert!(case(&record(subject, body, status), "a/b").is_none());
        none("Bump serde", BODY, "M\0src/cart.rs\0");
        none("Give one rebate", "", "M\0src/cart.rs\0");
        none("Give one rebate", BODY, "M\0README.md\0");
        none("Give one rebate", BODY, &(0..9).map(|at| format!("M\0src/c{at}.rs\0")).collect::<String>());
    }

    #[test]
    fn replaced_lines_are_those_of_the_old_side_and_an_insertion_has_two_neighbours() {
        let diff = "diff --git a.rs a.rs\n--- a.rs\n+++ a.rs\n@@ -3 +3,2 @@ fn a\n--- no path\n+x\n+y\n@@ -9,0 +11 @@\n+z\n\
                    diff --git b.rs b.rs\n--- b.rs\n+++ b.rs\n@@ -4,3 +4,0 @@\n";
        let found: Vec<(String, Vec<(u32, u32)>)> = hunks(diff).into_iter().collect();
        assert_eq!(found, [("a.rs".to_owned(), vec![(3, 3), (9, 10)]), ("b.rs".to_owned(), vec![(4, 6)])]);
    }

    #[test]
    fn cases_are_spread_over_the_past() {
        let told = record("Give one rebate", BODY, "M\0src/cart.rs\0");
        let of = |at: usize| Case { id: format!("x-{:02}", at * 7 % 20), ..case(&told, "a/b").unwrap() };
        let chosen: Vec<String> = spread((0..20).map(of).collect(), 4).into_iter().map(|case| case.id).collect();
        assert_eq!(chosen, ["x-00", "x-02", "x-04", "x-05"]);
        assert_eq!(spread((0..3).map(of).collect(), 9).len(), 3);
    }
}
