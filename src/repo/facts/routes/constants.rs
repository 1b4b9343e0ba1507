//! Constants of Java and Kotlin in the paths of annotations: `@RequestMapping(BASE + "/carts")`.
//!
//! In: a text. Out: the same lines with literals in their place, where the text itself says what they are; a constant of
//! another class stands between marks until all texts are read. A name that has two values, or whose value is no text,
//! stays as it is.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use regex::{Captures, Regex};

/// What a text declares.
struct Constants<'t> {
    /// Values by name; nothing where a name has several.
    values: HashMap<&'t str, Option<String>>,
    /// Its classes, interfaces and objects.
    types: HashSet<&'t str>,
    /// The classes that constants are imported from.
    imported: HashMap<&'t str, &'t str>,
}

/// Stands on both sides of a constant of another class: `Paths.CARTS`.
const MARK: char = '\u{1}';
/// The most constants, and the most types, of one text.
const MAX_DECLARED: usize = 200;
/// A text with more types than these tells nobody its constants.
const MAX_TYPES: usize = 8;
/// The longest value, in bytes.
const MAX_VALUE: usize = 200;

/// The text with the values of its constants in the paths of its annotations.
pub fn put_into(text: &str) -> Cow<'_, str> {
    static PATH: LazyLock<Regex> = LazyLock::new(|| {
        let part = r#"(?:"[^"\n]*"|[\w.]+)"#;
        let path = format!(r"(?<path>{part}(?:[ \t]*\+[ \t]*{part})*)");
        Regex::new(&format!(r"(?<head>@\w+Mapping\(\s*(?:(?:value|path)\s*=\s*)?[\[{{]?\s*){path}"))
            .expect("a constant pattern")
    });
    if !text.contains("Mapping(") {
        return Cow::Borrowed(text);
    }
    let constants = Constants::of(text);
    PATH.replace_all(text, |groups: &Captures<'_>| match constants.value(&groups["path"]) {
        Some(path) => format!("{}\"{path}\"", &groups["head"]),
        None => groups[0].to_owned(),
    })
}

/// The paths among a text's constants, under the names that other classes have for them.
pub fn told(text: &str) -> HashMap<String, String> {
    if !["static final", "final static", "const val"].iter().any(|words| text.contains(words)) {
        return HashMap::new();
    }
    let Constants { values, types, .. } = Constants::of(text);
    let paths = values.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    let paths = paths.filter(|(_, value)| value.starts_with('/') && !value.contains(MARK));
    let kinds = if types.len() <= MAX_TYPES { types } else { HashSet::new() };
    paths.flat_map(|(name, value)| kinds.iter().map(move |kind| (format!("{kind}.{name}"), value.clone()))).collect()
}

/// A path with the constants of other classes in their place; nothing where one of them is not certain.
pub fn resolved(path: &str, known: &HashMap<&str, Option<&str>>) -> Option<String> {
    if !path.contains(MARK) {
        return Some(path.to_owned());
    }
    let parts = path.split(MARK).enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 0 { Some(part) } else { *known.get(part)? });
    Some(parts.collect::<Option<String>>()?.replace("//", "/"))
}

impl<'t> Constants<'t> {
    /// Reads declarations, each by those above it.
    fn of(text: &'t str) -> Self {
        static TYPE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"\b(?:class|interface|object|enum)\s+(\w+)").expect("a constant pattern"));
        static VALUE: LazyLock<Regex> = LazyLock::new(|| {
            let kind = r"(?:static\s+final\s+String|final\s+static\s+String|const\s+val)";
            Regex::new(&format!(r"\b{kind}\s+(\w+)\s*(?::\s*String\s*)?=\s*([^;\n]+)")).expect("a constant pattern")
        });
        static IMPORT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?m)^import\s+(?:static\s+)?[\w.]*?\b([A-Z]\w*)\.([A-Z]\w*)\s*;?\s*$")
                .expect("a constant pattern")
        });
        let types = TYPE.captures_iter(text).take(MAX_DECLARED).filter_map(|groups| groups.get(1));
        let types = types.map(|name| name.as_str()).collect();
        let imported = IMPORT.captures_iter(text).take(MAX_DECLARED).map(|groups| groups.extract().1);
        let imported = imported.map(|[kind, name]| (name, kind)).collect();
        let mut found = Self { values: HashMap::new(), types, imported };
        for groups in VALUE.captures_iter(text).take(MAX_DECLARED) {
            let (_, [name, value]) = groups.extract();
            let value = found.value(value);
            let same = |known: Option<String>| known.filter(|known| value.as_ref() == Some(known));
            match found.values.remove(name) {
                Some(known) => found.values.insert(name, same(known)),
                None => found.values.insert(name, value),
            };
        }
        found
    }

    /// The text that literals and constants make together.
    fn value(&self, expression: &str) -> Option<String> {
        let parts = expression.split('+').map(|part| {
            let part = part.trim();
            match part.strip_prefix('"').and_then(|part| part.strip_suffix('"')) {
                Some(literal) => (!literal.contains(['"', '\\', '$'])).then(|| literal.to_owned()),
                None => self.constant(part),
            }
        });
        parts.collect::<Option<String>>().filter(|value| value.len() <= MAX_VALUE)
    }

    /// `BASE`, or `Carts.BASE` where `Carts` is of this text; else between marks.
    fn constant(&self, name: &str) -> Option<String> {
        let (owner, name) = name.rsplit_once('.').map_or((None, name), |(owner, name)| (Some(owner), name));
        let owner = owner.map(|owner| owner.rsplit('.').next().unwrap_or(owner));
        if owner.is_none_or(|owner| self.types.contains(owner))
            && let Some(value) = self.values.get(name)
        {
            return value.clone();
        }
        let owner = owner.or_else(|| self.imported.get(name).copied())?;
        owner.starts_with(|c: char| c.is_uppercase()).then(|| format!("{MARK}{owner}.{name}{MARK}"))
    }
}
