//! Acceptance criteria and requirements, with their ids.

use std::collections::BTreeSet;

use super::{
    super::sections::{reliability, security, speed},
    Line, MOST, Shape, findings, goes_on,
    headings::Role,
    sentence::{is_demand, sentences},
    swap::swap,
};
use crate::{
    model::plan::{Criterion, Kind, Place, Requirement, RequirementKind},
    planner::words::{clean, is_deed, shorten, terms, unscoped},
};

/// The longest text of a criterion or requirement, in characters.
const LONGEST: usize = 400;
/// The most orders of plain sentences.
const MOST_ORDERS: usize = 4;

/// The acceptance criteria in the ticket's order, and how many the cap left out.
///
/// Taken from: sections and fields named for them, Given/When/Then wherever it stands, and checkboxes.
pub fn criteria(lines: &[Line]) -> (Vec<Criterion>, usize) {
    let mut found: Vec<Criterion> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |text: String, place: &Place, done: bool| {
        if seen.insert(text.to_lowercase()) {
            found.push(Criterion {
                id: String::new(),
                text: shorten(&text, LONGEST),
                place: place.clone(),
                done,
                overruled: false,
            });
        }
    };
    let has_section = lines.iter().any(|l| l.role == Role::Criteria && is_listed(l));
    let mut at = 0;
    while at < lines.len() {
        let line = &lines[at];
        if let Some((text, used)) = scenario(&lines[at..]) {
            add(text, &line.place, false);
            at += used;
            continue;
        }
        if names_scenario(lines, at) {
            at += 1;
            continue;
        }
        let is_task = matches!(line.shape, Shape::Task(_));
        let is_named = line.role == Role::Criteria && line.shape != Shape::Quote && (is_listed(line) || !has_section);
        let is_own_checkbox = is_task && line.role == Role::Free && (!line.in_comment() || line.by_maintainer);
        if is_named || is_own_checkbox {
            add(unnumbered(&line.text), &line.place, line.shape == Shape::Task(true));
        }
        at += 1;
    }
    let left_out = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    found.iter_mut().enumerate().for_each(|(i, c)| c.id = format!("AC{}", i + 1));
    (found, left_out)
}

/// An item of a list.
fn is_listed(line: &Line) -> bool {
    matches!(line.shape, Shape::Item | Shape::Task(_))
}

/// Without a number or id in front: `AC-1: `, `1) `.
fn unnumbered(text: &str) -> String {
    let rest = text.strip_prefix("AC").or_else(|| text.strip_prefix("ac")).unwrap_or(text);
    let rest = rest.trim_start_matches(['-', '#', ' ']);
    let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() < rest.len()
        && let Some(tail) = digits.strip_prefix([':', ')', '.']).or_else(|| digits.strip_prefix(" -"))
        && tail.starts_with(' ')
    {
        return tail.trim().to_owned();
    }
    text.to_owned()
}

/// What a line of Gherkin is (cucumber.io/docs/gherkin/reference).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gherkin {
    Scenario,
    Given,
    When,
    Then,
    And,
}

/// Reads one line as Gherkin.
fn gherkin(line: &str) -> Option<Gherkin> {
    let line = line.trim_start_matches([' ', '\t', '*', '-']);
    let word = line.split([' ', ':']).next()?;
    match word.to_ascii_lowercase().as_str() {
        "scenario" if line.contains(':') => Some(Gherkin::Scenario),
        "given" => Some(Gherkin::Given),
        "when" => Some(Gherkin::When),
        "then" => Some(Gherkin::Then),
        "and" | "but" => Some(Gherkin::And),
        _ => None,
    }
}

/// Is the line only the name of the scenario below it? One line of prose, no sentence, and Gherkin right after.
fn names_scenario(lines: &[Line], at: usize) -> bool {
    let line = &lines[at];
    let is_name = line.shape == Shape::Prose && line.text.chars().count() <= 120 && !line.text.ends_with(['.', ':']);
    is_name && lines.get(at + 1).is_some_and(|next| next.place == line.place) && scenario(&lines[at + 1..]).is_some()
}

