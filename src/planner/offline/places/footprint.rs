//! Where a name stands in every spelling: `ignore_entry_updates`, `IgnoreEntryUpdates`, `ignoreEntryUpdates`.
//!
//! In: a [`Context`] and a name. Out: the files that hold it, each with its lines and how it is written there. Names of
//! other files are compared by their letters alone. Bounded: files, lines, bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::context::{Context, FileClass},
    planner::words::{is_compound, split_case},
};

/// The most files that are read for one name.
const MOST_READ: usize = 160;
/// Files that are counted for one of several names.
const MOST_HOLDING: usize = 2_000;
/// Lines within which names stand together.
const NEAR: u32 = 40;
/// Lines that are kept of one file.
const MOST_LINES: usize = 12;
/// Longer texts are not searched, in bytes.
const LONGEST: usize = 600_000;
/// Endings of records of what went out: they tell of a name, and follow no change of it.
const RECORDS: &[&str] = &["changelog", "changes", "history", "news", "releases", "release_notes"];

/// A file that holds the name.
#[derive(Clone, Debug)]
pub struct Print {
    pub path: String,
    pub class: FileClass,
    /// From 1, in their order.
    pub lines: Vec<u32>,
    /// As the first of these lines writes it.
    pub spelled: String,
    /// The first line adds a column: a migration that stands in code.
    pub adds_column: bool,
}

/// The files that hold a name, in the order of their paths; those of others and of what is made are left out.
pub fn of(context: &Context, name: &str) -> Vec<Print> {
    let wanted = Name { letters: letters(name), is_word: !is_compound(name) };
    // A single word stands in other forms, too.
    let ends: &[&str] = if wanted.is_word { &["", "s", "d", "ed"] } else { &[""] };
    let found: BTreeSet<String> =
        ends.iter().flat_map(|end| context.tree.holding(&format!("{name}{end}"), MOST_READ)).collect();
    found.iter().take(MOST_READ).filter_map(|path| print(context, path, &wanted)).collect()
}

/// A name that is looked for.
struct Name {
    letters: String,
    /// It is one word, which others merely contain.
    is_word: bool,
}

impl Name {
    /// Does the word of a line have it? A single word also in another form, and with what takes it back: `favorited`,
    /// `unfavorite`.
    fn is_in(&self, word: &str) -> bool {
        if !self.is_word {
            return letters(word).contains(&self.letters);
        }
        let root = self.letters.strip_suffix('e').unwrap_or(&self.letters);
        let parts = word.split(['_', '-']).flat_map(split_case).map(str::to_lowercase);
        parts.into_iter().any(|part| {
            let bare = part.strip_prefix("un").unwrap_or(&part);
            bare.starts_with(root) && bare.len() <= self.letters.len() + 3
        })
    }
}

fn print(context: &Context, path: &str, name: &Name) -> Option<Print> {
    let class = kept(context, path)?;
    let text = context.tree.text(path).filter(|text| text.len() <= LONGEST)?;
    let may_hold = |line: &str| letters(line).contains(&name.letters[..name.letters.len() - 1]);
    let held = text.lines().zip(1_u32..).filter(|(line, _)| may_hold(line) && !is_aside(line));
    let mut held = held.filter_map(|(line, at)| Some((line, at, spelled(line, name)?)));
    let (first, at, spelled) = held.next()?;
    let lines = std::iter::once(at).chain(held.map(|(_, at, _)| at)).take(MOST_LINES).collect();
    let lower = first.to_lowercase();
    let adds_column = lower.contains("add column") || lower.contains("alter table");
    Some(Print { path: path.to_owned(), class, lines, spelled, adds_column })
}

/// The files in which a name stands in the company of others: at least so many of them within a few lines.
pub fn together(context: &Context, name: &str, names: &[&str], least: usize) -> Vec<Print> {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for other in names {
        context.tree.holding(other, MOST_HOLDING).into_iter().for_each(|path| *count.entry(path).or_default() += 1);
    }
    let mut found: Vec<(usize, String)> =
        count.into_iter().filter(|(_, held)| *held >= least).map(|(path, held)| (held, path)).collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut prints: Vec<Print> =
        found.iter().take(MOST_READ).filter_map(|(_, path)| company(context, path, name, names, least)).collect();
    prints.sort_by(|a, b| a.path.cmp(&b.path));
    prints
}

