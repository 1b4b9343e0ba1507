//! The patterns of routes for a text.
//!
//! In: rows and a text. Out: the patterns that may match in it, each compiled once, when a text first asks for it.

mod rows;

use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use rows::{BLOCKS, DEFAULTS, HANDED, HOLDERS, IMPORTS, MOUNTS, OWNERS, PASSES, ROUTES, Row, WHOLES};

/// A row whose pattern is compiled when a text first asks for it.
pub struct Pattern {
    row: &'static Row,
    of_call: OnceLock<Regex>,
    of_text: OnceLock<Regex>,
}

impl Pattern {
    fn of(row: &'static Row) -> Self {
        Self { row, of_call: OnceLock::new(), of_text: OnceLock::new() }
    }

    /// May the pattern match in this text?
    pub fn may_match(&self, text: &str) -> bool {
        text.contains(self.row.1)
    }

    /// The pattern for a line with those that its call goes on for.
    pub fn regex(&self) -> &Regex {
        self.of_call.get_or_init(|| Regex::new(self.row.2).expect("a constant pattern"))
    }

    /// May the pattern match in the lines of this text? One pass costs less than a look at each line.
    fn is_in(&self, text: &str) -> bool {
        let whole = || Regex::new(&format!("(?ms){}", self.row.2)).expect("a constant pattern");
        self.of_text.get_or_init(whole).is_match(text)
    }
}

/// The patterns that may match in one text.
pub struct Table {
    pub routes: Vec<&'static Pattern>,
    pub owners: Vec<&'static Pattern>,
    pub blocks: Vec<&'static Pattern>,
    pub mounts: Vec<&'static Pattern>,
    pub wholes: Vec<&'static Pattern>,
    pub handed: Vec<&'static Pattern>,
    pub imports: Vec<&'static Pattern>,
    pub passes: Vec<&'static Pattern>,
    pub holders: Vec<&'static Pattern>,
    pub defaults: Vec<&'static Pattern>,
}

static ALL: LazyLock<[Vec<Pattern>; 10]> = LazyLock::new(|| {
    [ROUTES, OWNERS, BLOCKS, MOUNTS, WHOLES, HANDED, IMPORTS, PASSES, HOLDERS, DEFAULTS]
        .map(|rows| rows.iter().map(Pattern::of).collect())
});

impl Table {
    /// The patterns for a text of a language; nothing, when it has neither routes nor mounts.
    pub fn of(language: &str, text: &str) -> Option<Self> {
        let fits = |pattern: &&Pattern| pattern.row.0.contains(&language) && pattern.may_match(text);
        let of = |patterns: &'static Vec<Pattern>| patterns.iter().filter(fits);
        let [routes, owners, blocks, mounts, wholes, handed, imports, passes, holders, defaults] = &*ALL;
        let [routes, mounts, wholes, passes]: [Vec<&Pattern>; 4] = [routes, mounts, wholes, passes]
            .map(|patterns| of(patterns).filter(|pattern| pattern.is_in(text)).collect());
        let [owners, blocks, handed, imports, holders, defaults]: [Vec<&Pattern>; 6] =
            [owners, blocks, handed, imports, holders, defaults].map(|patterns| of(patterns).collect());
        let hands = || !handed.is_empty() && owners.iter().any(|pattern| pattern.is_in(text));
        let is_worth_it = [&routes, &mounts, &wholes, &passes].iter().any(|declared| !declared.is_empty()) || hands();
        is_worth_it.then_some(Self {
            routes,
            owners,
            blocks,
            mounts,
            wholes,
            handed,
            imports,
            passes,
            holders,
            defaults,
        })
    }
}
