//! How far a change reaches: who uses what changes, what no test shows, what goes on where it stopped, whose errors are lost.
//!
//! In: the [`Survey`]. Out: risks.

use std::collections::BTreeSet;

use super::{
    super::{
        super::{
            Survey,
            code::{
                layer::Layer,
                path::{ending, folder},
                ports, routed, uses,
            },
            places::{
                loops,
                refs::{full_name, signature},
                site::Site,
            },
            testing,
            work::steps::counted,
        },
        interface,
    },
    risk,
};
use crate::model::{
    context::{Evidence, FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, FileRef, Level, Risk, Statement},
};
use crate::planner::words::{clean, listed, shorten};

/// Files that import a file, from which on a change of it reaches far.
const MANY_USERS: usize = 5;
/// Files that use an interface and are searched; the longest of them in bytes.
const SEARCHED: usize = 40;
const LONGEST: usize = 200_000;

/// Many files import what changes.
pub fn many_users(survey: &Survey<'_, '_>) -> Vec<Risk> {
    let wide = survey.code().filter(|s| s.action == Action::Modify && s.dependents.len() >= MANY_USERS);
    wide.filter_map(|site| used_widely(survey, site)).take(2).collect()
}

/// That many files use the symbols that change; of a file that names none, that many import it.
fn used_widely(survey: &Survey<'_, '_>, site: &Site<'_>) -> Option<Risk> {
    let shown = |files: &[String]| files.iter().take(3).map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
    let Some(symbol) = site.symbols.first() else {
        let count = site.dependents.len();
        let many = if count >= 40 { "40 or more files".to_owned() } else { counted(count, "file") };
        let import = if ending(&site.path) == "go" { "use" } else { "import" };
        let said = format!("{many} {import} `{}` ({} …)", site.path, shown(&site.dependents));
        let keep = "run the whole test suite, not only the narrowed command".to_owned();
        let said = Statement::new(Basis::Repository, said).at(site.file());
        return Some(risk(said, Level::Medium, Level::Medium, keep));
    };
    let files: Vec<String> = uses::files(site, &site.symbols).into_iter().collect();
    if files.len() < MANY_USERS {
        return None;
    }
    let others = if site.symbols.len() > 1 { " or what changes beside it" } else { "" };
    let name = full_name(&site.path, symbol);
    let said = format!("{} use `{name}`{others} ({} …)", counted(files.len(), "file"), shown(&files));
    let public = site.symbols.iter().find(|s| s.is_public && !s.signature.is_empty());
    // Where the ticket itself changes a signature, keeping it is no way.
    let is_asked = survey.reading.told.to_lowercase().contains("signature");
    let keep = match public.filter(|_| !is_asked) {
        Some(s) => {
            format!("keep the signature `{}`, or change its callers in the same step", shorten(&signature(s), 100))
        }
        None if is_asked => "change all of them in the same step".to_owned(),
        None => "run the whole test suite, not only the narrowed command".to_owned(),
    };
    let said = Statement::new(Basis::Repository, said).at(site.symbol(symbol).file);
    Some(risk(said, Level::Medium, Level::Medium, keep))
}

/// Files that change and have no test near.
pub fn untested(survey: &Survey<'_, '_>) -> Option<Risk> {
    if !survey.reading.swaps.is_empty() {
        return None;
    }
    let bare = testing::untested(survey);
    let names: Vec<String> = bare.iter().take(3).map(|s| format!("`{}`", s.path)).collect();
    let (verb, them) = if bare.len() == 1 { ("has", "it changes") } else { ("have", "they change") };
    let more = if bare.len() > 3 { format!(" and {}", counted(bare.len() - 3, "other file")) } else { String::new() };
    let said = format!("{}{more} {verb} no test near: nothing shows today's behaviour before {them}", names.join(", "));
    let statement = bare.iter().take(3).fold(Statement::new(Basis::Repository, said), |s, site| s.at(site.file()));
    bare.first()?;
    Some(risk(statement, Level::Medium, Level::Medium, "write one that passes today before the change".to_owned()))
}