/// A scenario that starts here: its text in one line, and the number of lines it takes.
fn scenario(lines: &[Line]) -> Option<(String, usize)> {
    let first = gherkin(&lines[0].text)?;
    if matches!(first, Gherkin::Then | Gherkin::And) || lines[0].shape == Shape::Quote {
        return None;
    }
    let (mut kinds, mut parts) = (Vec::new(), Vec::new());
    for line in lines.iter().take(24) {
        let Some(kind) = gherkin(&line.text) else { break };
        let starts_again = match kind {
            Gherkin::Scenario => !kinds.is_empty(),
            Gherkin::Given => kinds.contains(&Gherkin::When) || kinds.contains(&Gherkin::Then),
            Gherkin::When => kinds.contains(&Gherkin::Then),
            _ => false,
        };
        if starts_again {
            break;
        }
        kinds.push(kind);
        parts.push(clean(line.text.trim_start_matches([' ', '\t', '*', '-'])));
    }
    let whole_in_one = kinds.len() == 1 && is_one_line_scenario(&parts[0]);
    let is_scenario = kinds.contains(&Gherkin::Then) && kinds.len() > 1;
    (is_scenario || whole_in_one).then(|| (parts.join(", "), parts.len()))
}

/// "Given a, when b, then c" in one line.
fn is_one_line_scenario(line: &str) -> bool {
    let lower = line.to_lowercase();
    // “When it runs, the file is then closed” tells in what order.
    let is_joint = |at: usize| {
        let before = lower[..at].trim_end().rsplit(' ').next().unwrap_or_default();
        !["is", "are", "was", "were", "be", "been", "will", "and", "since", "until"].contains(&before)
    };
    match (lower.find("when "), lower.find("then ").filter(|at| is_joint(*at))) {
        (Some(when), Some(then)) => when < then && (lower.starts_with("given ") || when == 0),
        (None, Some(_)) => lower.starts_with("given "),
        _ => false,
    }
}

/// What the ticket asks for besides its criteria: items under the usual headings, and demands in prose.
pub fn requirements(lines: &[Line], criteria: &[Criterion], kind: Kind) -> Vec<Requirement> {
    // Items that stand beside scenarios are asked for like them; beside checkboxes they tell something.
    let is_plain_list = !lines.iter().any(|l| l.role != Role::Free || matches!(l.shape, Shape::Task(_)));
    let mut seen: BTreeSet<String> = criteria.iter().map(|c| c.text.to_lowercase()).collect();
    let mut out: Vec<Requirement> = Vec::new();
    let is_told = |(l, _): &(&Line, bool)| !matches!(l.shape, Shape::Code | Shape::Quote);
    for (line, is_finding) in lines.iter().zip(findings::marks(lines)).filter(is_told) {
        if line.in_comment() && !line.by_maintainer {
            continue;
        }
        // Items of a ticket without any known heading are what it asks for, unless they are `key: value`.
        let is_asked = is_plain_list
            && !is_finding
            && !line.in_comment()
            && !is_pair(&line.text)
            && line.text.split(' ').count() > 2;
        let is_named = matches!(line.role, Role::Requirements | Role::NonFunctional);
        let whole =
            is_listed(line) && (is_named || is_asked) && swap(&line.text).is_none() && !line.text.ends_with('?');
        let texts = match line.role {
            _ if whole => vec![line.text.clone()],
            Role::Requirements if line.shape == Shape::Prose => either(demands(&line.text), || deeds(&line.text)),
            Role::Free | Role::Requirements | Role::NonFunctional => {
                let is_prose = line.shape == Shape::Prose && kind != Kind::Bug && !line.in_comment();
                either(demands(&line.text), || if is_prose { routed(&line.text) } else { Vec::new() })
            }
            _ => Vec::new(),
        };
        let texts = if kind == Kind::Bug || whole { texts } else { with_what_goes_on(line, texts) };
        for text in texts.into_iter().filter(|text| !asks_for_tests(text)) {
            // The joint to the next item of a list belongs to neither.
            let bare = text.trim_end_matches([';', ',', ' ']);
            let bare = bare.strip_suffix(" and").or_else(|| bare.strip_suffix(" or")).unwrap_or(bare);
            let text = if whole { bare.trim_end_matches([',', ' ']).to_owned() } else { text };
            let inside = out.len() >= MOST || criteria.iter().any(|c| c.text.contains(text.as_str()));
            if !inside && seen.insert(text.to_lowercase()) {
                let id = format!("R{}", out.len() + 1);
                let kind = requirement_kind(&text, line.role);
                out.push(Requirement {
                    id,
                    kind,
                    text: shorten(&text, LONGEST),
                    place: line.place.clone(),
                    overruled: false,
                });
            }
        }
    }
    out
}

