//! Finds which part of the code a sentence of the ticket concerns, by the words they share.
//!
//! In: a criterion's or requirement's words, and the groups. Out: the group, and the symbol to start in. A word that many
//! groups share counts less (inverse document frequency over the groups).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        code::{
            declared, figures,
            layer::Layer,
            path::{folder, stem},
        },
        places::{
            called, documents, flags,
            named::named_by_kind,
            site::Site,
            stored, timed,
            todo::{Act, Todo},
            toggles, widen,
        },
        reading::routes,
        sections::interface,
        unsaid,
    },
    group::Group,
    why::is_telling,
};
use crate::model::{
    context::{FactKind, Symbol, SymbolKind},
    plan::Action,
};
use crate::planner::words::{is_keyword, subject, terms};

/// Bytes of each file whose words are compared.
const READ: usize = 20_000;
/// Letters by which forms of one word are told, whatever the language.
const ROOT: usize = 6;
/// What a group scores for a sentence that names the field which it adds.
const NAMED: f64 = 6.0;
/// The most symbols of a file that are compared.
const MOST_SYMBOLS: usize = 150;

/// The words of all groups.
pub struct Index<'g, 's, 'c> {
    groups: &'g [Group<'s, 'c>],
    words: Vec<Words>,
    /// In how many groups a term stands.
    spread: BTreeMap<String, usize>,
    symbols: Vec<Vec<NamedSymbol<'s, 'c>>>,
    /// The group with what runs by the clock.
    clock: Option<usize>,
    /// The terms of the new noun that gets files of its own.
    noun: Option<BTreeSet<String>>,
}

/// The terms of one group.
struct Words {
    names: BTreeSet<String>,
    text: BTreeSet<String>,
    /// A route is declared in one of its files.
    declares_routes: bool,
}

/// A symbol with the terms of its name and of its body.
struct NamedSymbol<'s, 'c> {
    site: &'s Site<'c>,
    symbol: Symbol,
    name: BTreeSet<String>,
    body: BTreeSet<String>,
}

/// Where a sentence of the ticket leads.
pub struct Served<'s, 'c> {
    /// The group's position.
    pub group: usize,
    pub start: Option<(&'s Site<'c>, Symbol)>,
    /// No word decided: it is the only code step there is.
    pub is_only_place: bool,
    /// A name, a figure or what is asked itself decided, not some shared words.
    pub is_certain: bool,
    /// It stands here because the rest of its section does.
    pub is_neighbour: bool,
    /// It says what must stay as it is.
    pub is_guard: bool,
}

impl Served<'_, '_> {
    /// A group for certain, without a place in it.
    pub fn at(group: usize) -> Self {
        Self { group, start: None, is_only_place: false, is_certain: true, is_neighbour: false, is_guard: false }
    }
}

impl<'g, 's, 'c> Index<'g, 's, 'c> {
    /// Reads the words of the groups.
    pub fn of(groups: &'g [Group<'s, 'c>]) -> Self {
        let words: Vec<Words> = groups.iter().map(words_of).collect();
        let mut spread = BTreeMap::new();
        for words in &words {
            for term in words.names.union(&words.text) {
                *spread.entry(term.clone()).or_insert(0) += 1;
            }
        }
        let clock = groups.iter().flat_map(|g| g.sites.first()).find_map(|s| timed::home(s.context, s.reading));
        let is_clock =
            |g: &Group<'_, '_>| clock.as_ref().is_some_and(|(path, _)| g.sites.iter().any(|s| s.path == *path));
        let clock = groups.iter().position(is_clock);
        let kin = groups.iter().map(Group::lead).find(|s| s.is_kin);
        let noun = kin.and_then(|s| stored::noun(s.context, s.reading)).map(|noun| terms(&noun));
        Self { groups, words, spread, symbols: groups.iter().map(symbols_of).collect(), clock, noun }
    }

