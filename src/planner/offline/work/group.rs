//! Groups sites into steps and puts the steps in their order.
//!
//! In: [`Site`]s. Out: [`Group`]s: what is imported before what imports it, what is new before what registers it, data
//! before logic before interface, and the likelier first where nothing else decides.

use std::collections::BTreeMap;

use super::super::{
    code::{
        edges,
        layer::Layer,
        path::{ending, folder, stem},
    },
    places::{
        site::{LIKELY, Site, is_large},
        suspect,
        todo::{Act, Todo},
        toggles,
    },
    sections::confidence,
};
use crate::model::{context::Evidence, plan::Action};

/// Sites that change together.
pub struct Group<'s, 'c> {
    pub sites: Vec<&'s Site<'c>>,
    pub layer: Layer,
}

impl Group<'_, '_> {
    /// The likeliest of its sites.
    pub fn lead(&self) -> &Site<'_> {
        self.sites[0]
    }

    /// Does it merely lie on the way to code that the ticket suspects?
    pub fn is_on_the_way(&self) -> bool {
        self.lead().is_on_the_way
    }

    /// Does it hold one end of a route, what declares it or what answers it, and the site the other? A language that
    /// refuses what is unused takes both at once.
    fn is_other_end(&self, site: &Site<'_>) -> bool {
        let ends = |s: &Site<'_>| -> Vec<(bool, String)> {
            let of = |t: &Todo| match &t.act {
                Act::DeclareRoute(route) => Some((true, route.clone())),
                Act::Answer(route) => Some((false, route.clone())),
                _ => None,
            };
            s.todo.iter().filter_map(of).collect()
        };
        let is_strict = matches!(ending(&site.path), "rs" | "go");
        let own: Vec<(bool, String)> = self.sites.iter().flat_map(|s| ends(s)).collect();
        is_strict && ends(site).iter().any(|(declares, route)| own.iter().any(|(d, r)| d != declares && r == route))
    }

    /// Is everything there already that the ticket wants of it?
    pub fn is_there(&self) -> bool {
        self.sites.iter().all(|s| is_there(s))
    }

    /// Is a new route declared in it, or made with a file that answers requests?
    pub fn declares_routes(&self) -> bool {
        let declares = |s: &&Site<'_>| s.todo.iter().any(|t| matches!(t.act, Act::DeclareRoute(_)));
        let answers = |s: &&Site<'_>| s.is_kin && s.action == Action::Create && s.layer == Layer::Interface;
        self.sites.iter().any(|s| declares(s) || answers(s))
    }

    /// Does nothing but a shared word lead to it?
    fn is_part(&self) -> bool {
        let by_word = |s: &&Site<'_>| !s.todo.is_empty() && s.todo.iter().all(|t| matches!(t.act, Act::Part(_)));
        self.sites.iter().all(by_word)
    }

    /// Is it code that is there, and of which nothing certain is to be said?
    fn is_plain(&self) -> bool {
        let is_vague = |t: &Todo| matches!(t.act, Act::Part(_) | Act::PassOn);
        let is_plain = |s: &Site<'_>| s.is_code() && s.action == Action::Modify && s.todo.iter().all(is_vague);
        self.sites.iter().all(|s| is_plain(s))
    }

    /// Does it raise a package's version?
    pub fn is_raise(&self) -> bool {
        self.layer == Layer::Settings && self.sites.iter().any(|s| s.todo.iter().any(|t| t.act == Act::Raise))
    }

    /// Does it add a field to a type that the site gives back, or the other way round? Until both are done, the one does not
    /// fit the other.
    fn is_built_by(&self, site: &Site<'_>) -> bool {
        let [only] = self.sites.as_slice() else { return false };
        builds(only, site) || builds(site, only)
    }

    /// Puts first what the step is about, whatever the ranking has first: what builds a type, and the type's new field
    /// behind it; of what gives up a flag, a file with a symbol to change.
    fn put_first(&mut self) {
        let lead = self.lead();
        let is_bare = |s: &Site<'_>| s.symbols.is_empty() && s.todo.iter().any(|t| t.removes().is_some());
        let comes_before = |s: &&Site<'_>| builds(lead, s) || is_bare(lead) && s.is_code() && !is_bare(s);
        if let Some(at) = self.sites.iter().position(comes_before) {
            self.sites[..=at].rotate_right(1);
            self.layer = self.lead().layer;
        }
    }

    /// Does it make something beside others of its kind?
    fn makes_one_more(&self) -> bool {
        self.sites.iter().any(|s| s.is_beside && s.action == Action::Create)
    }

    /// Does the site register a file that this group makes for a new noun, or declare a route that begins with it?
    fn is_registered_by(&self, site: &Site<'_>) -> bool {
        let registers = |name: &str| {
            site.todo.iter().any(|t| match &t.act {
                Act::DeclareRoute(route) => route.contains(&format!(" /{name}")),
                Act::Register(known) => known == name,
                _ => false,
            })
        };
        self.sites.iter().any(|s| s.is_kin && s.action == Action::Create && registers(stem(&s.path)))
    }

    /// Does it declare a setting for something new?
    fn declares_setting(&self) -> bool {
        self.sites.iter().any(|s| s.is_code() && s.todo.iter().any(|t| matches!(t.act, Act::DeclareSetting(_))))
    }

    /// Does it declare a table, from which a migration is made?
    pub fn declares_table(&self) -> bool {
        self.sites.iter().any(|s| s.todo.iter().any(|t| t.act == Act::DeclareTable))
    }

    /// Does it say of something new that it is there, in this repository?
    fn registers(&self, repository: &str) -> bool {
        self.sites.iter().any(|s| key(s) == repository && s.todo.iter().any(|t| matches!(t.act, Act::Register(_))))
    }

    /// Does it hold this path of this repository?
    fn holds(&self, other: &Site<'_>, path: &str) -> bool {
        self.sites.iter().any(|s| s.repository == other.repository && s.path == path)
    }
}

