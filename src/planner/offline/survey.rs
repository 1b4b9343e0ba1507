//! What the sections are written from: the reading, the sites in their groups, and which group serves what.

use std::collections::BTreeSet;

use super::{
    code::{
        layer::Layer,
        path::{folder, stem},
        reach,
    },
    places::{
        near,
        site::{self, Site},
        todo::Act,
        touched,
    },
    reading::{self, Reading},
    sections::{confidence, interface, reliability},
    testing,
    work::{
        group::{self, Group},
        serve::{Index, Served},
    },
};
use crate::planner::words::{clean, terms};
use crate::{
    model::{
        context::{Context, Evidence, Fact, FactKind, NearTest},
        ids::RepoName,
        plan::{Action, Criterion, FileRef, Kind, Place, Requirement, RequirementKind},
        ticket::Ticket,
    },
    planner::Brief,
};

/// Below this probability, a name of the ticket that a file defines is mentioned more often than changed.
const MENTIONED: f64 = 0.15;
/// From this probability of one file on, others that nothing certain points at stay as they are more often than not.
const SURE: f64 = 0.6;
/// Test files that one step extends.
const MOST_TESTS: usize = 2;

/// Something that the ticket asks for, and where it leads.
pub struct Asked<'s, 'c> {
    pub id: &'s str,
    pub text: &'s str,
    pub place: &'s Place,
    pub is_criterion: bool,
    pub served: Option<Served<'s, 'c>>,
}

/// Ticket and repositories, surveyed.
pub struct Survey<'s, 'c> {
    pub ticket: &'c Ticket,
    pub contexts: &'c [Context],
    pub brief: Brief<'c>,
    pub reading: &'s Reading,
    pub sites: &'s [Site<'c>],
    pub groups: &'s [Group<'s, 'c>],
    pub asked: Vec<Asked<'s, 'c>>,
    /// Ids that a maintainer's later comment takes back, with its sentence.
    pub overruled: Vec<(String, super::reading::Found)>,
    /// The words of the whole ticket.
    pub terms: &'s BTreeSet<String>,
}

/// The sites of all repositories, the first repository first.
pub fn all_sites<'c>(contexts: &'c [Context], reading: &'c Reading, date: &str) -> Vec<Site<'c>> {
    contexts.iter().enumerate().flat_map(|(at, context)| site::sites(context, reading, at == 0, date)).collect()
}

/// The sites without those that would be steps with nothing to do.
pub fn wanted<'c>(brief: Brief<'c>, reading: &Reading, mut sites: Vec<Site<'c>>) -> Vec<Site<'c>> {
    let (idle, starts): (Vec<(Option<RepoName>, String)>, Vec<touched::Start>) = {
        let groups = group::groups(&sites);
        let survey = Survey::new(brief, reading, &sites, &groups);
        let idle = (0..groups.len()).flat_map(|at| survey.idle(at));
        let starts = survey.asked.iter().filter_map(|a| a.served.as_ref()?.start.as_ref());
        (
            idle.map(|s| (s.repository.clone(), s.path.clone())).collect(),
            starts.map(|(site, symbol)| (site.repository.clone(), site.path.clone(), symbol.line)).collect(),
        )
    };
    touched::tell_apart(&mut sites, &starts);
    let is_idle = |repository: &Option<RepoName>, is: &dyn Fn(&str) -> bool| {
        idle.iter().any(|(known, path)| known == repository && is(path))
    };
    for site in &mut sites {
        site.is_idle = is_idle(&site.repository, &|path| path == site.path);
    }
    // What the ranking says of a file was learned where there are many.
    sites.retain(|s| !s.is_idle || s.probability >= site::LIKELY && site::is_large(s.context));
    // A test to create goes with its subject.
    let left: Vec<String> = sites.iter().filter(|s| s.layer != Layer::Test).map(|s| s.path.clone()).collect();
    sites.retain(|s| {
        let is_new_test = s.layer == Layer::Test && s.action == Action::Create;
        let is_of_left = left.iter().any(|path| is_test_of(&s.path, path));
        !is_new_test || is_of_left || !is_idle(&s.repository, &|path| is_test_of(&s.path, path))
    });
    sites
}