    /// Where the text leads; `None` when no group shares a telling word and there are several.
    pub fn find(&self, text: &str) -> Option<Served<'s, 'c>> {
        if let Some((group, site, symbol)) = self.named(text) {
            return Some(Served { start: Some((site, symbol)), ..Served::at(group) });
        }
        let is_document = |g: &Group<'_, '_>| {
            g.layer == Layer::Document && g.sites.iter().any(|s| documents::asks_for(text, &s.path))
        };
        if let Some(group) = self.made().filter(|_| !self.groups.iter().any(is_document)) {
            return Some(Served::at(group));
        }
        let slow = || self.groups.iter().position(|g| g.sites.iter().any(|s| s.has_loop));
        let by_nature = match (self.clock, slow()) {
            (Some(clock), _) if timed::is_timed(text) => Some(clock),
            (_, Some(slow)) if is_measured(text) => Some(slow),
            _ => None,
        };
        let declares = |g: &Group<'_, '_>| g.sites.iter().any(|s| toggles::is_declared_by(text, &s.todo));
        let removes = |g: &Group<'_, '_>| {
            let names = g.sites.iter().flat_map(|s| &s.todo).filter_map(|todo| todo.removes());
            g.lead().is_code() && names.into_iter().any(|name| text.to_lowercase().contains(&name.to_lowercase()))
        };
        let by_nature = by_nature.or_else(|| self.groups.iter().position(|g| declares(g) || removes(g)));
        let by_nature = by_nature.or_else(|| self.outliving(text));
        if let Some(group) = by_nature.or_else(|| self.kin(text)) {
            return Some(Served::at(group));
        }
        if let Some(served) = self.refused(text).or_else(|| self.figured(text)) {
            return Some(served);
        }
        let wanted = terms(subject(text));
        let is_route = !routes(text).is_empty();
        let has_routes = self.words.iter().any(|w| w.declares_routes);
        let score = |at: usize| -> f64 {
            let words = &self.words[at];
            let group = &self.groups[at];
            if group.layer == Layer::Document {
                // A document serves what names it, and nothing that merely shares its subject.
                return if group.sites.iter().any(|s| documents::asks_for(text, &s.path)) { 9.0 } else { 0.0 };
            }
            // A type that gets a field does nothing else.
            let only_fields =
                |s: &Site<'_>| !s.todo.is_empty() && s.todo.iter().all(|t| matches!(t.act, Act::Field(_)));
            if group.sites.iter().all(|s| only_fields(s)) {
                return 0.0;
            }
            if group.layer == Layer::Migration && !stored::is_kept(text) {
                return 0.0;
            }
            // Where something is merely named beside its sibling, nothing is decided by it.
            if group.sites.iter().all(|s| only_follows(s)) {
                let follows = group.sites.iter().flat_map(|s| &s.todo).filter_map(Todo::follows);
                let is_named = follows.into_iter().any(|name| text.to_lowercase().contains(&name.to_lowercase()));
                if is_decided(text) || !is_named && !is_of_field(text) {
                    return 0.0;
                }
                // What declares the field comes before what makes room for it.
                let declares = |s: &Site<'_>| s.is_code() && !s.symbols.is_empty() && s.layer != Layer::View;
                let first = f64::from(u8::from(group.sites.iter().any(|s| declares(s))));
                if is_named || first > 0.0 {
                    return first + if is_named { NAMED } else { 0.0 };
                }
            }
            if is_route && has_routes && !words.declares_routes && group.layer != Layer::Interface {
                return 0.0;
            }
            let shared: f64 =
                wanted.iter().map(|t| self.weight(t) * (2.0 * flag(&words.names, t) + flag(&words.text, t))).sum();
            // “mail” is what `mailer` is named for, where no name is exactly that.
            let is_akin = |t: &String| !words.names.contains(t) && words.names.iter().any(|n| widen::is_same(n, t));
            let shared = shared + wanted.iter().filter(|t| is_akin(t)).count() as f64;
            // Settings and texts follow what code does.
            let shared = if group.layer == Layer::Settings { 0.4 * shared } else { shared };
            shared + if is_route && words.declares_routes { 3.0 } else { 0.0 }
        };
        let scored = (0..self.groups.len()).map(|at| (at, score(at)));
        // The first of equals wins: groups stand in the order of work.
        let best = scored.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
        let deeds = deeds(text);
        let start = self.worded(best.0, text).or_else(|| self.start(best.0, &wanted, &deeds));
        // Where a field is only added, there is nothing to look for.
        let start = start.filter(|_| !self.groups[best.0].sites.iter().all(|s| only_follows(s)));
        let is_event = start.as_ref().is_some_and(|(_, symbol)| is_event(&terms(&symbol.name), &deeds));
        let rules = self.rules().filter(|home| best.0 != *home && !is_event && self.is_of_rules(text, best.0));
        if let Some(home) = rules {
            return Some(Served { is_certain: false, ..Served::at(home) });
        }
        if best.1 >= 1.0 {
            return Some(Served { start, is_certain: false, ..Served::at(best.0) });
        }
        if let Some(served) = self.answered(text).or_else(|| self.foldered(&wanted)) {
            return Some(served);
        }
        let code: Vec<usize> = (0..self.groups.len()).filter(|at| self.groups[*at].lead().is_code()).collect();
        match code[..] {
            [only] => Some(Served { is_only_place: true, is_certain: false, ..Served::at(only) }),
            _ if routes(text).is_empty() && self.is_of_title(text) => {
                // Where something that is there changes, and nothing is only added.
                let changes = |at: &usize| {
                    let lead = self.groups[*at].lead();
                    lead.action == Action::Modify && !lead.symbols.is_empty() && !lead.todo.iter().all(Todo::adds)
                };
                let lead = code.iter().copied().find(changes).or(code.first().copied());
                lead.map(|group| Served { is_certain: false, ..Served::at(group) })
            }
            _ => self.endpoint().map(|group| Served { is_only_place: true, is_certain: false, ..Served::at(group) }),
        }
    }