/// Does the first site add a field to a type that a function of the second gives back?
fn builds(of: &Site<'_>, by: &Site<'_>) -> bool {
    let is_field = !of.todo.is_empty() && of.todo.iter().all(|t| matches!(t.act, Act::Field(_)));
    let result = |signature: &str| signature.rsplit(')').next().unwrap_or_default().to_owned();
    let gives = |name: &str| by.symbols.iter().any(|s| edges::names(&result(&s.signature), name));
    is_field && by.is_code() && of.dependents.contains(&by.path) && of.symbols.first().is_some_and(|s| gives(&s.name))
}

/// Does the file have what the ticket wants already?
fn is_there(site: &Site<'_>) -> bool {
    !site.todo.is_empty() && site.todo.iter().all(|t| matches!(t.act, Act::There(_)))
}

/// Up to this many code files, each is a step of its own.
const FEW: usize = 4;

/// Groups the sites that are not tests, and orders the groups.
pub fn groups<'s, 'c>(sites: &'s [Site<'c>]) -> Vec<Group<'s, 'c>> {
    let code = sites.iter().filter(|s| s.is_code()).count();
    let mut out: Vec<Group<'s, 'c>> = Vec::new();
    // The files of a new noun first: what registers them joins them.
    let (kin, others): (Vec<&Site<'c>>, Vec<&Site<'c>>) =
        sites.iter().filter(|s| s.layer != Layer::Test).partition(|s| s.is_kin);
    for site in kin.into_iter().chain(others) {
        let home = out.iter().position(|group| belongs(group, site, code > FEW));
        match home {
            Some(at) => out[at].sites.push(site),
            None => out.push(Group { sites: vec![site], layer: site.layer }),
        }
    }
    out.iter_mut().for_each(Group::put_first);
    let doubtful: Vec<bool> = out.iter().map(|group| is_doubtful(group, sites)).collect();
    order(out, &doubtful)
}

