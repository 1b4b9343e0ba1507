//! Reads a ticket: what it asks for, in its own words, each with the place where they stand.
//!
//! In: a [`Ticket`]. Out: a [`Reading`]. Knows no repository. Linear in the ticket's length; lists are capped, and what a
//! cap leaves out is counted.

mod below;
mod comments;
mod criteria;
mod findings;
mod form;
mod goes_on;
mod headings;
mod kind;
mod lines;
mod log;
mod prose;
mod sentence;
mod story;
mod swap;
mod trace;

use crate::model::{
    plan::{Criterion, Kind, Place, Requirement},
    ticket::Ticket,
};

pub use headings::Role;
pub use lines::{Line, Shape};
pub use prose::routes;
pub use sentence::{is_demand, is_to_contributor, sentences};
pub use swap::Swap;

/// The most criteria, and the most requirements, that are taken from one ticket.
const MOST: usize = 60;

/// A piece of the ticket with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Clean, one line, in the ticket's words.
    pub text: String,
    pub place: Place,
}

/// "As a … I want … so that …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Story {
    pub who: String,
    pub wants: String,
    pub so_that: Option<String>,
    pub place: Place,
}

/// What a ticket says, sorted.
#[derive(Clone, Debug)]
pub struct Reading {
    pub title: String,
    pub kind: Kind,
    pub kind_reason: String,
    pub criteria: Vec<Criterion>,
    /// Criteria beyond the cap.
    pub criteria_left_out: usize,
    pub requirements: Vec<Requirement>,
    pub story: Option<Story>,
    pub expected: Option<Found>,
    /// The table or code right below what is expected, in one line.
    pub expected_shown: Option<String>,
    pub actual: Option<Found>,
    pub actual_shown: Option<String>,
    pub reproduction: Vec<Found>,
    /// Lines that say what went wrong: exception names, panics, error texts.
    pub errors: Vec<Found>,
    pub has_trace: bool,
    pub out_of_scope: Vec<Found>,
    /// What the ticket reports as it is today, in lists that it introduces so.
    pub findings: Vec<Found>,
    /// The ticket's own questions.
    pub questions: Vec<Found>,
    /// What maintainers settled in later comments.
    pub decisions: Vec<Found>,
    /// Words that need a number or a name, with the sentence that holds them.
    pub vague: Vec<(String, Found)>,
    /// "`X` should be `Y`", "rename `X` to `Y`".
    pub swaps: Vec<Swap>,
    /// Texts in code marks.
    pub codes: Vec<String>,
    /// Lines of code that are neither frames nor errors.
    pub quoted: Vec<String>,
    /// Names in code marks that stand together in one line, from four on: each alone says little.
    pub lists: Vec<std::collections::BTreeSet<String>>,
    /// `GET /carts/{id}` and its like.
    pub routes: Vec<(String, String)>,
    /// Why it is asked for, where a heading says so.
    pub background: Vec<Found>,
    /// How the change was made, where the ticket's list is a log of it.
    pub log: Vec<Found>,
    /// The lines of that log that tell of work which comes with any change.
    pub chores: String,
    /// What else the ticket says, in order: sentences of no special role.
    pub sentences: Vec<Found>,
    /// Everything in one text, for words.
    pub all: String,
    /// The same without lines of code: names that stand only in an example are not in it.
    pub told: String,
    /// The terms of the whole ticket.
    pub terms: std::collections::BTreeSet<String>,
    /// How many blocks of its code it marks as good, and how many as bad.
    pub examples: Option<(usize, usize)>,
    /// What the next version should mind.
    pub wish: Option<super::wish::Wish>,
}

impl Reading {
    /// Reads a ticket and the wish for this version.
    pub fn with_wish(ticket: &Ticket, wish: Option<&str>) -> Self {
        let mut reading = Self::of(ticket);
        if let Some(wish) = wish.filter(|w| !w.trim().is_empty()) {
            super::wish::read(&mut reading, wish);
        }
        reading
    }

    /// Ids and words of criteria and requirements.
    pub fn asked(&self) -> impl Iterator<Item = (&str, &str)> {
        let criteria = self.criteria.iter().map(|c| (c.id.as_str(), c.text.as_str()));
        criteria.chain(self.requirements.iter().map(|r| (r.id.as_str(), r.text.as_str())))
    }

    /// Does the wish want this path left alone?
    pub fn is_kept(&self, path: &str) -> bool {
        self.wish.as_ref().is_some_and(|w| w.kept.iter().any(|k| k == path))
    }