    /// “Without it the answer is 400”: the group with what answers the only route that the ticket names.
    fn refused(&self, text: &str) -> Option<Served<'s, 'c>> {
        let reading = self.groups.first()?.lead().reading;
        let [(method, path)] = reading.routes.as_slice() else { return None };
        let is_status =
            |word: &str| word.len() == 3 && word.starts_with('4') && word.bytes().all(|b| b.is_ascii_digit());
        let has_status = text.split(|c: char| !c.is_alphanumeric()).any(is_status);
        (has_status && routes(text).is_empty()).then(|| self.answered(&format!("`{method} {path}`"))).flatten()
    }

    /// The group with what answers a route that the text names and the repository has.
    fn answered(&self, text: &str) -> Option<Served<'s, 'c>> {
        let context = self.groups.first()?.lead().context;
        routes(text).iter().find_map(|(method, path)| {
            let (home, symbol) = called::answers(context, declared::find(context, method, path)?)?;
            let here = |g: &Group<'s, 'c>| g.sites.iter().copied().find(|s| s.path == home);
            let (group, site) = self.groups.iter().enumerate().find_map(|(at, g)| Some((at, here(g)?)))?;
            Some(Served { start: Some((site, symbol)), ..Served::at(group) })
        })
    }

    /// The only group of code whose folder has a word of the text: what is said of the client is done below `client`.
    fn foldered(&self, wanted: &BTreeSet<String>) -> Option<Served<'s, 'c>> {
        let has = |g: &Group<'_, '_>, term: &String| g.sites.iter().any(|s| terms(folder(&s.path)).contains(term));
        let only = |term: &String| {
            let code = self.groups.iter().enumerate().filter(|(_, g)| g.lead().is_code());
            let mut found = code.filter(|(_, g)| has(g, term)).map(|(at, _)| at);
            found.next().filter(|_| found.next().is_none())
        };
        let group = wanted.iter().find_map(only)?;
        Some(Served { is_certain: false, ..Served::at(group) })
    }

    /// The group with the file that is made beside its siblings: what is asked of the new thing is done there, unless a
    /// symbol or an option names another place.
    fn made(&self) -> Option<usize> {
        let is_made = |s: &Site<'_>| s.action == Action::Create && s.is_beside;
        self.groups.iter().position(|g| g.sites.iter().any(|s| is_made(s)))
    }

    /// The migration of what has to outlive the process: the one that is named for it first.
    fn outliving(&self, text: &str) -> Option<usize> {
        let told = terms(text);
        let all =
            (0..self.groups.len()).filter(|at| stored::outlives(text) && self.groups[*at].layer == Layer::Migration);
        let is_named = |at: &usize| self.groups[*at].sites.iter().any(|s| !terms(stem(&s.path)).is_disjoint(&told));
        all.clone().find(is_named).or_else(|| all.clone().next())
    }