/// The group lies on the way to code that the ticket suspects; or some existing file is pointed at by line, path or symbol,
/// and no file of this group is by more than words or imports, nor is it new.
pub fn is_doubtful(group: &Group<'_, '_>, sites: &[Site<'_>]) -> bool {
    let is_soft = |site: &&Site<'_>| site.action == Action::Modify && confidence::is_weak(site);
    let is_idle = group.sites.iter().all(|site| site.is_idle);
    is_idle || group.is_on_the_way() || sites.iter().any(confidence::is_hard) && group.sites.iter().all(is_soft)
}

/// Does the site belong to the group?
fn belongs(group: &Group<'_, '_>, site: &Site<'_>, many: bool) -> bool {
    let lead = group.lead();
    if lead.repository == site.repository && is_there(lead) && is_there(site) {
        return true;
    }
    if lead.repository != site.repository || group.sites.len() >= 6 {
        return false;
    }
    if lead.is_kin || site.is_kin {
        return lead.is_kin && (site.is_kin && site.layer == group.layer || group.is_registered_by(site));
    }
    if lead.is_on_the_way || site.is_on_the_way {
        return lead.is_on_the_way && site.is_on_the_way;
    }
    let is_companion = site.evidence.iter().any(|e| match e {
        Evidence::Companion { of, .. } => group.holds(site, of),
        _ => false,
    });
    let is_side = matches!(site.layer, Layer::Document | Layer::Settings);
    // What an existing migration records is never edited together with code, and each new one is a step.
    let is_apart = site.layer == Layer::Migration || group.layer == Layer::Migration;
    let same_folder = many && !is_apart && folder(&lead.path) == folder(&site.path);
    let same_part = site.layer == group.layer && (is_side || same_folder);
    // One schema for each database: they change alike.
    let name = |site: &Site<'_>| site.path.rsplit('/').next().map(str::to_owned);
    let same_schema = site.path.ends_with(".sql") && name(lead) == name(site) && !site.todo.is_empty() && !is_apart;
    // What asks for a flag that goes and what it is handed to lose it at once.
    let goes = |s: &Site<'_>| {
        let names = s.todo.iter().filter_map(Todo::removes);
        names.filter(|_| s.is_code() && !toggles::is_home(&s.path)).map(str::to_owned).next()
    };
    let same_flag = goes(lead).is_some() && goes(lead) == goes(site);
    same_part
        || same_schema
        || same_flag
        || group.is_built_by(site)
        || group.is_other_end(site)
        || (is_companion && !is_apart && site.is_code() == lead.is_code())
}