impl<'s, 'c> Survey<'s, 'c> {
    /// Surveys.
    pub fn new(brief: Brief<'c>, reading: &'s Reading, sites: &'s [Site<'c>], groups: &'s [Group<'s, 'c>]) -> Self {
        let index = Index::of(groups);
        let overruled = super::overruled::of(reading);
        let criteria = reading.criteria.iter().map(|c| (&c.id, &c.text, &c.place, true));
        let requirements = reading.requirements.iter().map(|r| (&r.id, &r.text, &r.place, false));
        let lead = groups.iter().position(|g| g.sites.iter().any(|s| s.leads));
        let find = |text: &str| match lead {
            // What is expected is done where the change begins.
            Some(group) if reading.expected.as_ref().is_some_and(|e| e.text == text) => Some(Served::at(group)),
            _ => index.find(text),
        };
        let asked: Vec<Asked<'s, 'c>> = criteria
            .chain(requirements)
            .map(|(id, text, place, is_criterion)| {
                let is_live = !is_constraint(text) && overruled.iter().all(|(known, _)| known != id);
                let served = is_live.then(|| find(text)).flatten();
                Asked { id, text, place, is_criterion, served }
            })
            .collect();
        let asked = together(asked);
        let first = lead.unwrap_or_else(|| first_code(sites, groups));
        let named = |text: &str| index.find(text).filter(|s| s.start.is_some() && s.is_certain);
        let asked = going_on(guarded(asked, &overruled, first, named), &overruled);
        let (ticket, contexts) = (brief.ticket, brief.contexts);
        Self { ticket, contexts, brief, reading, sites, groups, asked, overruled, terms: &reading.terms }
    }

    /// The sites of a group to which nothing that the ticket asks leads while it leads elsewhere, at which nothing certain
    /// points, and of which there is nothing to say: they are no step.
    fn idle(&self, at: usize) -> Vec<&'s Site<'c>> {
        let group = &self.groups[at];
        let leads_elsewhere = self.asked.iter().any(|a| a.served.is_some());
        let is_plain = |s: &Site<'_>| {
            let only_passes = !s.todo.is_empty() && s.todo.iter().all(|t| t.act == Act::PassOn);
            let is_bare = s.called.is_empty() && s.todo.is_empty();
            s.is_code() && s.action == Action::Modify && (is_bare || only_passes)
        };
        let is_idle = |s: &Site<'_>| is_plain(s) && (!confidence::is_hard(s) || is_listed(s)) && !s.is_on_the_way;
        let has_kin = self.sites.iter().any(|s| s.is_kin);
        let passes_on = group.sites.iter().all(|s| s.todo.iter().any(|t| t.act == Act::PassOn));
        let certain = self.asked.iter().filter_map(|a| a.served.as_ref()).filter(|s| s.is_certain && s.group != at);
        let is_passed_by = certain.count() >= 2;
        let may = (at != self.first_code() || has_kin || passes_on || is_passed_by) && leads_elsewhere;
        if !may || self.served(at).next().is_some() {
            return Vec::new();
        }
        // Where a new noun has files of its own, what merely stands beside a file that has work is left as well.
        let idle: Vec<&'s Site<'c>> = group.sites.iter().copied().filter(|s| is_idle(s)).collect();
        if has_kin || idle.len() == group.sites.len() { idle } else { Vec::new() }
    }

    /// The criteria, with those marked that a later comment takes back.
    pub fn criteria(&self) -> Vec<Criterion> {
        let marked = |c: &Criterion| Criterion { overruled: self.is_overruled(&c.id), ..c.clone() };
        self.reading.criteria.iter().map(marked).collect()
    }

    /// The requirements, with those marked that a later comment takes back.
    pub fn requirements(&self) -> Vec<Requirement> {
        let marked = |r: &Requirement| {
            let kind = self.kind_of(r);
            Requirement { overruled: self.is_overruled(&r.id), kind, ..r.clone() }
        };
        self.reading.requirements.iter().map(marked).collect()
    }

    /// What a requirement is about: a new route is always what the change does, and a ticket of security asks for security.
    fn kind_of(&self, requirement: &Requirement) -> RequirementKind {
        let named = reading::routes(&requirement.text);
        let is_new = |(method, path): &(String, String)| {
            let new = |context: &Context| {
                interface::new_routes(context, self.reading).iter().any(|(m, p)| m == method && p == path)
            };
            self.contexts.iter().any(new)
        };
        match requirement.kind {
            _ if named.iter().any(is_new) => RequirementKind::Functional,
            RequirementKind::Functional if self.is_of_security() => RequirementKind::Security,
            // A limit on attempts keeps somebody out there.
            RequirementKind::Reliability if self.is_of_security() && limits(&requirement.text) => {
                RequirementKind::Security
            }
            kind => kind,
        }
    }

    /// Is the ticket about security, by its kind or by a label?
    pub fn is_of_security(&self) -> bool {
        let is_label = |label: &String| label.eq_ignore_ascii_case("security");
        self.reading.kind == Kind::Security || self.ticket.labels.iter().any(is_label)
    }

    fn is_overruled(&self, id: &str) -> bool {
        self.overruled.iter().any(|(known, _)| known == id)
    }

    /// What leads to a group: id, words, and where to start.
    pub fn served(&self, group: usize) -> impl Iterator<Item = (&'s str, &'s str, &Served<'s, 'c>)> {
        self.asked.iter().filter_map(move |a| a.served.as_ref().filter(|s| s.group == group).map(|s| (a.id, a.text, s)))
    }

    /// The ids that a group serves.
    pub fn served_by(&self, group: usize) -> Vec<String> {
        self.served(group).map(|(id, _, _)| id.to_owned()).collect()
    }

    /// The group of the likeliest code file, where the ticket's behaviour is changed; 0 where there is none.
    pub fn first_code(&self) -> usize {
        first_code(self.sites, self.groups)
    }

    /// Hard evidence points elsewhere, and only shared words or imports point at this group.
    pub fn is_doubtful(&self, group: &Group<'_, '_>) -> bool {
        group::is_doubtful(group, self.sites)
            || self.is_unasked(group)
            || self.is_mentioned(group)
            || self.is_beside_surer(group)
    }

    /// The position of a group in the order of work.
    fn place(&self, group: &Group<'_, '_>) -> Option<usize> {
        self.groups.iter().position(|g| std::ptr::eq(g.lead(), group.lead()))
    }

    /// Does only the ranking lead here, in a large repository, while it is sure of another file and nothing that is asked
    /// leads here?
    pub fn is_beside_surer(&self, group: &Group<'_, '_>) -> bool {
        let Some(at) = self.place(group) else { return false };
        let is_ranked = |s: &&Site<'_>| {
            let is_plain = s.is_code() && s.action == Action::Modify && s.todo.is_empty() && s.called.is_empty();
            is_plain && !s.leads && !confidence::is_hard(s) && site::is_large(s.context)
        };
        let most = |g: &Group<'_, '_>| g.sites.iter().filter(|s| s.is_code()).map(|s| s.ranked()).fold(0.0, f64::max);
        let own = most(group);
        let is_surer = |g: &Group<'_, '_>| !std::ptr::eq(g, group) && most(g) >= SURE.max(own);
        group.sites.iter().all(is_ranked) && self.served_by(at).is_empty() && self.groups.iter().any(is_surer)
    }

    /// Does the ticket only mention what the group defines? The ranking hardly believes in it, and does in another file;
    /// nothing that is asked leads here, and there is nothing to say of it.
    pub fn is_mentioned(&self, group: &Group<'_, '_>) -> bool {
        let Some(at) = self.place(group) else { return false };
        let is_plain = |s: &&Site<'_>| {
            s.is_code() && s.action == Action::Modify && s.todo.is_empty() && s.called.is_empty() && !s.leads
        };
        let is_low = |s: &&Site<'_>| site::is_large(s.context) && s.ranked() < MENTIONED;
        let is_likely = |s: &Site<'_>| s.is_code() && s.ranked() >= site::LIKELY;
        group.sites.iter().all(|s| is_plain(s) && is_low(s))
            && self.served_by(at).is_empty()
            && self.groups.iter().any(|g| !std::ptr::eq(g, group) && g.sites.iter().any(|s| is_likely(s)))
    }

    /// Is the group one more place of a bug to which no sentence, no trace and no line of the repository leads?
    pub fn is_unasked(&self, group: &Group<'_, '_>) -> bool {
        let Some(at) = self.place(group) else { return false };
        let is_loose = |s: &&Site<'_>| s.todo.is_empty() && s.called.is_empty() && !confidence::is_hard(s);
        let is_more = self.reading.kind == Kind::Bug && at != self.first_code() && group.lead().is_code();
        is_more
            && group.lead().action == Action::Modify
            && self.served_by(at).is_empty()
            && group.sites.iter().all(is_loose)
    }

    /// No evidence is hard, and the ranking itself hardly believes in this group.
    pub fn is_guess(&self, group: &Group<'_, '_>) -> bool {
        let has_hard = self.sites.iter().any(confidence::is_hard);
        let is_soft = |s: &Site<'_>| {
            s.called.is_empty() && s.evidence.iter().all(|e| super::work::why::weakness(s.reading, e) >= 9)
        };
        let is_unsure = |s: &Site<'_>| s.action == Action::Modify && (s.probability < 0.4 || is_soft(s));
        !has_hard && group.sites.iter().all(|s| is_unsure(s))
    }

    /// The test files that a group's step extends.
    pub fn tests_of(&self, group: &Group<'s, 'c>) -> Vec<(&'s Site<'c>, &'s NearTest)> {
        let near = self.near_tests_of(group);
        let far = group.sites.iter().filter_map(|site| site.far_test.as_ref().map(|test| (*site, test)));
        // Where tests of the new thing are made, those of other things show nothing.
        let has_new = self.sites.iter().any(|s| s.is_kin && s.layer == Layer::Test);
        let far =
            far.filter(|(site, test)| self.is_far_home(group) && reach::reaches(site.context, &test.path, &site.path));
        let far = far.take(usize::from(near.is_empty() && !has_new));
        near.iter().copied().chain(far).collect()
    }

    /// May the step extend a test that only asks for a route of its kind? Where routes are declared, the step that
    /// declares the last one can, and no other.
    fn is_far_home(&self, group: &Group<'_, '_>) -> bool {
        let declares = |g: &&Group<'_, '_>| g.declares_routes();
        self.groups.iter().rev().find(declares).is_none_or(|g| std::ptr::eq(g, group))
    }

    /// The test files near a group: its own, and those that cover it.
    pub fn near_tests_of(&self, group: &Group<'s, 'c>) -> Vec<(&'s Site<'c>, &'s NearTest)> {
        let mut out: Vec<(&'s Site<'c>, &'s NearTest)> = Vec::new();
        let mut add = |site: &'s Site<'c>, test: &'s NearTest| {
            if out.len() < MOST_TESTS && out.iter().all(|(_, known)| known.path != test.path) {
                out.push((site, test));
            }
        };
        // A type that gets a field does nothing by itself: what builds it is shown.
        let only_fields = |s: &Site<'_>| !s.todo.is_empty() && s.todo.iter().all(|t| matches!(t.act, Act::Field(_)));
        let acts = |s: &&&'s Site<'c>| group.sites.len() == 1 || !only_fields(s);
        for site in group.sites.iter().filter(acts) {
            // Beyond the nearest, only files with a case that comes close are worth opening.
            let is_close =
                |test: &NearTest| test.cases.iter().any(|c| terms(&c.name).intersection(self.terms).count() >= 2);
            let near = site.tests.iter().enumerate().filter(|(at, test)| *at == 0 || is_close(test));
            near.for_each(|(_, test)| add(site, test));
        }
        let is_first = self.groups.get(self.first_code()).is_some_and(|g| std::ptr::eq(g, group));
        let is_there = group.lead().is_code() && group.lead().action == Action::Modify && !group.lead().is_registry();
        if is_first && is_there && group.sites.iter().all(|s| s.tests.is_empty()) {
            let lead = group.sites[0];
            let covered = |t: &NearTest| self.sites.iter().any(|s| t.covers.as_deref() == Some(s.path.as_str()));
            let runs = |t: &NearTest| reach::reaches(lead.context, &t.path, &lead.path);
            // It names what changes, or what the ticket has in code marks.
            let names = |t: &NearTest| {
                let text = lead.context.tree.text(&t.path).unwrap_or_default();
                let codes = lead.reading.codes.iter().filter(|code| code.len() >= 4);
                near::names_any(lead.context, &t.path, &lead.symbols)
                    || codes.into_iter().any(|code| text.contains(code.as_str()))
            };
            let near = lead.context.tests.iter().filter(|t| !covered(t) && self.is_about(t) && runs(t) && names(t));
            near.take(1).for_each(|test| add(lead, test));
        }
        out
    }

    /// Does the test's name, or one of its cases, tell of what the ticket tells?
    fn is_about(&self, test: &NearTest) -> bool {
        let stem = test.path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        let shares = |text: &str| terms(text).intersection(self.terms).count();
        // All that the file is called for, or most of what a case says.
        let is_called = !terms(stem).is_empty() && shares(stem) == terms(stem).len();
        !test.cases.is_empty() && (is_called || test.cases.iter().any(|c| shares(&c.name) >= 3))
    }

    /// Test files to create for files of a group: they belong to its step. What is only looked at gets none.
    pub fn new_tests_of(&self, group: &Group<'s, 'c>) -> Vec<&'s Site<'c>> {
        if self.is_guess(group) {
            return Vec::new();
        }
        let is_of = |s: &Site<'_>, test: &Site<'_>| s.repository == test.repository && is_test_of(&test.path, &s.path);
        let is_own = |test: &&Site<'c>| {
            // A file in the test's own folder comes first, or in the one that the test's folder is called after.
            let last = |path: &str| folder(path).rsplit('/').next().unwrap_or_default().to_owned();
            let is_beside = |s: &Site<'_>| is_of(s, test) && last(&s.path) == last(&test.path);
            let is_home = self.sites.iter().any(|s| s.layer != Layer::Test && is_beside(s));
            group.sites.iter().any(|s| if is_home { is_beside(s) } else { is_of(s, test) })
        };
        let at_routes = |test: &Site<'_>| {
            let declares = |g: &&Group<'_, '_>| g.lead().repository == test.repository && g.declares_routes();
            self.groups.iter().rev().find(declares).filter(|_| test.is_kin && testing::sends_requests(test))
        };
        let is_its = |test: &&Site<'c>| match at_routes(test) {
            // What asks for new routes can run once they are declared.
            Some(home) => std::ptr::eq(home, group),
            None => is_own(test),
        };
        self.sites.iter().filter(|s| s.layer == Layer::Test && s.action == Action::Create).filter(is_its).collect()
    }

    /// Does a step make this test file?
    pub fn is_made(&self, site: &Site<'_>) -> bool {
        self.groups.iter().any(|g| self.new_tests_of(g).iter().any(|t| std::ptr::eq(*t, site)))
    }

    /// Does some step extend this test file already?
    pub fn has_test(&self, site: &Site<'_>) -> bool {
        self.groups.iter().any(|g| self.tests_of(g).iter().any(|(_, t)| t.path == site.path))
    }

    /// Sites that are code, likeliest first.
    pub fn code(&self) -> impl Iterator<Item = &'s Site<'c>> {
        self.sites.iter().filter(|s| s.is_code())
    }

    /// Code sites that more than doubt points at.
    pub fn sure_code(&self) -> impl Iterator<Item = &'s Site<'c>> {
        self.groups
            .iter()
            .filter(|g| !self.is_doubtful(g))
            .flat_map(|g| g.sites.iter().copied())
            .filter(|s| s.is_code())
    }

    /// Facts of a kind in all repositories.
    pub fn facts(&self, kind: FactKind) -> impl Iterator<Item = (&'c Context, &'c Fact)> {
        self.contexts.iter().flat_map(move |c| c.facts.iter().filter(move |f| f.kind == kind).map(move |f| (c, f)))
    }

    /// The line of a fact as the plan refers to it.
    pub fn fact_file(&self, context: &Context, fact: &Fact) -> FileRef {
        let is_main = self.contexts.first().is_some_and(|first| std::ptr::eq(first, context));
        let repository = (!is_main).then(|| context.repository.name.clone());
        FileRef::new(&fact.path).of(repository).lines(fact.line, fact.line)
    }

    /// Does the ticket speak of one of these words? They are compared as terms.
    pub fn speaks_of(&self, words: &[&str]) -> Option<String> {
        words.iter().find(|w| terms(w).iter().any(|t| self.terms.contains(t))).map(|w| clean(w))
    }

    /// Is a file of this layer to be changed?
    pub fn touches(&self, layer: Layer) -> bool {
        self.sites.iter().any(|s| s.layer == layer)
    }
}