/// Where a file holds enough of the names within a few lines, and the line of the wanted one there.
fn company(context: &Context, path: &str, name: &str, names: &[&str], least: usize) -> Option<Print> {
    let class = kept(context, path)?;
    let text = context.tree.text(path).filter(|text| text.len() <= LONGEST)?;
    let wanted: Vec<(String, &str)> = names.iter().map(|name| (letters(name), *name)).collect();
    let mut hits: Vec<(u32, usize, String)> = Vec::new();
    for (line, at) in text.lines().zip(1_u32..).filter(|(line, _)| !is_aside(line)) {
        for word in line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-'))) {
            let own = letters(word);
            let bare = ["get", "set", "with"].iter().find_map(|begin| own.strip_prefix(begin)).unwrap_or(&own);
            let known = wanted.iter().position(|(letters, _)| *letters == own || letters == bare);
            hits.extend(known.map(|known| (at, known, word.to_owned())));
        }
    }
    // The first place where it stands with enough of the others around it.
    let itself = hits.iter().filter(|(_, known, _)| names[*known] == name);
    let (line, _, spelled) = itself.into_iter().find(|(line, ..)| {
        let near = hits.iter().filter(|(at, ..)| at.abs_diff(*line) <= NEAR / 2);
        near.map(|(_, known, _)| *known).collect::<BTreeSet<usize>>().len() >= least
    })?;
    Some(Print { path: path.to_owned(), class, lines: vec![*line], spelled: spelled.clone(), adds_column: false })
}

/// The class of a file that may hold a name of its own; nothing of others' files, of what is made, and of records of what
/// went out.
fn kept(context: &Context, path: &str) -> Option<FileClass> {
    let class = context.tree.file(path)?.class;
    let lower = path.to_lowercase();
    let is_record = |part: &str| RECORDS.contains(&part);
    let is_left = matches!(class, FileClass::Generated | FileClass::Vendored | FileClass::Binary);
    (!is_left && !lower.split(['/', '.']).any(is_record)).then_some(class)
}

/// Are two names the same but for their spelling?
pub fn is_same(a: &str, b: &str) -> bool {
    letters(a) == letters(b)
}

/// Does the line only take something in from another file, only comment, or only decide by the name? What something decides
/// is its own.
fn is_aside(line: &str) -> bool {
    const BEGINS: &[&str] = &[
        "import ", "use ", "from ", "require", "#include", "using ", "//", "/*", "* ", "# ", "<!--", "--", "if ",
        "if(", "elif ", "else if ", "elsif ", "unless ", "while ", "assert",
    ];
    let bare = line.trim_start().trim_start_matches("} ");
    BEGINS.iter().any(|begin| bare.starts_with(begin))
}

/// A text by its letters and digits alone, lower case.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || *c == ' ').flat_map(char::to_lowercase).collect()
}

/// The word of a line that has the name: the shortest one.
fn spelled(line: &str, name: &Name) -> Option<String> {
    let words = line.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-')));
    words.filter(|word| name.is_in(word)).min_by_key(|word| word.len()).map(str::to_owned)
}

/// A name written as another one is: `pause_refresh` as `IgnoreEntryUpdates` is `PauseRefresh`.
pub fn written_as(name: &str, like: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).flat_map(split_case);
    let parts: Vec<String> = words.filter(|part| !part.is_empty()).map(str::to_lowercase).collect();
    let capital = |part: &String| {
        let mut chars = part.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>()).unwrap_or_default()
    };
    let has_lower = like.chars().any(char::is_lowercase);
    match like {
        _ if like.contains('_') && !has_lower => parts.join("_").to_uppercase(),
        _ if like.contains('_') => parts.join("_"),
        _ if like.contains('-') => parts.join("-"),
        _ if like.starts_with(char::is_uppercase) => parts.iter().map(capital).collect(),
        _ => parts.iter().enumerate().map(|(at, part)| if at == 0 { part.clone() } else { capital(part) }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_others_are() {
        let check = |like: &str, expected: &str| assert_eq!(written_as("pause_refresh", like), expected, "{like}");
        check("IgnoreEntryUpdates", "PauseRefresh");
        check("ignoreEntryUpdates", "pauseRefresh");
        check("ignore_entry_updates", "pause_refresh");
        check("IGNORE_ENTRY_UPDATES", "PAUSE_REFRESH");
        check("ignore-entry-updates", "pause-refresh");
        assert_eq!(written_as("pauseRefresh", "ignore_entry_updates"), "pause_refresh");
    }

    #[test]
    fn the_shortest_word_with_the_letters_is_the_spelling() {
        let name = |name: &str| Name { letters: letters(name), is_word: !is_compound(name) };
        let line = "feed.IgnoreEntryUpdates = Optional(form.WithIgnoreEntryUpdates)";
        assert_eq!(spelled(line, &name("ignore_entry_updates")).as_deref(), Some("IgnoreEntryUpdates"));
        assert_eq!(spelled("ignore entry updates", &name("ignore_entry_updates")), None);
        let favorite = name("favorite");
        assert_eq!(spelled("favorited: article.favoritedBy.some(x)", &favorite).as_deref(), Some("favorited"));
        assert_eq!(spelled("unfavoriteArticle()", &favorite).as_deref(), Some("unfavoriteArticle"));
        assert_eq!(spelled("relationship, shipment", &name("ship")), None);
    }
}