/// Routes besides the ticket's that stop with its error today: what is mended lets them go on, too.
pub fn released(survey: &Survey<'_, '_>) -> Option<Risk> {
    const MOST: usize = 3;
    let context = survey.contexts.first()?;
    let is_passed = |s: &&Site<'_>| s.evidence.iter().any(|e| matches!(e, Evidence::StackFrame { .. }));
    let passed: Vec<&Site<'_>> = survey.code().filter(is_passed).collect();
    let traced: BTreeSet<&str> =
        passed.iter().flat_map(|s| s.symbols.iter().chain(&s.reads)).map(|s| s.name.as_str()).collect();
    let own: Vec<String> =
        interface::named(context, survey.reading).into_iter().map(|(fact, _)| fact.name.clone()).collect();
    let mut all = passed
        .iter()
        .filter(|s| std::ptr::eq(s.context, context))
        .flat_map(|site| site.symbols.iter().flat_map(|symbol| routed::ways(context, &site.path, symbol)));
    let mut found: Vec<routed::Way<'_>> = Vec::new();
    for way in all.by_ref() {
        let is_traced = way.by.as_deref().is_some_and(|by| traced.contains(by));
        let is_new = found.iter().all(|known| !std::ptr::eq(known.route, way.route));
        if !is_traced && is_new && !own.contains(&way.route.name) {
            found.push(way);
        }
    }
    // What writes is told first.
    found.sort_by_key(|way| way.route.name.starts_with("GET "));
    let shown: Vec<String> = found.iter().take(MOST).map(told).collect();
    let said = format!("What stops with this error today goes on afterwards at {} too", listed(&shown));
    let said = found.iter().take(MOST).fold(Statement::new(Basis::Repository, said), |said, way| {
        said.at(FileRef::new(&way.path).lines(way.line, way.line))
    });
    let todo = "play the ticket's steps there, before and after".to_owned();
    (!own.is_empty() && !found.is_empty()).then(|| risk(said, Level::Medium, Level::Medium, todo))
}

/// `POST /orders` (`placeOrder`, `src/services/orders.ts:11`).
fn told(way: &routed::Way<'_>) -> String {
    let by = way.by.as_ref().map_or(String::new(), |by| format!("`{}`, ", clean(by)));
    format!("`{}` ({by}`{}:{}`)", clean(&way.route.name), way.path, way.line)
}

/// One more of a kind that is called through an interface.
struct OneMore<'s, 'c> {
    site: &'s Site<'c>,
    /// The file that it is made like.
    like: String,
    methods: Vec<String>,
    /// Files that use the interface.
    users: Vec<String>,
}

/// What is to be made beside others of its kind, where these are called through an interface.
fn one_more<'s, 'c>(survey: &Survey<'s, 'c>) -> Option<OneMore<'s, 'c>> {
    let is_one_more = |s: &&Site<'_>| s.is_beside && s.action == Action::Create && s.is_code();
    let site = survey.sites.iter().find(is_one_more)?;
    let like = site.convention.as_ref().and_then(|(_, like)| like.clone())?;
    let symbols = site.context.tree.symbols(&like);
    let methods: Vec<&str> = symbols.iter().filter(|s| s.kind == SymbolKind::Method).map(|s| s.name.as_str()).collect();
    let port = ports::of(site.context, &methods, &like, 1)?;
    let is_source = |p: &String| site.context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let users = uses::users(site.context, &port.path).into_iter().filter(is_source).take(SEARCHED).collect();
    Some(OneMore { site, methods: methods.into_iter().map(str::to_owned).collect(), like, users })
}

impl OneMore<'_, '_> {
    /// The text of a file, where it is not too long.
    fn text(&self, path: &str) -> Option<std::sync::Arc<str>> {
        self.site.context.tree.text(path).filter(|text| text.len() <= LONGEST)
    }

    /// The line beside its siblings that bounds how long one of them may take.
    fn bound(&self) -> Option<FileRef> {
        let tree = &self.site.context.tree;
        let is_beside =
            |p: &&str| folder(p) == folder(&self.like) && tree.file(p).is_some_and(|f| f.class == FileClass::Source);
        tree.paths().filter(is_beside).take(SEARCHED).find_map(|path| {
            let text = self.text(path)?;
            let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| line.to_lowercase().contains("timeout"))?;
            Some(self.site.sibling(path).lines(at, at))
        })
    }
}

/// A line that drops the error of what is to be made: who answers with it never knows.
pub fn dropped(survey: &Survey<'_, '_>) -> Option<Risk> {
    let one = one_more(survey)?;
    let (file, method) = one.users.iter().find_map(|path| {
        let text = one.text(path)?;
        let dropped = |line: &str| one.methods.iter().find(|method| drops(line, method));
        let (method, at) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((dropped(line)?, at)))?;
        Some((one.site.sibling(path).lines(at, at), method))
    })?;
    let said =
        format!("`{}` drops the error of `{method}`: what breaks off half-way looks like an answer", file.label());
    let said = Statement::new(Basis::Repository, said).at(file);
    let todo = "log it there, or say that it stays so; try what fails at its second write".to_owned();
    Some(risk(said, Level::Low, Level::Medium, todo))
}

/// Does the line throw away what the call of a method gives?
fn drops(line: &str, method: &str) -> bool {
    let line = line.trim();
    let call = format!(".{method}(");
    let starts = ["_ = ", "let _ = "].iter().any(|w| line.starts_with(w));
    let ends = [".ok();", ".catch(() => {});", ".catch(() => undefined);"].iter().any(|w| line.ends_with(w));
    line.contains(&call) && (starts || ends)
}

