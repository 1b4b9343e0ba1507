//! What a ticket wants kept of what: “a feed setting `pause_refresh`”, “record a pet's microchip number”, “add a flag
//! `InStoreOnly` to a catalog item”.
//!
//! In: the [`Reading`] and a [`Context`]. Out: the field and the record that gets it, with the record's definitions. A
//! sentence counts only where the repository has the record. Bounded: a few sentences, a few names.

use super::super::{code::declared, reading::Reading};
use crate::{
    model::{
        context::{Context, FileClass, Symbol, SymbolKind},
        plan::Kind,
    },
    planner::words::is_compound,
};

/// Words by which a sentence wants something kept.
const VERBS: &[&str] = &["store", "record", "save", "keep", "track", "remember", "persist", "capture", "add"];
/// What an attribute of a plain “add … to” is called.
const NOUNS: &[&str] = &[
    "field",
    "column",
    "attribute",
    "property",
    "number",
    "date",
    "code",
    "note",
    "notes",
    "flag",
    "option",
    "address",
    "language",
    "setting",
];
/// Words that end an attribute.
const ENDS: &[&str] = &["so", "that", "when", "and", "or", "in", "on", "to", "for", "with", "which", "if", "as", "of"];
/// Words for a field by itself.
const FIELDS: &[&str] =
    &["setting", "option", "flag", "checkbox", "toggle", "field", "column", "attribute", "property", "switch"];
/// Words before what has the field.
const OWNERS: &[&str] =
    &["a", "an", "the", "each", "every", "all", "any", "per", "new", "of", "to", "for", "with", "on"];
/// Sentences that may want something kept, and names that are tried for one.
const MOST_WANTED: usize = 20;
const MOST_NAMED: usize = 10;
/// Definitions of one name that are looked at.
const DEFINED: usize = 12;

/// What a ticket wants kept of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// `pet`: lower case, in the singular.
    pub noun: String,
    /// `microchip number`.
    pub attribute: String,
}

/// What the ticket wants kept of what: the first of its sentences whose record the repository has.
pub fn of(context: &Context, reading: &Reading) -> Option<Wanted> {
    if reading.kind == Kind::Bug || reading.has_trace {
        return None;
    }
    let story = reading.story.as_ref().map(|s| s.wants.as_str());
    let title = reading.title.as_str();
    let asked = || reading.asked().map(|(_, text)| text);
    let sentences = || reading.sentences.iter().map(|found| found.text.as_str()).chain(asked());
    let told = std::iter::once(title).chain(story).filter_map(parsed).chain(asked().filter_map(stays));
    let set = sentences().chain([title]).filter_map(|text| setting(text, title));
    let said = sentences().filter_map(parsed);
    // A name in code marks is what the field is called.
    let named = sentences().flat_map(|text| coined(text, reading)).take(MOST_NAMED);
    let all: Vec<Wanted> = set.chain(named).chain(told).chain(said).take(MOST_WANTED).collect();
    all.into_iter().find(|wanted| records(context, &wanted.noun).next().is_some())
}

/// The definitions of what a noun names, by each name that it may have: the noun itself, what holds the settings of a whole,
/// what is one of its kind.
pub fn records<'c>(context: &'c Context, noun: &str) -> impl Iterator<Item = Vec<(String, Symbol)>> + 'c {
    use SymbolKind::{Class, Interface, Struct, Type};
    let noun: String = noun.split(['-', '_', ' ']).map(capital).collect();
    let is_type = |s: &Symbol| matches!(s.kind, Class | Struct | Type | Interface);
    let is_source = |path: &str| context.tree.file(path).is_some_and(|f| f.class == FileClass::Source);
    let forms = [
        "{}",
        "Local{}",
        "{}Settings",
        "{}Setting",
        "{}Config",
        "{}Configuration",
        "{}Options",
        "{}Preferences",
        "{}Meta",
    ];
    let kinds = ["User{}", "App{}", "Base{}", "{}Entity", "{}Model"];
    let names: Vec<String> = forms.iter().chain(&kinds).map(|form| form.replace("{}", &noun)).collect();
    let found = names.into_iter().map(move |name| {
        let all = context.tree.definitions(&name, DEFINED);
        all.into_iter().filter(|(path, symbol)| is_type(symbol) && is_source(path)).collect::<Vec<_>>()
    });
    found.filter(|all| !all.is_empty())
}