    /// The group that makes a new noun's file for what the text says of the noun: its requests, its storage, else its rules.
    fn kin(&self, text: &str) -> Option<usize> {
        let noun = self.noun.as_ref()?;
        // What the text names of the code that is there comes first.
        let written = |s: &Site<'_>, word: &str| s.text.as_deref().is_some_and(|t| t.contains(word));
        let is_name = |word: &str| {
            word.contains('_') || word.contains(char::is_lowercase) && word[1..].contains(char::is_uppercase)
        };
        let is_there =
            |word: &str| is_name(word) && self.groups.iter().any(|g| g.sites.iter().any(|s| written(s, word)));
        let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        // Where nothing brings about what the text waits for, the code that it names does something else.
        let is_unraised = self.groups.first().is_some_and(|g| unsaid::is_unraised(g.lead().context, text));
        let names_code = !is_unraised && words.filter(|w| w.len() >= 4 && w.is_ascii()).any(is_there);
        if !noun.is_subset(&terms(text)) || names_code {
            return None;
        }
        let at = |layer: Layer| self.groups.iter().position(|g| g.lead().is_kin && g.layer == layer);
        if !routes(text).is_empty() {
            return at(Layer::Interface);
        }
        if stored::is_in_store(text) {
            return self.groups.iter().position(|g| g.layer == Layer::Migration);
        }
        at(Layer::Logic).or_else(|| at(Layer::Data)).or_else(|| at(Layer::Interface))
    }

    /// The group with the rules of a new noun.
    fn rules(&self) -> Option<usize> {
        self.noun.as_ref()?;
        self.groups.iter().position(|g| g.lead().is_kin && g.layer == Layer::Logic && g.lead().action == Action::Create)
    }

    /// Is a sentence on a new noun one of its rules, though shared words lead elsewhere? What says when something holds is
    /// decided there and not where requests are answered; other code of the repository is only used by it.
    fn is_of_rules(&self, text: &str, group: usize) -> bool {
        const CONDITIONS: &[&str] =
            &[" when ", " while ", " second ", " twice ", " already ", " again ", " if ", " unless ", " after "];
        let group = &self.groups[group];
        let padded = format!(" {} ", text.to_lowercase());
        let is_told = CONDITIONS.iter().any(|word| padded.contains(word));
        match group.declares_routes() {
            true => is_told && routes(text).is_empty(),
            false => group.lead().is_code() && group.layer != Layer::Migration && !group.lead().is_kin,
        }
    }

    /// Does the text say two words of the title again, in any form: “abgesagte Termine”, “berechnet”?
    fn is_of_title(&self, text: &str) -> bool {
        let Some(title) = self.groups.first().map(|g| &g.lead().reading.title) else { return false };
        let roots = |text: &str| -> BTreeSet<String> {
            let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
            words.filter(|w| w.chars().count() >= ROOT).map(|w| w.chars().take(ROOT).collect()).collect()
        };
        roots(text).intersection(&roots(title)).count() >= 2
    }

    /// The only group whose code holds a figure of the text, and the symbol around it.
    fn figured(&self, text: &str) -> Option<Served<'s, 'c>> {
        let figures = figures::of(text);
        let holds = |site: &'s Site<'c>| Some((site, figures::line_with(site.text.as_deref()?, &figures)?));
        let of = |g: &Group<'s, 'c>| g.sites.iter().filter(|s| s.is_code()).find_map(|s| holds(s));
        let mut found = self.groups.iter().enumerate().filter_map(|(at, g)| Some((at, of(g)?)));
        let (group, (site, line)) = found.next()?;
        if found.next().is_some() {
            return None;
        }
        let around = site.context.tree.symbols(&site.path).into_iter().filter(|s| s.line <= line && line <= s.end_line);
        let start = around.min_by_key(|s| s.end_line - s.line);
        // The figure itself is right already: what decides when it counts is to be changed.
        let is_constant = |s: &Symbol| matches!(s.kind, SymbolKind::Constant | SymbolKind::Field);
        let start = match start {
            Some(constant) if is_constant(&constant) => user_of(site, &constant).or(Some(constant)),
            other => other,
        };
        let start = start.map(|symbol| (site, symbol));
        Some(Served { start, ..Served::at(group) })
    }