/// What is to be made is asked for each of many in turn: a slow one holds up all others.
pub fn looped(survey: &Survey<'_, '_>) -> Option<Risk> {
    let one = one_more(survey)?;
    let (file, caller, method) = one.users.iter().find_map(|path| {
        let text = one.text(path)?;
        let lines: Vec<&str> = text.lines().collect();
        let callers = one.site.context.tree.symbols(path).into_iter().filter(is_callable);
        let called = |symbol: &Symbol, method: &String| {
            let at = loops::repeated_at(&lines, symbol, method)?;
            let is_call = lines.get(at as usize - 1).is_some_and(|line| line.contains(&format!(".{method}(")));
            is_call.then(|| (one.site.sibling(path).lines(at, at), full_name(path, symbol), method.clone()))
        };
        callers.into_iter().find_map(|symbol| one.methods.iter().find_map(|method| called(&symbol, method)))
    })?;
    let said = format!(
        "`{caller}` calls `{method}` for one after the other (`{}`): a slow one holds up all others",
        file.label()
    );
    let said = Statement::new(Basis::Repository, said).at(file);
    let (said, todo) = match one.bound() {
        Some(bound) => {
            let is_set = |s: &&Site<'_>| {
                let has_timeout = |text: &str| text.to_lowercase().contains("timeout");
                s.layer == Layer::Settings && !s.todo.is_empty() && s.text.as_deref().is_some_and(has_timeout)
            };
            let home = survey.sites.iter().find(is_set).map_or(String::new(), |s| format!(" in `{}`", s.path));
            let todo =
                format!("`{}` takes a bound: set the new one's{home}, since none may mean no bound", bound.label());
            (said, todo)
        }
        None => (said, "bound how long one call may take, and try one that hangs".to_owned()),
    };
    Some(risk(said, Level::Medium, Level::Medium, todo))
}

fn is_callable(symbol: &Symbol) -> bool {
    matches!(symbol.kind, SymbolKind::Function | SymbolKind::Method)
}

/// The tests of what goes wrong in one half of the year know the other half alone.
pub fn one_season(survey: &Survey<'_, '_>) -> Option<Risk> {
    let reading = survey.reading;
    let mut told = std::iter::once(reading.title.as_str()).chain(reading.sentences.iter().map(|f| f.text.as_str()));
    if !told.any(testing::goes_by_zone) {
        return None;
    }
    let group = survey.groups.get(survey.first_code())?;
    let (site, test) = survey.near_tests_of(group).into_iter().next()?;
    let text = site.context.tree.text(&test.path)?;
    let months: BTreeSet<u32> = text.lines().flat_map(months).collect();
    let is_winter = |m: &u32| [11, 12, 1, 2].contains(m);
    let is_summer = |m: &u32| (4..=9).contains(m);
    let half = match (months.is_empty(), months.iter().all(is_winter), months.iter().all(is_summer)) {
        (false, true, _) => "winter",
        (false, _, true) => "summer",
        _ => return None,
    };
    let file = site.sibling(&test.path);
    let said =
        format!("The times in `{}` are of the {half} alone: what breaks the other half of the year passes", test.path);
    let said = Statement::new(Basis::Repository, said).at(file);
    Some(risk(said, Level::Medium, Level::High, "hold both halves, and the days on which the clocks change".to_owned()))
}

/// The months of the dates that a line of code writes out: `2025-06-01`, `datetime(2025, 6, 1`.
fn months(line: &str) -> Vec<u32> {
    let is_year = |w: &str| w.len() == 4 && (w.starts_with("19") || w.starts_with("20"));
    let parts: Vec<&str> = line.split(|c: char| !c.is_ascii_digit()).collect();
    let joined = |year: &str, month: &str| {
        line.contains(&format!("{year}-{month}-")) || line.contains(&format!("({year}, {month},"))
    };
    let pairs = parts.windows(2).filter(|pair| is_year(pair[0]) && !pair[1].is_empty() && pair[1].len() <= 2);
    let pairs = parts
        .windows(3)
        .filter(|w| is_year(w[0]) && w[1].is_empty())
        .map(|w| (w[0], w[2]))
        .chain(pairs.map(|p| (p[0], p[1])));
    pairs
        .filter(|(year, month)| joined(year, month))
        .filter_map(|(_, month)| month.parse().ok())
        .filter(|m| (1..=12).contains(m))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_off_dates() {
        assert_eq!(months("appointment(db, datetime(2025, 1, 20, 9, 0, tzinfo=UTC))"), [1]);
        assert_eq!(months("@travel(\"2025-06-02T12:00:00Z\")"), [6]);
        assert!(months("port = 2025").is_empty() && months("total(2025, 99)").is_empty());
    }

    #[test]
    fn a_dropped_error_is_seen() {
        assert!(drops("\t_ = encoder.Encode(w, events)", "Encode"));
        assert!(drops("    let _ = encoder.encode(&mut out);", "encode"));
        assert!(!drops("if err := encoder.Encode(w, events); err != nil {", "Encode"));
    }
}