/// Does the sentence limit how often something is tried?
fn limits(text: &str) -> bool {
    reliability::aspect(text).is_some_and(|(about, _)| about == "a limit")
}

/// Is all that points at the site some names that the ticket lists beside others: the columns of a file, the keys of an
/// answer? Whoever declares them need not change.
fn is_listed(site: &Site<'_>) -> bool {
    let is_of_list = |name: &str| site.reading.lists.iter().any(|list| list.contains(name));
    let hard = site.evidence.iter().filter(|e| super::work::why::weakness(site.reading, e) <= 3);
    !site.leads && hard.into_iter().all(|e| matches!(e, Evidence::Symbol { name, .. } if is_of_list(name)))
}

/// What must stay as it is is seen to where most is changed, and calls for no step of its own.
fn guarded<'s, 'c>(
    mut asked: Vec<Asked<'s, 'c>>,
    overruled: &[(String, super::reading::Found)],
    first: usize,
    named: impl Fn(&str) -> Option<Served<'s, 'c>>,
) -> Vec<Asked<'s, 'c>> {
    let groups: Vec<usize> = asked.iter().filter_map(|a| a.served.as_ref()).map(|s| s.group).collect();
    let count = |group: &usize| groups.iter().filter(|g| *g == group).count();
    let home = groups.iter().copied().max_by_key(|group| (count(group), std::cmp::Reverse(*group))).unwrap_or(first);
    for one in asked.iter_mut().filter(|a| is_constraint(a.text)) {
        let is_live = overruled.iter().all(|(known, _)| known != one.id);
        // The code that it names is where it is seen to.
        // What must not be done is kept from where the change begins.
        let is_deed = ["not do that", "not do this"].iter().any(|w| one.text.contains(w));
        let served = named(one.text).unwrap_or_else(|| Served::at(if is_deed { first } else { home }));
        one.served = is_live.then_some(Served { is_guard: true, ..served });
    }
    asked
}