    /// The group of the handler beside a new route: where nothing else is said, the ticket speaks of that route.
    fn endpoint(&self) -> Option<usize> {
        let is_handler = |s: &Site<'_>| s.is_code() && !s.called.is_empty() && !s.symbols.is_empty();
        let is_new = |s: &Site<'_>| is_handler(s) && !interface::new_routes(s.context, s.reading).is_empty();
        let at = |fits: &dyn Fn(&Site<'_>) -> bool| self.groups.iter().position(|g| g.sites.iter().any(|s| fits(s)));
        at(&|s| is_new(s) && s.layer == Layer::Interface).or_else(|| at(&is_new))
    }

    /// The file that is called like an option which the text names, or the symbol that declares it.
    fn optional(&self, text: &str) -> Option<(usize, &'s Site<'c>, Symbol)> {
        let flags = flags::named(text);
        let all = || self.groups.iter().enumerate().flat_map(|(at, g)| g.sites.iter().map(move |s| (at, *s)));
        let all = || all().filter(|(_, s)| s.is_code());
        flags.into_iter().find_map(|flag| {
            let called = all().find(|(_, s)| flags::is_called(stem(&s.path), flag));
            let by_name = called.and_then(|(at, s)| Some((at, s, s.symbols.first()?.clone())));
            let declared = |s: &Site<'_>| s.symbols.iter().find(|sym| flags::is_called(&sym.name, flag)).cloned();
            by_name.or_else(|| all().find_map(|(at, s)| Some((at, s, declared(s)?))))
        })
    }

    /// A symbol to change whose telling name the text writes out.
    fn named(&self, text: &str) -> Option<(usize, &'s Site<'c>, Symbol)> {
        if let Some(found) = self.optional(text) {
            return Some(found);
        }
        let words: BTreeSet<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        let kinds = named_by_kind(text);
        let is_named = |s: &&Symbol| {
            is_telling(&s.name) && words.contains(s.name.as_str()) || kinds.iter().any(|(name, _)| *name == s.name)
        };
        self.groups.iter().enumerate().find_map(|(at, group)| {
            group.sites.iter().find_map(|site| {
                let symbol = site.symbols.iter().find(is_named)?;
                Some((at, *site, symbol.clone()))
            })
        })
    }

    /// How telling a term is among the groups.
    fn weight(&self, term: &str) -> f64 {
        match self.spread.get(term) {
            Some(count) => 1.0 / *count as f64,
            None => 0.0,
        }
    }

    /// The symbol to change whose whole name of several words the text says, where it says what is added to it: “add the id
    /// to the filter context” is about `FilterContext`.
    fn worded(&self, group: usize, text: &str) -> Option<(&'s Site<'c>, Symbol)> {
        let home = widen::home(text)?;
        let all = self.groups[group].sites.iter().flat_map(|site| site.symbols.iter().map(move |s| (*site, s)));
        let said = all.filter(|(_, s)| {
            let name = terms(&s.name);
            name.len() >= 2 && widen::stands_together(&name, home)
        });
        said.max_by_key(|(_, s)| terms(&s.name).len()).map(|(site, symbol)| (site, symbol.clone()))
    }

    /// The symbol whose name, and less so whose body, shares most.
    fn start(
        &self,
        group: usize,
        wanted: &BTreeSet<String>,
        deeds: &BTreeSet<String>,
    ) -> Option<(&'s Site<'c>, Symbol)> {
        let score = |s: &NamedSymbol<'s, 'c>| {
            let named = s.name.intersection(wanted).count();
            let spoken = s.body.intersection(wanted).count();
            // Of names that say as much, the one to change first is meant.
            let is_first = s.site.symbols.first().is_some_and(|first| first.line == s.symbol.line && named > 0);
            // “When an appointment is cancelled” is what `cancel` does.
            let is_event = usize::from(is_event(&s.name, deeds));
            (named * 3 + spoken + 2 * usize::from(is_first) + 6 * is_event, named)
        };
        let best = self.symbols[group].iter().map(|s| (score(s), s)).reduce(|a, b| if b.0 > a.0 { b } else { a })?;
        let ((total, named), found) = best;
        // Where the ticket names the symbol to change, one shared word does not lead to another one.
        let is_led = self.groups[group].sites.iter().any(|site| {
            let first = site.symbols.first().filter(|s| is_telling(&s.name));
            first.is_some_and(|s| site.reading.all.contains(s.name.as_str()))
        });
        if is_led && named < 2 {
            return None;
        }
        (total >= 3 && (named > 0 || total >= 4)).then(|| (found.site, found.symbol.clone()))
    }
}

/// Does the sentence wait for what the symbol does: “when an appointment is cancelled” for `cancel`?
pub fn waits_for(text: &str, symbol: &Symbol) -> bool {
    is_event(&terms(&symbol.name), &deeds(text))
}

fn is_event(name: &BTreeSet<String>, deeds: &BTreeSet<String>) -> bool {
    !name.is_empty() && name.is_subset(deeds)
}

/// What happens by the words of a condition: the terms of the participles behind “when … is”.
fn deeds(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let Some((_, behind)) = lower.split_once("when ") else { return BTreeSet::new() };
    let clause = &behind[..behind.find([',', '.']).unwrap_or(behind.len())];
    let words: Vec<&str> = clause.split(' ').collect();
    let is_told = |at: &usize| ["is", "are", "was", "were", "been", "gets"].contains(&words[*at]);
    let participles = (0..words.len().saturating_sub(1)).filter(is_told).map(|at| words[at + 1]);
    participles.filter(|w| w.ends_with("ed")).flat_map(terms).collect()
}

/// Is something merely named here beside its sibling?
fn only_follows(site: &Site<'_>) -> bool {
    !site.todo.is_empty() && site.todo.iter().all(|t| matches!(t.act, Act::Follow(_) | Act::AddColumn(_)))
}

/// Does the sentence say what a field is, or where it goes in and out?
fn is_of_field(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "accept", "accepts", "accepted", "add", "added", "default", "edit", "editable", "edited", "export", "exports",
        "exported", "field", "import", "imports", "imported", "kept", "optional", "option", "required", "return",
        "returned", "returns", "save", "saved", "set", "stored", "valid",
    ];
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| WORDS.contains(&word))
}

