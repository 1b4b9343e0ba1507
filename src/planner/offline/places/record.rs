//! A record and its fields, as code declares them.
//!
//! In: a [`Context`] and definitions of a record, or a line of one. Out: its fields, each with what kind of value it is as
//! far as the line says. Bounded: lines of one record.

use crate::{
    model::{
        context::{Context, Symbol},
        ids::RepoName,
        plan::FileRef,
    },
    planner::words::{is_compound, split_case},
};

/// Lines of a record that are read.
const LONGEST_RECORD: usize = 400;
/// Words that begin a line which declares no field.
const ASIDE: &[&str] = &[
    "//",
    "#",
    "}",
    "public class ",
    "public record ",
    "abstract ",
    "data class ",
    "*",
    "/*",
    "@",
    "[",
    "--",
    "return",
    "def ",
    "fn ",
    "func ",
    "function ",
    "if ",
    "for ",
    "class ",
    "use ",
    "import ",
    "case ",
    "type ",
    "interface ",
    "struct ",
    "impl ",
    "throw ",
];
/// Words that stand before a field's name or its type.
const MARKS: &[&str] = &[
    "pub",
    "public",
    "private",
    "protected",
    "internal",
    "readonly",
    "static",
    "final",
    "const",
    "val",
    "var",
    "let",
    "required",
    "virtual",
    "override",
    "mut",
    "lateinit",
    "optional",
    "repeated",
];

/// What a value is, as far as a ticket's words and a declaration tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    YesNo,
    Time,
    Number,
    Text,
}

/// Words of a ticket, and of a declaration, for each.
const WORTHS: &[(Worth, &[&str], &[&str])] = &[
    (
        Worth::YesNo,
        &[
            "off by default",
            "on by default",
            "`false` by default",
            "`true` by default",
            "false by default",
            "true by default",
            "checkbox",
            "toggle",
            "true|false",
            "when it is on",
            "when it is off",
            "is enabled",
            "is disabled",
            "boolean",
        ],
        &["bool"],
    ),
    (
        Worth::Number,
        &["maximum", "minimum", "number of", "how many", "in seconds", "in minutes", "in days"],
        &["int", "long", "float", "double", "decimal", "number", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64"],
    ),
    (Worth::Time, &["time of", "date of", "when it was", "timestamp"], &["date", "time", "instant"]),
    (Worth::Text, &["text field", "characters", " note ", "address"], &["string", "str", "varchar", "text"]),
];

/// A field of a record, where it is declared.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub worth: Option<Worth>,
    pub file: FileRef,
}

/// What kind of value a name tells of: `view_count`, `closedAt`, `is_public`, `yank_reason`.
pub fn worth_of_name(name: &str) -> Option<Worth> {
    let parts: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).flat_map(split_case).map(str::to_lowercase).collect();
    let (first, last) = (parts.first()?.as_str(), parts.last()?.as_str());
    match (first, last) {
        _ if parts.len() < 2 => None,
        ("is" | "has" | "can" | "allow" | "show" | "hide", _) | (_, "enabled" | "disabled" | "only" | "required") => {
            Some(Worth::YesNo)
        }
        (_, "count" | "total" | "limit" | "size" | "seconds" | "days") => Some(Worth::Number),
        (_, "at" | "date" | "time" | "until" | "since") => Some(Worth::Time),
        (_, "note" | "notes" | "reason" | "message" | "text" | "comment" | "address" | "url") => Some(Worth::Text),
        _ => None,
    }
}

/// What kind of value the words ask for.
pub fn worth(told: &str) -> Option<Worth> {
    let lower = told.to_lowercase();
    let (worth, ..) = WORTHS.iter().find(|(_, asked, _)| asked.iter().any(|word| lower.contains(word)))?;
    Some(*worth)
}

/// The fields that the definitions of a record declare, in their order.
pub fn fields(context: &Context, repository: &Option<RepoName>, record: &[(String, Symbol)]) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::new();
    for (path, symbol) in record {
        let text = context.tree.text(path).unwrap_or_default();
        let length = (symbol.end_line.saturating_sub(symbol.line) as usize).min(LONGEST_RECORD);
        let indent = |line: &str| line.len() - line.trim_start().len();
        let mut level: Option<usize> = None;
        for (line, at) in text.lines().zip(1_u32..).skip(symbol.line as usize).take(length) {
            // What stands deeper is in a function's body, but for the items of a list of names.
            let is_level = level.is_none_or(|level| indent(line) == level);
            let is_item = line.trim_start().starts_with(['\'', '"']);
            let found = field(line).filter(|_| is_level || is_item).filter(|_| !holds_many(line));
            if let Some((name, worth)) = found {
                if !is_item {
                    level.get_or_insert(indent(line));
                }
                out.push(Field { name, worth, file: FileRef::new(path).of(repository.clone()).lines(at, at) });
            }
        }
    }
    out
}