/// Does the sentence say nothing but that something stays as it is?
fn is_constraint(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "must not change",
        "should not change",
        "does not change",
        "should not do that",
        "must not do that",
        "should not do this",
        "must not do this",
        "stays as it is",
        "stay as they are",
        "remains unchanged",
    ]
    .iter()
    .any(|w| lower.contains(w))
        && !lower.contains(", but ")
}

/// The group of the likeliest code file, where the ticket's behaviour is changed; 0 where there is none.
fn first_code(sites: &[Site<'_>], groups: &[Group<'_, '_>]) -> usize {
    let fails = |s: &&Site<'_>| s.is_code() && !s.is_on_the_way && super::code::edges::is_innermost(s);
    let likeliest = sites.iter().find(fails).or_else(|| sites.iter().find(|s| s.is_code() && !s.is_on_the_way));
    let holds = |g: &Group<'_, '_>| likeliest.is_some_and(|l| g.sites.iter().any(|s| std::ptr::eq(*s, l)));
    groups.iter().position(holds).unwrap_or(0)
}

/// What no word places stands with its neighbours: where others of its section lead to one group, two of them at least,
/// the ones that are only like some words of another group's go there too.
fn together<'s, 'c>(mut asked: Vec<Asked<'s, 'c>>) -> Vec<Asked<'s, 'c>> {
    let sure: Vec<(&'s Place, usize)> = asked
        .iter()
        .filter_map(|a| Some((a.place, a.served.as_ref().filter(|s| s.is_certain)?.group)))
        .filter(|(place, _)| matches!(place, Place::Section { .. }))
        .collect();
    for one in &mut asked {
        let beside: Vec<usize> =
            sure.iter().filter(|(place, _)| *place == one.place).map(|(_, group)| *group).collect();
        let Some(served) = one.served.as_mut().filter(|s| !s.is_certain && s.start.is_none()) else { continue };
        // Most of them decide: two at least, and more than all others together.
        let count = |group: usize| beside.iter().filter(|b| **b == group).count();
        let most = beside.iter().copied().max_by_key(|group| (count(*group), std::cmp::Reverse(*group)));
        if let Some(group) = most.filter(|group| count(*group) >= 2 && 2 * count(*group) > beside.len()) {
            *served = Served { is_certain: false, is_neighbour: true, ..Served::at(group) };
        }
    }
    asked
}

/// “Opening it again clears it” goes on from the requirement before it, and stands with it where no word places it.
fn going_on<'s, 'c>(
    mut asked: Vec<Asked<'s, 'c>>,
    overruled: &[(String, super::reading::Found)],
) -> Vec<Asked<'s, 'c>> {
    for at in 1..asked.len() {
        let (before, one) = (&asked[at - 1], &asked[at]);
        let is_live = overruled.iter().all(|(known, _)| known != one.id);
        let goes_on = one.served.is_none() && one.id.starts_with('R') && before.place == one.place && is_live;
        if let Some(group) = before.served.as_ref().filter(|s| goes_on && !s.is_guard).map(|s| s.group) {
            asked[at].served = Some(Served { is_certain: false, is_neighbour: true, ..Served::at(group) });
        }
    }
    asked
}

/// Is the test named for the file: `cart_test.go` for `cart.go`, `test_cart.py` for `cart.py`?
pub fn is_test_of(test: &str, path: &str) -> bool {
    let path = stem(path).to_lowercase();
    !path.is_empty() && tested(test).contains(&path)
}

/// What the file may be called that a test is named for, lower case.
pub fn tested(test: &str) -> [String; 2] {
    let test = stem(test).to_lowercase();
    let bare = ["test_", "test-", "tests_"].iter().find_map(|start| test.strip_prefix(start)).unwrap_or(&test);
    let bare =
        bare.trim_end_matches("_test").trim_end_matches("-test").trim_end_matches("_spec").trim_end_matches("tests");
    let bare = bare.trim_end_matches('_');
    // `testsemanal` is the test of `semanal`.
    let glued = bare.strip_prefix("test").filter(|rest| rest.len() >= 4).unwrap_or(bare.trim_end_matches("test"));
    [bare.to_owned(), glued.to_owned()]
}