/// Is the text a name with its value, `shop: nordlys`? A colon in code marks is none of its own.
fn is_pair(text: &str) -> bool {
    text.split('`').step_by(2).any(|outside| outside.contains(": "))
}

/// What a paragraph demands, with what its sentences go on to say, and with what would come where something is so. In the
/// paragraph's order.
fn with_what_goes_on(line: &Line, demanded: Vec<String>) -> Vec<String> {
    if line.shape != Shape::Prose || line.in_comment() {
        return demanded;
    }
    let all: Vec<&str> = sentences(&line.text).collect();
    let is_demanded = |s: &str| demanded.iter().any(|text| text.contains(without_joint(s)));
    let mut more = goes_on::after(&all, |s| is_demanded(s) || is_order(s));
    if demanded.is_empty() && !all.iter().any(|s| is_order(s)) {
        more.clear();
    }
    more.extend(all.iter().copied().filter(|s| goes_on::is_condition(s) && !is_demanded(s)));
    let orders = || all.iter().copied().filter(|s| is_order(s) && !is_demanded(s) && swap(s).is_none());
    if more.is_empty() && (demanded.is_empty() || orders().next().is_none()) {
        return demanded;
    }
    let mut texts: Vec<String> = demanded.iter().cloned().chain(orders().chain(more).map(str::to_owned)).collect();
    texts.sort_by_key(|text| line.text.find(text.as_str()));
    texts.dedup();
    texts
}

/// Does the sentence ask for nothing but tests: “Added regression coverage for …”? They come with what they show.
fn asks_for_tests(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(' ');
    let near = match words.next().unwrap_or_default() {
        "add" | "adds" | "added" | "write" | "extend" | "extended" => 4,
        "fix" | "fixed" | "update" | "updated" => 2,
        _ => 0,
    };
    words.take(near).any(|w| ["test", "tests", "coverage", "test-case", "testcase"].contains(&w))
}

/// What a ticket orders in plain sentences, where it asks in no other way: “Remove the flag”, “Rename the column”. A bug's
/// orders are steps that show it.
pub fn orders(lines: &[Line]) -> Vec<Requirement> {
    let is_plain = |l: &&Line| l.role == Role::Free && l.shape == Shape::Prose && !l.in_comment();
    let mut out: Vec<Requirement> = Vec::new();
    for line in lines.iter().filter(is_plain) {
        let ordered: Vec<String> =
            sentences(&line.text).filter(|s| is_order(s) && swap(s).is_none()).map(str::to_owned).collect();
        let told = if ordered.is_empty() { ordered } else { with_what_goes_on(line, ordered) };
        for sentence in &told {
            let sentence = sentence.trim_end_matches([':', '：', ' ']);
            if out.len() < MOST_ORDERS {
                out.push(Requirement {
                    id: format!("R{}", out.len() + 1),
                    kind: requirement_kind(sentence, line.role),
                    text: shorten(sentence, LONGEST),
                    place: line.place.clone(),
                    overruled: false,
                });
            }
        }
    }
    out
}

/// What a ticket tells as done, where it asks in no other way: “The watcher will now only look at used files”. So do
/// descriptions that are written with the change.
pub fn told(lines: &[Line]) -> Vec<Requirement> {
    const NOW: &[&str] = &[
        " will now ",
        " now only ",
        " now supports ",
        " now allows ",
        " now accepts ",
        " now takes ",
        " now uses ",
        " can now ",
        " now available",
        " are still ",
        " is still ",
        "hanges behavior to ",
        "hanges behaviour to ",
    ];
    let is_plain =
        |l: &&Line| l.role == Role::Free && l.shape != Shape::Code && l.shape != Shape::Quote && !l.in_comment();
    let all =
        lines.iter().filter(is_plain).flat_map(|line| sentences(&line.text).map(move |sentence| (line, sentence)));
    let is_told = |(_, sentence): &(&Line, &str)| {
        NOW.iter().any(|word| sentence.contains(word)) && !sentence.ends_with('?') && !is_hollow(sentence)
    };
    let found = all.filter(is_told).take(MOST_ORDERS).enumerate();
    found
        .map(|(at, (line, sentence))| Requirement {
            id: format!("R{}", at + 1),
            kind: requirement_kind(sentence, line.role),
            text: shorten(without_joint(sentence), LONGEST),
            place: line.place.clone(),
            overruled: false,
        })
        .collect()
}