/// “Add a flag `InStoreOnly` to a catalog item”, “The recipe page has a text field `source_note`”: a name in code marks that
/// is called a field, and each noun that may have it, the sentence's first, then the routes', then the title's.
fn coined(text: &str, reading: &Reading) -> Vec<Wanted> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !(c.is_alphanumeric() || matches!(c, '`' | '_'))).collect();
    // “return `view_count` with the memo”.
    let returns = words.iter().any(|word| ["return", "returns", "returned"].contains(word)) && words.contains(&"with");
    let is_field = returns || words.iter().any(|word| FIELDS.contains(word));
    let is_name = |code: &&str| is_compound(code) || code.len() >= 4 && code.chars().all(|c| c.is_ascii_lowercase());
    let marked = text.split('`').skip(1).step_by(2);
    let quoted = text.split(['"', '“', '”']).skip(1).step_by(2);
    let named = marked.chain(quoted).filter(|code| !["true", "false", "null"].contains(code)).find(is_name);
    let Some(name) = named.filter(|_| is_field) else { return Vec::new() };
    let is_noun = |word: &&str| {
        word.len() >= 3
            && word.chars().all(|c| c.is_ascii_lowercase())
            && !FIELDS.contains(word)
            && !OWNERS.contains(word)
    };
    let mut nouns: Vec<String> = Vec::new();
    // Behind “to a”, “of each”: one word or two; before “page” or “form”: the word.
    for (at, word) in words.iter().enumerate() {
        if ["to", "of", "for", "per", "with", "on"].contains(word) {
            let rest: Vec<&str> = words[at + 1..].iter().filter(|w| !OWNERS.contains(w)).copied().take(2).collect();
            if let [first, second] = rest[..]
                && is_noun(&first)
                && is_noun(&second)
            {
                nouns.push(format!("{first} {}", singular(second)));
            }
            nouns.extend(rest.first().filter(|w| is_noun(w)).map(|w| singular(w)));
        }
        if ["page", "form", "dialog", "screen", "view", "profile"].contains(word) {
            nouns.extend(at.checked_sub(1).map(|before| words[before]).filter(is_noun).map(singular));
        }
    }
    let routed = reading.routes.iter().filter_map(|(_, path)| {
        let parts = declared::parts(path);
        parts.into_iter().rfind(|part| part != "*" && part.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
    });
    nouns.extend(routed.map(|part| singular(&part)));
    let title = reading.title.to_lowercase();
    let titled = title.split(|c: char| !c.is_alphanumeric()).filter(is_noun).map(singular);
    nouns.extend(titled.filter(|noun| noun.len() >= 3));
    nouns.into_iter().map(|noun| Wanted { noun, attribute: name.to_owned() }).collect()
}

/// “Add a feed setting `pause_refresh`”, “an option per feed to pause it”: each feed gets it. Without a name of its own, it
/// is what the title says.
fn setting(text: &str, title: &str) -> Option<Wanted> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | '-')).collect();
    let at = words.iter().position(|word| FIELDS[..5].contains(word))?;
    let is_noun = |word: &str| word.len() >= 3 && word.chars().all(|c| c.is_ascii_lowercase());
    let before = at.checked_sub(2).map(|from| (words[from], words[at - 1]));
    let noun = match (before, words.get(at + 1), words.get(at + 2)) {
        (_, Some(&("per" | "for")), Some(&("each" | "every"))) => words.get(at + 3).copied(),
        (_, Some(&"per"), noun) => noun.copied(),
        (_, Some(&"of"), Some(&("the" | "a" | "an"))) => words.get(at + 3).copied(),
        (Some(("a" | "an" | "new" | "per", noun)), ..) => Some(noun),
        // “User setting to hide …”, as a title has it.
        _ if at == 1 => Some(words[0]),
        _ => None,
    };
    let noun =
        noun.filter(|noun| is_noun(noun) && !["new", "boolean", "config", "configuration", "global"].contains(noun))?;
    let is_name = |code: &&str| !code.is_empty() && !code.contains(' ') && !["true", "false", "null"].contains(code);
    let named = text.split('`').skip(1).step_by(2).find(is_name);
    let label = || text.split(['"', '“', '”']).nth(1).filter(|label| !label.is_empty());
    let goal = || lower.split_once(" to ").map(|(_, goal)| goal.trim_end_matches('.'));
    let short = |text: &&str| text.chars().count() <= 60;
    let title = title.trim_end_matches('.').to_lowercase();
    let attribute = named.or_else(label).or_else(goal).filter(short).or(Some(title.as_str())).filter(short)?;
    Some(Wanted { noun: singular(noun), attribute: attribute.replace('`', "") })
}