    /// Reads a ticket.
    pub fn of(ticket: &Ticket) -> Self {
        let whole = crate::planner::words::clean(&ticket.title);
        let title = form::marked(&whole).map_or(whole.as_str(), |(_, title)| title).to_owned();
        let mut lines = lines::of(ticket);
        log::mark(&mut lines, &title);
        let (criteria, criteria_left_out) = criteria::criteria(&lines);
        let prose = prose::read(&lines, &title);
        let (kind, kind_reason) = kind::of(ticket, &whole, &prose, &lines);
        let mut requirements = criteria::requirements(&lines, &criteria, kind);
        if requirements.is_empty() && criteria.is_empty() && kind != Kind::Bug {
            requirements = criteria::orders(&lines);
            if requirements.is_empty() {
                requirements = criteria::told(&lines);
            }
        }
        let first = |role: Role| lines.iter().position(|l| l.role == role && l.shape != Shape::Code);
        let behaviour = |role: Role| first(role).map(|at| lines[at].found());
        let shown = |role: Role| first(role).and_then(|at| below::shown(&lines[at..]));
        let requirements = criteria::with_title(&title, &lines, requirements);
        let all = joined(&title, lines.iter());
        Self {
            kind,
            kind_reason,
            criteria_left_out,
            requirements,
            story: prose.story,
            expected: behaviour(Role::Expected).or(prose.expected.filter(|found| !criteria::is_hollow(&found.text))),
            expected_shown: shown(Role::Expected),
            actual: behaviour(Role::Actual).or(prose.actual),
            actual_shown: shown(Role::Actual),
            reproduction: reproduction(&lines),
            errors: prose.errors,
            has_trace: prose.has_trace,
            out_of_scope: with_role(&lines, Role::OutOfScope, 12),
            background: with_role(&lines, Role::Background, 3),
            findings: findings::of(&lines),
            questions: prose.questions,
            decisions: comments::decisions(&lines),
            vague: prose.vague,
            swaps: prose.swaps,
            codes: prose.codes,
            quoted: prose.quoted,
            lists: prose.lists,
            routes: prose.routes,
            log: log::told(&lines, &title),
            chores: log::chores(&lines),
            sentences: prose.sentences,
            told: joined(&title, lines.iter().filter(|l| l.shape != Shape::Code)),
            terms: crate::planner::words::terms(head(&all)),
            examples: examples(&lines),
            all,
            criteria,
            title,
            wish: None,
        }
    }

    /// The ticket's own word for a stem of it: `templates` for `templ`.
    pub fn word(&self, stem: &str) -> Option<String> {
        let starts =
            |w: &&str| w.len() >= stem.len() && w.to_lowercase().starts_with(stem) && w.len() <= stem.len() + 5;
        let words = self.all.split(|c: char| !c.is_alphanumeric());
        words.take(20_000).filter(starts).min_by_key(|w| w.len()).map(str::to_owned)
    }

    /// Does the ticket write the name as a whole word outside its examples of code?
    pub fn tells(&self, name: &str) -> bool {
        has_word(&self.told, name)
    }

    /// Does the name stand in the ticket's examples of code and nowhere else in it?
    pub fn is_example(&self, name: &str) -> bool {
        !self.tells(name) && has_word(&self.all, name)
    }

    /// Does the ticket name something only where it tells of work that comes with any change: “Fix a lint in `Cart`”?
    pub fn is_chore(&self, name: &str) -> bool {
        let count = |text: &str| text.matches(name).count();
        count(&self.chores) > 0 && count(&self.all) == count(&self.chores)
    }

    /// The ticket says nothing beyond its title.
    pub fn is_bare(&self) -> bool {
        self.all.trim() == self.title
    }
}

/// Blocks of code that begin with “good” or “bad” in a comment.
fn examples(lines: &[Line]) -> Option<(usize, usize)> {
    let mark = |line: &Line| {
        let text = line.text.trim();
        let told = ["#", "//", "--"].iter().find_map(|sign| text.strip_prefix(sign))?.trim().to_lowercase();
        told.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
    };
    let marks: Vec<String> = lines.iter().filter(|l| l.shape == Shape::Code).filter_map(mark).collect();
    let count = |word: &str| marks.iter().filter(|m| *m == word).count();
    let (good, bad) = (count("good"), count("bad"));
    (good + bad > 0).then_some((good, bad))
}

/// Does the text hold the name as a whole word?
fn has_word(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut places = text.match_indices(name).take(200);
    places.any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

/// The title and these lines in one text.
fn joined<'l>(title: &str, lines: impl Iterator<Item = &'l Line>) -> String {
    lines.fold(title.to_owned(), |mut all, line| {
        all.push('\n');
        all.push_str(&line.text);
        all
    })
}

/// As much of a text as is compared by its words.
fn head(text: &str) -> &str {
    text.char_indices().nth(20_000).map_or(text, |(end, _)| &text[..end])
}

/// How the fault is seen: lines under such a heading, else the items below “Steps” in a ticket that says what comes.
fn reproduction(lines: &[Line]) -> Vec<Found> {
    let named = with_role(lines, Role::Reproduce, 12);
    if !named.is_empty() || !lines.iter().any(|l| l.role == Role::Actual) {
        return named;
    }
    let says_steps = |text: &str| text.trim_matches([':', '*', ' ']).eq_ignore_ascii_case("steps");
    let is_below = |l: &Line| matches!(&l.place, Place::Section { heading } if says_steps(heading));
    let from = lines.iter().position(is_below).or(lines.iter().position(|l| says_steps(&l.text)).map(|at| at + 1));
    let items = lines[from.unwrap_or(lines.len())..].iter().take_while(|l| l.shape == Shape::Item);
    items.take(12).map(Line::found).collect()
}

/// The lines of a role, at most `most`.
fn with_role(lines: &[Line], role: Role, most: usize) -> Vec<Found> {
    let is_meant = |l: &&Line| l.role == role && l.shape != Shape::Code && !l.text.ends_with('?');
    lines.iter().filter(is_meant).take(most).map(Line::found).collect()
}