/// The title as the first requirement, where it orders something that the sentences below it only explain.
pub fn with_title(title: &str, lines: &[Line], mut told: Vec<Requirement>) -> Vec<Requirement> {
    let order = unscoped(title);
    let is_told_in_sentences = !told.is_empty() && !lines.iter().any(|l| is_listed(l) && !l.in_comment());
    let wanted = terms(order);
    let is_covered =
        |r: &Requirement| 2 * terms(&r.text).intersection(&wanted).count() > wanted.len() || r.text.contains(order);
    if is_told_in_sentences
        && (is_order(order) || is_rule(order))
        && swap(order).is_none()
        && !told.iter().any(is_covered)
    {
        let text = shorten(order, LONGEST);
        let kind = requirement_kind(&text, Role::Free);
        told.insert(0, Requirement { id: String::new(), kind, text, place: Place::Title, overruled: false });
        told.iter_mut().enumerate().for_each(|(at, r)| r.id = format!("R{}", at + 1));
    }
    told
}

/// Does the title say what may be, or may not be?
fn is_rule(title: &str) -> bool {
    const RULES: &[&str] = &["allow", "always", "avoid", "don't", "don’t", "never", "prevent", "require", "stop"];
    let lower = title.to_lowercase();
    let first = lower.split(' ').next().unwrap_or_default();
    (RULES.contains(&first) || lower.starts_with("do not ")) && lower.split(' ').count() >= 3
}

/// Does the sentence begin with the order to change something?
fn is_order(sentence: &str) -> bool {
    const ORDERS: &[&str] = &[
        "accept",
        "add",
        "allow",
        "bump",
        "delete",
        "disable",
        "drop",
        "enable",
        "expose",
        "extend",
        "extract",
        "hide",
        "implement",
        "include",
        "introduce",
        "let",
        "limit",
        "migrate",
        "move",
        "provide",
        "raise",
        "remove",
        "rename",
        "replace",
        "send",
        "show",
        "split",
        "support",
        "switch",
        "turn",
        "upgrade",
        "cache",
        "cancel",
        "count",
        "display",
        "export",
        "filter",
        "ignore",
        "import",
        "mark",
        "notify",
        "record",
        "refuse",
        "reject",
        "return",
        "retry",
        "save",
        "skip",
        "stop",
        "store",
        "validate",
        "warn",
    ];
    let sentence = sentence.strip_prefix("Please ").unwrap_or(sentence);
    let mut words = sentence.split(' ');
    let first = words.next().unwrap_or_default().to_lowercase();
    let second = words.clone().next().unwrap_or_default();
    let is_noun =
        ["is", "are", "was", "were", "has", "have", "wants", "needs", "page", "button", "list"].contains(&second);
    ORDERS.contains(&first.as_str()) && !is_noun && words.count() >= 2 && !sentence.ends_with('?')
}

/// The sentences of a line that demand something; one that only points back (“should not do that”) keeps the sentence
/// before it.
fn demands(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut before = "";
    for sentence in sentences(line).filter(|s| !is_example(s)) {
        let sentence = without_joint(sentence);
        let bare = sentence.trim_end_matches(['.', '!']).to_lowercase();
        let points_back =
            ["do that", "do this", "do so", "be that", "like that", "like this"].iter().any(|w| bare.ends_with(w));
        let is_asked = is_demand(sentence) || is_wanted_form(sentence);
        if is_asked && swap(sentence).is_none() && !is_hollow(sentence) {
            let whole =
                if points_back && !before.is_empty() { format!("{before} {sentence}") } else { sentence.to_owned() };
            out.push(whole);
        }
        before = sentence;
    }
    out
}