/// “A cancelled visit stays in the database with the time of its cancellation”: the visit gets the time.
fn stays(text: &str) -> Option<Wanted> {
    const STAYS: &[&str] =
        &[" stays ", " stay ", " remains ", " remain ", " is kept ", " are kept ", " is stored ", " are stored "];
    let lower = text.to_lowercase().trim_end_matches('.').to_owned();
    let (subject, rest) = STAYS.iter().find_map(|word| lower.split_once(word))?;
    let (place, attribute) = rest.split_once("with ")?;
    let words: Vec<&str> = attribute.split(' ').collect();
    let begins = ["the", "its", "their", "a", "an"].contains(words.first()?) && (2..=6).contains(&words.len());
    let noun =
        subject.split(' ').next_back().filter(|noun| noun.len() >= 3 && noun.chars().all(char::is_alphabetic))?;
    let is_plain = subject.split(' ').count() <= 4 && place.split(' ').count() <= 4;
    (begins && is_plain).then(|| Wanted { noun: singular(noun), attribute: words[1..].join(" ") })
}

/// “record a pet's microchip number”, “add a birth date field to customers”.
fn parsed(text: &str) -> Option<Wanted> {
    let lower = text.to_lowercase().replace('’', "'");
    let words: Vec<&str> = lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | ';' | ':')).collect();
    let verb = words.iter().position(|w| VERBS.contains(w))?;
    let rest = &words[verb + 1..words.len().min(verb + 12)];
    let phrase = |words: &[&str]| -> String {
        let kept = words.iter().take_while(|w| !ENDS.contains(w) && !w.is_empty()).take(3);
        kept.copied().collect::<Vec<_>>().join(" ")
    };
    let article = |w: &&str| ["a", "an", "the", "each", "every", "all", "new"].contains(w);
    let owned = rest.iter().position(|w| w.ends_with("'s")).filter(|at| rest[..*at].iter().all(article));
    if let Some(at) = owned {
        let attribute = phrase(&rest[at + 1..]);
        let noun = rest[at].trim_end_matches("'s").to_owned();
        return (!attribute.is_empty()).then_some(Wanted { noun, attribute });
    }
    let joint = rest.iter().position(|w| matches!(*w, "to" | "for" | "of" | "with"))?;
    let own: Vec<&str> = rest[..joint].iter().filter(|w| !article(w)).copied().collect();
    let noun = rest[joint + 1..].iter().find(|w| !article(w))?;
    // What is stored of something is an attribute whatever it is called.
    let is_of = rest[joint] == "of" && words[verb] != "add" && !own.is_empty();
    let is_attribute = (is_of || own.last().is_some_and(|last| NOUNS.contains(last))) && own.len() <= 4;
    let attribute = own.into_iter().filter(|w| !["field", "column", "attribute", "property"].contains(w));
    let attribute = attribute.collect::<Vec<_>>().join(" ");
    (is_attribute && !attribute.is_empty()).then(|| Wanted { noun: singular(noun), attribute })
}

/// `properties` → `property`, `tags` → `tag`.
pub fn singular(noun: &str) -> String {
    let ies = noun.strip_suffix("ies").map(|root| format!("{root}y"));
    ies.unwrap_or_else(|| noun.strip_suffix('s').filter(|n| !n.ends_with('s')).unwrap_or(noun).to_owned())
}

/// `pet` → `Pet`.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_off_sentences() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let found = parsed(text).map(|w| (w.noun, w.attribute));
            assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{text}");
        };
        check("Store the pet's microchip number", Some(("pet", "microchip number")));
        check("record a customer’s VAT id so that invoices are right", Some(("customer", "vat id")));
        check("Add a delivery note field to orders", Some(("order", "delivery note")));
        check("keep an internal note with a document", Some(("document", "internal note")));
        check("store the source of a recipe", Some(("recipe", "source")));
        check("Add CSV export to orders", None);
        check("The pet's name is wrong", None);
        let setting = |text: &str| setting(text, "Hide names in the log").map(|w| (w.noun, w.attribute));
        let named = "Please add a feed setting \"Pause the refresh\" (`pause_refresh`), off by default.";
        assert_eq!(setting(named), Some(("feed".to_owned(), "pause_refresh".to_owned())));
        let titled = Some(("feed".to_owned(), "pause its refresh".to_owned()));
        assert_eq!(setting("Option per feed to pause its refresh"), titled);
        assert_eq!(setting("Add the option to filter"), None);
        let titled = Some(("user".to_owned(), "hide names in the log".to_owned()));
        assert_eq!(setting("User setting: hide names in the log"), titled);
        let of_site = Some(("site".to_owned(), "hide names in the log".to_owned()));
        assert_eq!(setting("It should be a setting of the site, `false` by default."), of_site);
        let stays = |text: &str| stays(text).map(|w| (w.noun, w.attribute));
        let kept = "A cancelled visit stays in the database with the time of its cancellation";
        assert_eq!(stays(kept), Some(("visit".to_owned(), "time of its cancellation".to_owned())));
        assert_eq!(stays("The list of all open filters of a page stays as it is with all filters"), None);
    }
}