/// Does the line declare many of something, or begin a list? They are another record's.
fn holds_many(line: &str) -> bool {
    if line.trim_end().ends_with('[') {
        return true;
    }
    ["List<", "Set<", "Collection<", "Vec<", "Map<", "[]*", "ManyToMany", "ICollection<", "IEnumerable<"]
        .iter()
        .any(|many| line.contains(many))
}

/// The name and the kind of a field that a line declares: `ReadLater bool`, `pub read_later: bool`, `private boolean
/// readLater;`, `read_later = models.BooleanField(`, `'read_later',`.
fn field(line: &str) -> Option<(String, Option<Worth>)> {
    let bare = line.trim_start();
    if ASIDE.iter().any(|begin| bare.starts_with(begin)) {
        return None;
    }
    let is_name = |word: &str| {
        word.len() >= 2
            && word.starts_with(|c: char| c.is_alphabetic())
            && word.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    let quoted = bare.trim_end().trim_end_matches(',');
    let inner = quoted.trim_matches(['\'', '"']);
    if quoted.len() == inner.len() + 2 && is_name(inner) {
        return Some((inner.to_owned(), None));
    }
    let declared = bare.split(['`', '"', '\'']).next().unwrap_or_default();
    let head = declared.split('=').next().unwrap_or_default();
    let head = head.split('{').next().unwrap_or_default().trim().trim_end_matches([';', ',']);
    if head.contains('(') {
        return None;
    }
    let words = |text: &str| -> Vec<String> {
        let split = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        split.filter(|word| is_name(word) && !MARKS.contains(word)).map(str::to_owned).collect()
    };
    let name = match head.split_once(':') {
        Some((before, _)) => words(before).pop(),
        None if declared.trim_end().ends_with(';') || declared.contains("{ get") => words(head).pop(),
        None if declared.contains('=') => words(head).pop(),
        // `Name Type`, as Go, Prisma and SQL have it.
        None => {
            let all = words(head);
            let is_pair = (2..=6).contains(&all.len()) && !head.contains(['(', '.', ')']) || head.contains("time.");
            is_pair.then(|| all.into_iter().next()).flatten()
        }
    }?;
    let (lower, own) = (declared.to_lowercase(), name.to_lowercase());
    let kinds: Vec<&str> =
        lower.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| **word != *own).collect();
    let is_of = |of: &str| kinds.iter().any(|word| word.starts_with(of) || word.ends_with(of));
    let worth = WORTHS.iter().find(|(_, _, of)| of.iter().any(|of| is_of(of))).map(|(worth, ..)| *worth);
    Some((name, worth))
}

/// Does the name alone tell of the field: is it of several words, and long enough to be no other's?
pub fn is_telling(name: &str) -> bool {
    is_compound(name) && name.len() >= 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_off_declarations() {
        let check = |line: &str, expected: Option<(&str, Option<Worth>)>| {
            let found = field(line);
            assert_eq!(found, expected.map(|(name, worth)| (name.to_owned(), worth)), "{line}");
        };
        check("\tReadLater bool `json:\"read_later\"`", Some(("ReadLater", Some(Worth::YesNo))));
        check("\tPinned     bool", Some(("Pinned", Some(Worth::YesNo))));
        check("\tCheckedAt time.Time `json:\"checked_at\"`", Some(("CheckedAt", Some(Worth::Time))));
        check("    pub read_later: Option<bool>,", Some(("read_later", Some(Worth::YesNo))));
        check("    private LocalDate birthDate;", Some(("birthDate", Some(Worth::Time))));
        check("    private LocalDate date;", Some(("date", Some(Worth::Time))));
        check("    private String telephone;", Some(("telephone", Some(Worth::Text))));
        check("    public function metrics(): BelongsToMany", None);
        check("    date_added = models.DateTimeField(null=False)", Some(("date_added", Some(Worth::Time))));
        check("  maxItems?: number;", Some(("maxItems", Some(Worth::Number))));
        check("    public bool IsPaused { get; set; }", Some(("IsPaused", Some(Worth::YesNo))));
        check("        'first_name',", Some(("first_name", None)));
        check("  authorId  Int", Some(("authorId", Some(Worth::Number))));
        check("    fn read_later(&self) -> bool {", None);
        check("    public void setDate(LocalDate date) {", None);
        check("    // read_later: bool", None);
        check("}", None);
    }

    #[test]
    fn kinds_are_read_off_tickets() {
        assert_eq!(worth("Add a setting `pause_refresh`, off by default."), Some(Worth::YesNo));
        assert_eq!(worth("It stays with the time of its cancellation"), Some(Worth::Time));
        assert_eq!(worth("A name"), None);
    }
}