/// “Shops want newline-delimited JSON: one event per line”: the form of what somebody wants.
fn is_wanted_form(sentence: &str) -> bool {
    let Some((before, form)) = sentence.split_once(": ") else { return false };
    let wants = [" want ", " wants ", " need ", " needs "].iter().any(|word| before.to_lowercase().contains(word));
    let is_own = ["I ", "We ", "You "].iter().any(|who| before.starts_with(who));
    wants && !is_own && form.split(' ').count() >= 3 && !sentence.ends_with('?')
}

/// The first texts; where there are none, the others.
fn either(first: Vec<String>, others: impl FnOnce() -> Vec<String>) -> Vec<String> {
    if first.is_empty() { others() } else { first }
}

/// The sentences that order routes, “Add `POST /carts/:id/lock`”, or begin with one: “`POST /carts/:id/lock`, for owners”.
fn routed(line: &str) -> Vec<String> {
    let is_for = |s: &str| {
        let rest = s.rsplit('`').next().unwrap_or_default();
        s.starts_with('`') && [", for ", ", only ", ", by "].iter().any(|begin| rest.starts_with(begin))
    };
    let orders = |s: &&str| is_order(s) || is_for(s);
    let names = |s: &&str| !super::routes(s).is_empty();
    let told = sentences(line).filter(|s| orders(s) && names(s) && swap(s).is_none());
    told.map(str::to_owned).collect()
}

/// The sentences that tell what is done: “Added a method to check …”. Below a heading for that, they say what is asked.
fn deeds(line: &str) -> Vec<String> {
    let tells = |s: &&str| {
        let mut words = s.split(' ');
        words.next().is_some_and(is_deed) && words.count() >= 3 && swap(s).is_none()
    };
    sentences(line).filter(tells).map(str::to_owned).collect()
}

/// Does the sentence tell of one case to explain what is asked?
fn is_example(sentence: &str) -> bool {
    const BEGINS: &[&str] = &["for example", "for instance", "e.g.", "as an example"];
    let lower = sentence.to_lowercase();
    BEGINS.iter().any(|begin| lower.starts_with(begin))
}

/// The sentence without the word that joins it to the one before.
fn without_joint(sentence: &str) -> &str {
    const JOINTS: &[&str] = &["However, ", "But ", "Also, ", "Then, ", "Therefore, ", "Additionally, ", "Besides, "];
    JOINTS.iter().find_map(|joint| sentence.strip_prefix(joint)).unwrap_or(sentence)
}

/// “They should be told instead”: of a sentence that begins with a pronoun and has hardly a word more, only the sentences
/// around it say what is meant.
pub fn is_hollow(sentence: &str) -> bool {
    let first = sentence.split(' ').next().unwrap_or_default().to_lowercase();
    ["it", "they", "this", "that", "these", "those"].contains(&first.as_str())
        && !sentence.contains('`')
        && crate::planner::words::terms(sentence).len() <= 2
}

/// What a requirement is about, by its words: as the sections on speed, security and reliability read them. One that asks
/// for what a route does, and sets no figure, is about that.
fn requirement_kind(text: &str, role: Role) -> RequirementKind {
    let lower = text.to_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    if speed::figure(text).is_some()
        || any(&["latency", "milliseconds", " ms", "throughput", "faster", "p95", "p99", "response time"])
    {
        RequirementKind::Performance
    } else if !super::routes(text).is_empty() {
        RequirementKind::Functional
    } else if security::says_who_may(text)
        || security::keeps_secret(text)
        || any(&["permission", "authoriz", "authoris", "authentic", "encrypt", "password", "secret", "vulnerab"])
    {
        RequirementKind::Security
    } else if any(&["backward", "backwards", "compatible", "deprecat", "must not break"]) {
        RequirementKind::Compatibility
    } else if reliability::aspect(text).is_some() || any(&["failover", "uptime"]) {
        RequirementKind::Reliability
    } else if role == Role::NonFunctional && any(&["concurrent", "scale", "users", "requests per"]) {
        RequirementKind::Scalability
    } else {
        RequirementKind::Functional
    }
}