/// Does the sentence say what comes where something is so: “when it is off, the page leaves out the list”?
fn is_decided(text: &str) -> bool {
    const SWITCHED: &[&str] =
        &["on", "off", "true", "false", "set", "empty", "enabled", "disabled", "active", "checked"];
    const BEGINS: &[&str] = &["when", "if", "while", "with", "without"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let begin = words.first().is_some_and(|first| BEGINS.contains(first));
    begin && words.iter().take(7).any(|word| SWITCHED.contains(word))
        || [" no longer ", " any more", " anymore", " does not ", " do not "].iter().any(|word| lower.contains(word))
}

/// Does the sentence set a limit to time or to the number of queries?
fn is_measured(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '-']).map(|w| w.trim_matches([',', '.', ';', ')', '('])).collect();
    let is_figure = |w: &str| w.starts_with(|c: char| c.is_ascii_digit());
    let is_unit = |w: &str| ["ms", "s", "seconds", "second", "milliseconds", "minutes"].contains(&w);
    let has_time = words.windows(2).any(|pair| is_figure(pair[0]) && is_unit(pair[1]));
    has_time || words.iter().any(|w| ["query", "queries", "requests", "roundtrips"].contains(w))
}

/// The first function of the site's file that names the symbol.
fn user_of(site: &Site<'_>, constant: &Symbol) -> Option<Symbol> {
    let text = site.text.as_deref()?;
    let (line, _) = (1_u32..)
        .zip(text.lines())
        .skip(constant.end_line as usize)
        .find(|(_, line)| super::super::code::edges::names(line, &constant.name))?;
    site.around(line).filter(|s| matches!(s.kind, SymbolKind::Function | SymbolKind::Method))
}

/// 1 when the term is in the set.
fn flag(set: &BTreeSet<String>, term: &str) -> f64 {
    f64::from(u8::from(set.contains(term)))
}

/// The terms of a group's names and of the head of its texts.
fn words_of(group: &Group<'_, '_>) -> Words {
    let declares =
        |site: &Site<'_>| site.context.facts.iter().any(|f| f.kind == FactKind::Route && f.path == site.path);
    let declares_routes = group.sites.iter().any(|site| declares(site));
    let mut words = Words { names: BTreeSet::new(), text: BTreeSet::new(), declares_routes };
    for site in &group.sites {
        words.names.extend(site.names.iter().cloned());
        if let Some(text) = &site.text {
            words.text.extend(terms(head(text)).into_iter().filter(|t| !is_keyword(t)));
        }
    }
    words
}

/// The first bytes of a text, whole characters only.
fn head(text: &str) -> &str {
    let mut end = text.len().min(READ);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Functions and methods of a group's code files, with their terms.
fn symbols_of<'s, 'c>(group: &Group<'s, 'c>) -> Vec<NamedSymbol<'s, 'c>> {
    let mut out = Vec::new();
    for site in group.sites.iter().filter(|s| s.is_code()) {
        let lines: Vec<&str> = site.text.as_deref().map(|t| t.lines().collect()).unwrap_or_default();
        let symbols = site.context.tree.symbols(&site.path);
        let callable = |s: &Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method | SymbolKind::Macro);
        for symbol in symbols.into_iter().filter(callable).take(MOST_SYMBOLS) {
            let first = (symbol.line as usize).saturating_sub(1).min(lines.len());
            let last = (symbol.end_line as usize).clamp(first, lines.len()).min(first + 40);
            let mut body = terms(&lines[first..last].join("\n"));
            body.retain(|t| !is_keyword(t));
            out.push(NamedSymbol { site, name: terms(&symbol.name), body, symbol });
        }
    }
    out
}