/// Kahn's topological order over imports; ties and cycles go by layer, then by likelihood.
fn order<'s, 'c>(groups: Vec<Group<'s, 'c>>, doubtful: &[bool]) -> Vec<Group<'s, 'c>> {
    let count = groups.len();
    let mut owner: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for (at, group) in groups.iter().enumerate() {
        for site in &group.sites {
            owner.insert((key(site), site.path.as_str()), at);
        }
    }
    // needs[b] holds a when b imports a.
    let mut needs: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, group) in groups.iter().enumerate() {
        for site in &group.sites {
            let users = site.dependents.iter().filter_map(|d| owner.get(&(key(site), d.as_str())));
            // What keeps data and imports the rules implements what they ask for: it can do so before they ask.
            let is_port = |user: &usize| group.layer == Layer::Logic && groups[*user].layer == Layer::Data;
            let counts = |user: &&usize| **user != at && !doubtful[at] && !group.is_part() && !is_port(user);
            users.filter(counts).for_each(|user| needs[*user].push(at));
        }
    }
    // What is registered is made first.
    for (made, group) in groups.iter().enumerate().filter(|(_, group)| group.makes_one_more()) {
        let repository = key(group.lead());
        let registers = |(at, group): &(usize, &Group<'_, '_>)| *at != made && group.registers(&repository);
        groups.iter().enumerate().filter(registers).for_each(|(at, _)| needs[at].push(made));
    }
    // A setting is declared before what reads it.
    for (declares, _) in groups.iter().enumerate().filter(|(_, g)| g.declares_setting()) {
        let makes = |(at, other): &(usize, &Group<'_, '_>)| *at != declares && other.makes_one_more();
        groups.iter().enumerate().filter(makes).for_each(|(at, _)| needs[at].push(declares));
    }
    // A table is declared before its migration is made, and both before what uses it.
    for (declares, _) in groups.iter().enumerate().filter(|(_, g)| g.declares_table()) {
        let makes = |(at, other): &(usize, &Group<'_, '_>)| {
            let is_new = other.lead().action == Action::Create;
            *at != declares && is_new && (other.layer == Layer::Migration || other.lead().is_kin)
        };
        groups.iter().enumerate().filter(makes).for_each(|(at, _)| needs[at].push(declares));
    }
    // A name is taken out where it is declared after all that asks for it.
    let removes = |g: &Group<'_, '_>| g.sites.iter().any(|s| s.todo.first().is_some_and(|t| t.removes().is_some()));
    for (declares, _) in groups.iter().enumerate().filter(|(_, g)| removes(g) && toggles::is_home(&g.lead().path)) {
        let asks = |(at, other): &(usize, &Group<'_, '_>)| *at != declares && other.lead().is_code() && removes(other);
        let before: Vec<usize> = groups.iter().enumerate().filter(asks).map(|(at, _)| at).collect();
        before.iter().for_each(|at| needs[*at].retain(|n| *n != declares));
        needs[declares].extend(before);
    }
    let top = top(&groups, doubtful);
    if let Some(top) = top {
        needs[top].retain(|at| !groups[*at].is_plain());
    }
    // A package is raised before the code that uses it is looked at.
    let rank = |at: usize| (if groups[at].is_raise() { Layer::Migration } else { groups[at].layer }, at);
    let mut left: Vec<usize> = (0..count).collect();
    let mut done: Vec<usize> = Vec::with_capacity(count);
    while !left.is_empty() {
        let is_side =
            |at: usize| matches!(groups[at].layer, Layer::Settings | Layer::Document) && !groups[at].is_raise();
        let is_free = |at: usize| needs[at].iter().all(|n| done.contains(n));
        let has_kin = groups.iter().any(|g| g.lead().is_kin);
        let next = left.iter().copied().filter(|at| is_free(*at)).min_by_key(|at| {
            // A new noun's own files use what a shared word leads to.
            let is_part = groups[*at].is_part() && !has_kin;
            let is_after = groups[*at].is_plain() && top.is_some_and(|top| top != *at);
            (is_side(*at), doubtful[*at], is_part, is_after, rank(*at))
        });
        let next = next.or_else(|| left.iter().copied().min_by_key(|at| rank(*at))).expect("left is not empty");
        left.retain(|at| *at != next);
        done.push(next);
    }
    let mut slots: Vec<Option<Group<'s, 'c>>> = groups.into_iter().map(Some).collect();
    done.into_iter().filter_map(|at| slots[at].take()).collect()
}

/// The group with the file that the ranking believes in most, where the repository is large enough for that and no line of
/// the ticket says where the change begins. What such a file imports changes with it far less often than it does itself.
fn top(groups: &[Group<'_, '_>], doubtful: &[bool]) -> Option<usize> {
    let is_ranked = |s: &&&Site<'_>| s.is_code() && s.action == Action::Modify && is_large(s.context);
    let ranked = |at: usize| groups[at].sites.iter().filter(is_ranked).map(|s| s.ranked()).fold(0.0, f64::max);
    let sure = (0..groups.len()).filter(|at| !doubtful[*at] && ranked(*at) >= LIKELY);
    let top = sure.reduce(|a, b| if ranked(b) > ranked(a) { b } else { a })?;
    let begins = |s: &Site<'_>| s.leads || suspect::is_suspect(s) || edges::is_innermost(s);
    let begins_elsewhere = groups.iter().enumerate().any(|(at, g)| at != top && g.sites.iter().any(|s| begins(s)));
    (!begins_elsewhere).then_some(top)
}

/// The repository of a site, as a key.
fn key(site: &Site<'_>) -> String {
    site.repository.as_ref().map(|r| r.as_str().to_owned()).unwrap_or_default()
}
