//! Writes the steps: what changes where and why, what to follow, what to watch, what shows that it is done.
//!
//! In: the [`Reading`] and the ordered [`Group`]s. Out: [`Step`]s in the order of work, each with the criteria it serves.

use super::{
    super::{
        Survey,
        code::{differs, edges, forms, guards, lacks, layer::Layer, ports, uses},
        places::{
            neighbours,
            site::Site,
            timed,
            todo::{Act, Todo},
            toggles,
        },
        reading,
        sections::{confidence, interface},
        survey::is_test_of,
        testing, unsaid,
    },
    commands::Commands,
    commits, doubts, ends,
    group::Group,
    holds, kept, migrations, serve, why,
};
use crate::model::{
    context::{FileClass, Symbol, SymbolKind},
    plan::{Action, Basis, Citation, Command, FileChange, Kind, Statement, Step},
};
use crate::{planner::words::shorten, richtext::markdown::code_span};

/// The part of a group's work that one step does.
#[derive(Clone, Copy, Default)]
pub struct Part<'p> {
    /// Only what these ids ask for.
    pub ids: Option<&'p [&'p str]>,
    /// An earlier step made the group's new files.
    pub goes_on: bool,
    /// The groups of the steps before.
    pub before: &'p [usize],
}

impl Part<'_> {
    /// Does this part serve the id?
    fn serves(&self, id: &str) -> bool {
        self.ids.is_none_or(|ids| ids.contains(&id))
    }

    /// Does the instruction belong here? A route is declared in the part that asks for it.
    fn takes(&self, survey: &Survey<'_, '_>, todo: &Todo) -> bool {
        match &todo.act {
            Act::DeclareRoute(route) => {
                let asks = survey.asked.iter().filter(|a| a.text.contains(route.as_str()));
                let mut asks = asks.peekable();
                asks.peek().is_none() || asks.any(|a| self.serves(a.id))
            }
            Act::Register(_) => !self.goes_on,
            _ => true,
        }
    }
}

/// The step for a part of one group.
pub fn step(survey: &Survey<'_, '_>, at: usize, group: &Group<'_, '_>, part: Part<'_>) -> Step {
    // What is only looked at gets no test.
    let is_checked = group.is_on_the_way() || survey.is_doubtful(group);
    let tests = if is_checked { Vec::new() } else { survey.tests_of(group) };
    let mut files: Vec<FileChange> = group.sites.iter().map(|site| change(site)).collect();
    if group.is_on_the_way() || group.is_there() || survey.is_guess(group) || survey.is_doubtful(group) {
        for file in files.iter_mut().filter(|f| f.action == Action::Modify) {
            file.action = Action::Read;
            file.symbols.append(&mut file.reads);
        }
    }
    only_read(survey, at, group, &mut files);
    if stays(survey, group).is_some() {
        let kept = std::mem::take(&mut files[0].symbols);
        files[0].beside.splice(0..0, kept);
    }
    let others = tests.iter().filter(|(_, test)| group.sites.iter().all(|s| s.path != test.path));
    files.extend(others.map(|(site, test)| why::test_change(site, test)));
    if survey.is_guess(group) {
        files.extend(unsaid::also_meant(survey, group.lead()));
    }
    let new_tests = survey.new_tests_of(group);
    files.extend(new_tests.iter().map(|site| change(site)));
    let switched = toggles::in_tests(group).into_iter().map(|(file, _)| file);
    let switched = switched.chain(timed::started(survey, group).filter(|_| !part.goes_on).map(|(file, _)| file));
    files.extend(switched.filter(|f| group.sites.iter().all(|s| s.path != f.file.path)));
    for change in ports::here(&group.sites).into_iter().flat_map(|(changes, _)| changes) {
        match files.iter_mut().find(|f| f.file.path == change.file.path) {
            Some(known) if known.action == Action::Modify => known.symbols.extend(change.symbols),
            Some(_) => {}
            None => files.push(change),
        }
    }
    let texts = texts(survey, at, part);
    let mut kept_by: Vec<Command> = Vec::new();
    if let Some((symbols, _)) = holds::here(group.lead(), &texts) {
        moved(group.lead(), &mut files[0], symbols);
    }
    if let Some((change, _)) = kept::here(survey, group.lead(), &texts).filter(|_| follows(group, part)) {
        match files.iter_mut().find(|f| f.file.path == change.file.path) {
            Some(known) => known.symbols.extend(change.symbols),
            None => {
                kept_by.extend(own_test(survey, &change.file.path));
                files.push(change);
            }
        }
    }
    Step {
        id: String::new(),
        title: title(survey, group),
        why: Vec::new(),
        how: how(survey, at, group, part),
        files,
        watch: if is_only_text(survey) { Vec::new() } else { watch(group) },
        validate: ends::of(survey, group, part.before).into_iter().chain(kept_by).collect(),
        serves: survey.served_by(at).into_iter().filter(|id| part.serves(id)).collect(),
        ..Step::default()
    }
}

/// Where something new goes beside its sibling, what has no work of its own is only read.
fn only_read(survey: &Survey<'_, '_>, at: usize, group: &Group<'_, '_>, files: &mut [FileChange]) {
    if !survey.sites.iter().any(|s| s.todo.iter().any(|t| t.follows().is_some())) {
        return;
    }
    let leads_here = |site: &Site<'_>| {
        let starts = survey.served(at).filter_map(|(_, _, served)| served.start.as_ref());
        let is_only = group.sites.len() == 1 && survey.served(at).next().is_some();
        is_only || starts.into_iter().any(|(home, _)| home.path == site.path)
    };
    for site in group.sites.iter().filter(|s| s.is_code() && s.todo.is_empty() && !leads_here(s)) {
        for file in files.iter_mut().filter(|f| f.file.path == site.path && f.action == Action::Modify) {
            file.action = Action::Read;
            file.symbols.append(&mut file.reads);
        }
    }
}

/// The words of what a part of a group's work serves.
fn texts<'s>(survey: &Survey<'s, '_>, at: usize, part: Part<'_>) -> Vec<&'s str> {
    survey.served(at).filter(|(id, ..)| part.serves(id)).map(|(_, text, _)| text).collect()
}

/// Can the group's work follow something new? Code can, and not what keeps it.
fn follows(group: &Group<'_, '_>, part: Part<'_>) -> bool {
    group.lead().is_code() && group.layer != Layer::Migration && !part.goes_on
}

/// The command that runs the test which is named for a file.
fn own_test(survey: &Survey<'_, '_>, path: &str) -> Option<Command> {
    let context = survey.contexts.first()?;
    let is_test = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Test) && is_test_of(p, path);
    let test = context.tree.paths().find(is_test)?;
    Commands::of(context, None).one_test(test)
}

/// Symbols of a file that change after all.
fn moved(site: &Site<'_>, change: &mut FileChange, symbols: Vec<Symbol>) {
    for symbol in symbols.iter().map(|s| site.symbol(s)) {
        change.reads.retain(|known| known.name != symbol.name);
        if change.symbols.iter().all(|known| known.name != symbol.name) {
            change.symbols.push(symbol);
        }
    }
}

/// Does the ticket want nothing but texts replaced? Whoever calls the code then sees no difference.
pub fn is_only_text(survey: &Survey<'_, '_>) -> bool {
    survey.reading.kind == Kind::Documentation && !survey.reading.swaps.is_empty()
}

/// `Change Cart::total in src/cart.rs`.
fn title(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> String {
    let lead = group.lead();
    let others = match group.sites.len() {
        1 => String::new(),
        2 | 3 => {
            let names: Vec<String> = group.sites[1..].iter().map(|s| code_span(&s.path)).collect();
            format!(" together with {}", names.join(" and "))
        }
        n => format!(" and {} more", counted(n - 1, "file")),
    };
    if group.is_on_the_way() {
        let others = match group.sites.len() {
            1 => String::new(),
            n => format!(" and {}", counted(n - 1, "other file")),
        };
        return format!("Look at {}{others} only if that is not enough", code_span(&lead.path));
    }
    if group.is_there() {
        return format!("Check what is missing where it is there already, in {}{others}", code_span(&lead.path));
    }
    if survey.is_doubtful(group) {
        return format!("Check whether {}{others} must follow", code_span(&lead.path));
    }
    if survey.is_guess(group) {
        return format!("Look at {}{others}", code_span(&lead.path));
    }
    let verb = match (lead.action, lead.layer, survey.reading.kind) {
        (Action::Create, _, _) => "Create",
        (_, Layer::Document, _) => "Update",
        (_, _, Kind::Bug) => "Fix",
        _ => "Change",
    };
    if let Some(name) = lead.todo.iter().find_map(Todo::declares) {
        return format!("Add {} in {}{others}", code_span(name), code_span(&lead.path));
    }
    let (changed, beside) = neighbours::told_apart(lead);
    let only_adds = changed.is_empty() && !lead.todo.is_empty() && lead.todo.iter().all(Todo::adds);
    if lead.todo.iter().any(Todo::is_beside)
        || only_adds && lead.is_code()
        || changed.is_empty() && !beside.is_empty()
        || stays(survey, group).is_some()
    {
        return format!("Extend {}{others}", code_span(&lead.path));
    }
    // A constant that a function reads stays as it is where that function is what changes; what a sentence waits for is
    // where the change begins.
    let first = changed.into_iter().find(|s| s.kind != SymbolKind::Module).filter(|_| lead.is_code());
    let is_constant = first.is_some_and(|s| matches!(s.kind, SymbolKind::Constant | SymbolKind::Field));
    // Of a type as a whole, the member that a sentence starts in is where the change begins.
    let is_member = |s: &Symbol| first.is_some_and(|f| f.line < s.line && s.end_line <= f.end_line);
    let at = survey.groups.iter().position(|g| std::ptr::eq(g, group));
    let served = at.into_iter().flat_map(|at| survey.served(at));
    let starts = served.filter_map(|(_, text, served)| Some((text, served.start.as_ref()?)));
    let start = starts
        .filter(|(_, (site, _))| std::ptr::eq(*site, lead))
        .find(|(text, (_, symbol))| is_constant || is_member(symbol) || serve::waits_for(text, symbol))
        .map(|(_, (_, symbol))| symbol);
    match start.or(first) {
        Some(symbol) => {
            let name = super::super::places::refs::full_name(&lead.path, symbol);
            format!("{verb} {} in {}{others}", code_span(&name), code_span(&lead.path))
        }
        None => format!("{verb} {}{others}", code_span(&lead.path)),
    }
}

/// What happens to one file, with its evidence.
fn change(site: &Site<'_>) -> FileChange {
    let (symbols, beside) = neighbours::told_apart(site);
    // What tests get is said by the tests themselves.
    let is_test = site.layer == Layer::Test && site.todo.is_empty();
    FileChange {
        action: site.action,
        file: site.file(),
        symbols: symbols.into_iter().filter(|_| !is_test).map(|s| site.symbol(s)).collect(),
        beside: beside.into_iter().map(|s| site.symbol(s)).collect(),
        reads: site.reads.iter().map(|s| site.symbol(s)).collect(),
        why: why::reasons(site),
        like: site.convention.as_ref().and_then(|(_, like)| like.as_ref()).map(|like| site.sibling(like)),
        ..FileChange::default()
    }
}

/// What to do, most concrete first.
fn how(survey: &Survey<'_, '_>, at: usize, group: &Group<'_, '_>, part: Part<'_>) -> Vec<Statement> {
    let mut out = edges::replacements(survey.reading, group);
    out.extend(doubts::of(survey, group));
    out.extend(group.sites.iter().filter_map(|site| edges::failing_line(site)));
    out.extend(commits::here(survey, group).into_iter().filter(|_| !part.goes_on));
    let todo =
        group.sites.iter().flat_map(|site| site.todo.iter().filter(|todo| site.todo.len() == 1 || !todo.passes_on()));
    let todo = todo.filter(|todo| part.takes(survey, todo));
    out.extend(todo.map(|todo| todo.said.clone()));
    if group.layer == Layer::Migration && group.lead().action == Action::Create {
        out.extend(migrations::rules(group.lead()));
    }
    out.extend(toggles::in_tests(group).into_iter().map(|(_, said)| said));
    out.extend(timed::started(survey, group).filter(|_| !part.goes_on).map(|(_, said)| said));
    out.extend(super::amounts::here(survey, group).filter(|_| !part.goes_on));
    out.extend(super::amounts::ruled(survey, group).filter(|_| !part.goes_on));
    out.extend(ports::here(&group.sites).into_iter().map(|(_, said)| said).filter(|_| !part.goes_on));
    out.extend(super::options::here(survey, group).into_iter().filter(|_| !part.goes_on));
    out.extend(super::reported::here(survey, group));
    out.extend(super::asserted::here(survey, group).into_iter().filter(|_| !part.goes_on));
    let texts = texts(survey, at, part);
    out.extend(kept::here(survey, group.lead(), &texts).filter(|_| follows(group, part)).map(|(_, said)| said));
    out.extend(holds::here(group.lead(), &texts).map(|(_, said)| said));
    out.extend(unsaid::streamed(survey, group.lead()));
    out.extend(guarded(survey, group));
    out.extend(super::answers::here(survey, group, &texts));
    if at == survey.first_code() {
        out.extend(test_first(survey, at, group));
        out.extend(super::cited::rules(survey));
        out.extend(super::cited::examples(survey));
    }
    let only = survey.groups.iter().filter(|g| g.lead().is_code()).count() == 1;
    let led = survey.served(at).filter(|(id, ..)| part.serves(id));
    // What must stay as it is asks for no change: its test says so.
    let led = led.filter(|(_, _, served)| !served.is_guard && (!only || served.start.is_some()));
    let (placed, led): (Vec<_>, Vec<_>) = led.partition(|(_, _, served)| served.start.is_none());
    out.extend(led.into_iter().map(|(id, text, served)| {
        let mut lead = Statement::new(Basis::Ticket, format!("{id} “{}”", shorten(text, 70)));
        match &served.start {
            // Where its route is declared is said already; what is there stays as it is.
            Some((site, _)) if declares(group, text) || site.todo.iter().any(Todo::is_beside) => {}
            Some((site, symbol)) => {
                let name = super::super::places::refs::full_name(&site.path, symbol);
                let place = if reading::routes(text).is_empty() { "in" } else { "beside" };
                lead.text = format!("{}: start {place} `{name}`", lead.text);
                lead = lead.at(site.symbol(symbol).file);
            }
            None => {}
        }
        lead
    }));
    out.extend(placed_by(&placed, only));
    if out.is_empty() || stays(survey, group).is_some() {
        out.splice(0..0, needed(survey, group));
    }
    out.extend(super::fields::here(survey, group.lead()).filter(|_| !part.goes_on));
    if !part.goes_on {
        out.extend(group.sites.iter().filter_map(|site| convention(site)));
        out.extend(group.sites.iter().flat_map(|site| different(site)));
        out.extend(survey.new_tests_of(group).into_iter().filter_map(convention));
    }
    // A changelog changes with everything.
    let is_beside = group.layer == Layer::Document && survey.code().next().is_some();
    out.extend(super::example::of(survey, group).filter(|_| !is_beside));
    out.truncate(12);
    out
}

/// The guard that a new route has as its neighbour does: among the arguments of what answers it, or where it is declared.
fn guarded(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    let context = group.lead().context;
    let mut todo = group.sites.iter().flat_map(|site| &site.todo);
    let (route, answers) = todo.find_map(|todo| match &todo.act {
        Act::Answer(route) => Some((route, true)),
        Act::DeclareRoute(route) => Some((route, false)),
        _ => None,
    })?;
    let (method, path) = route.split_once(' ')?;
    let beside = interface::sibling(context, survey.reading, method, path)?;
    let guard = guards::of(context, beside).filter(|guard| guard.is_argument == answers)?;
    let file = unsaid::line_of(survey, context, &guard.path, guard.line);
    let said = match answers {
        true => format!(
            "Take `{}` first among its arguments, as at `{}`: it refuses before anything else is read",
            guard.name,
            file.label()
        ),
        false => format!("Guard `{route}` by `{}`, as `{}` does its neighbour", guard.name, file.label()),
    };
    Some(Statement::new(Basis::Repository, said).at(file))
}

/// What stands in a step by no word of its own: the sentences in short, those with the same reason in one line.
fn placed_by(placed: &[(&str, &str, &super::serve::Served<'_, '_>)], only: bool) -> Vec<Statement> {
    let because = |served: &super::serve::Served<'_, '_>| match (served.is_neighbour, served.is_only_place) {
        (true, _) => Some("placed here beside the rest of their section, not by their words"),
        (_, true) if only => Some("placed here as the only code step, not by their words"),
        (_, true) => Some("placed here because the new route is handled here, not by their words"),
        _ => None,
    };
    let plain = placed.iter().filter(|(_, _, served)| because(served).is_none());
    let mut out: Vec<Statement> =
        plain.map(|(id, text, _)| Statement::new(Basis::Ticket, format!("{id} “{}”", shorten(text, 70)))).collect();
    if let Some(reason) = placed.iter().find_map(|(_, _, served)| because(served)) {
        let ids: Vec<&str> =
            placed.iter().filter(|(_, _, s)| because(s) == Some(reason)).map(|(id, _, _)| *id).collect();
        let reason = if ids.len() == 1 { reason.replace("their", "its") } else { reason.to_owned() };
        out.push(Statement::new(Basis::Ticket, format!("{}: {reason}", ids.join(", "))));
    }
    out
}

/// Does an instruction of the group declare a route that the sentence names?
fn declares(group: &Group<'_, '_>, text: &str) -> bool {
    let todo = group.sites.iter().flat_map(|site| &site.todo);
    todo.filter_map(|t| if let Act::DeclareRoute(route) = &t.act { Some(route) } else { None })
        .any(|route| text.contains(route.as_str()))
}

/// What a group is changed for that nothing else is said of: a file of another step uses it.
fn needed(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<Statement> {
    let lead = group.lead();
    let others = survey.groups.iter().filter(|g| !std::ptr::eq(*g, group));
    let sites: Vec<&&Site<'_>> = others.flat_map(|g| &g.sites).filter(|s| s.repository == lead.repository).collect();
    let is_site = |path: &str| sites.iter().any(|s| s.path == path);
    let defined = lead.context.tree.symbols(&lead.path);
    let callable = |s: &&Symbol| matches!(s.kind, SymbolKind::Function | SymbolKind::Method);
    let symbols = lead.symbols.iter().chain(defined.iter().filter(callable).take(20)).filter(|_| lead.is_code());
    let used = |symbol| uses::calls(lead, symbol).into_iter().find(|(path, _)| is_site(path)).map(|at| (symbol, at));
    let (symbol, (path, line)) = symbols.filter(|s| s.kind != SymbolKind::Module).find_map(used)?;
    let file = lead.sibling(&path).lines(line, line);
    let name = super::super::places::refs::full_name(&lead.path, symbol);
    if let Some(kept) = stays(survey, group) {
        let text = format!(
            "`{name}` stays as it is (“{}”): add beside it only what `{}` needs",
            shorten(&kept.text, 120),
            file.label()
        );
        return Some(Statement::new(Basis::Ticket, text).at(file).citing(quote(kept)));
    }
    let text = format!("Change here only what `{}`, which uses `{name}`, needs of it", file.label());
    Some(Statement::new(Basis::Repository, text).at(file))
}

/// The comment by which a group's first symbol stays as it is: nothing but what it takes back names that symbol.
pub fn stays<'s>(survey: &'s Survey<'_, '_>, group: &Group<'_, '_>) -> Option<&'s reading::Found> {
    let symbol = group.lead().symbols.first().filter(|_| group.lead().is_code())?;
    let names = |text: &str| edges::names(text, &symbol.name);
    let is_back = |id: &str| survey.overruled.iter().find(|(known, _)| known == id).map(|(_, by)| by);
    let (back, live): (Vec<_>, Vec<_>) = survey.asked.iter().partition(|a| is_back(a.id).is_some());
    let by = back.iter().find(|a| names(a.text)).and_then(|a| is_back(a.id))?;
    let is_kept = ["keep", "leave"].iter().any(|w| by.text.to_lowercase().contains(w));
    (is_kept && !names(&survey.reading.title) && !live.iter().any(|a| names(a.text))).then_some(by)
}

/// Does nothing in the ticket say that no test shows it?
pub fn is_testable(survey: &Survey<'_, '_>) -> bool {
    const UNTESTABLE: &[&str] = &["impossible to test", "hard to test", "not testable", "can't be tested", "a no-op"];
    let told = survey.reading.told.to_lowercase();
    !UNTESTABLE.iter().any(|words| told.contains(words))
}

/// A bug is shown by a test before it is fixed: by the first one of what this step serves.
fn test_first(survey: &Survey<'_, '_>, at: usize, group: &Group<'_, '_>) -> Option<Statement> {
    let lead = group.lead();
    let is_shown = is_testable(survey);
    let has_test = survey.reading.kind == Kind::Bug && is_shown && lead.is_code() && !survey.tests_of(group).is_empty();
    let name = lead.symbols.first().map(|s| super::super::places::refs::full_name(&lead.path, s))?;
    let test = testing::first_of(survey, at)?;
    let failing = edges::failing_at(lead).and_then(|at| lead.text.as_deref()?.lines().nth(at as usize - 1));
    // Who reports a fault is not the one to change.
    let then = match failing.is_some_and(edges::is_raise) {
        true => format!("Find what leads to `{name}`, and change that"),
        false if is_pointed_at(survey, lead) || super::amounts::here(survey, group).is_some() => {
            format!("Then change `{name}` until it passes")
        }
        false => format!("Then find what makes it fail: `{name}` is the likeliest place"),
    };
    has_test.then(|| {
        let statement = Statement::new(Basis::Repository, format!("Write {test} first: it fails today. {then}"));
        statement.at(lead.symbol(&lead.symbols[0]).file)
    })
}

/// A quote of the ticket as a citation.
pub fn quote(found: &super::super::reading::Found) -> Citation {
    Citation::Ticket { quote: found.text.clone(), place: found.place.clone() }
}

/// Where a new file goes, and what shows its form.
fn convention(site: &Site<'_>) -> Option<Statement> {
    let (why, like) = site.convention.as_ref()?;
    let like_text = like.as_ref().map_or(String::new(), |like| {
        let holds = forms::told(site, like).map_or(String::new(), |holds| format!(": {holds}"));
        format!("; take `{like}` as the pattern{holds}")
    });
    let statement = Statement::new(Basis::Repository, format!("`{}`: {why}{like_text}", site.path));
    Some(match like {
        Some(like) => statement.at(site.sibling(like)),
        None => statement,
    })
}

/// What the new file has where the one that shows its form has something else, or nothing.
fn different(site: &Site<'_>) -> Vec<Statement> {
    let like = site.convention.as_ref().and_then(|(_, like)| like.as_ref());
    like.map_or_else(Vec::new, |like| differs::told(site, like).into_iter().chain(lacks::told(site, like)).collect())
}

/// `no files`, `1 file`, `3 files`.
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    }
}

/// Does more than shared words lead to the site: a trace, a name of the ticket, a line that says what to do?
fn is_pointed_at(survey: &Survey<'_, '_>, site: &Site<'_>) -> bool {
    let is_hard = survey.sites.iter().any(confidence::is_hard);
    confidence::is_hard(site) || !is_hard && (!site.called.is_empty() || !site.todo.is_empty())
}

/// Call sites and branches that must keep working.
fn watch(group: &Group<'_, '_>) -> Vec<Statement> {
    let mut out = Vec::new();
    for site in group.sites.iter().filter(|s| s.is_code()) {
        out.extend(edges::callers(site));
        out.extend(edges::branches(site));
    }
    out.truncate(6);
    out
}

/// Test files that the ranking itself puts on the list, as a last step.
pub fn loose_tests(survey: &Survey<'_, '_>, number: usize) -> Option<Step> {
    // What is only looked at gets no test yet.
    let is_of_guess = |test: &Site<'_>| {
        let mut guessed = survey.groups.iter().filter(|g| survey.is_guess(g)).flat_map(|g| &g.sites);
        test.action == Action::Create && guessed.any(|s| is_test_of(&test.path, &s.path))
    };
    let is_loose =
        |s: &&Site<'_>| s.layer == Layer::Test && !survey.has_test(s) && !survey.is_made(s) && !is_of_guess(s);
    let loose: Vec<&Site<'_>> = survey.sites.iter().filter(is_loose).collect();
    let first = loose.first()?;
    let commands = Commands::of(first.context, first.repository.clone());
    let mut validate: Vec<_> = {
        let has_tests = |site: &&&Site<'_>| {
            site.action == Action::Create
                || site.context.tree.symbols(&site.path).iter().any(|s| s.kind == SymbolKind::Test)
        };
        loose.iter().filter(has_tests).filter_map(|site| commands.one_test(&site.path)).collect()
    };
    if validate.is_empty() {
        validate.extend(commands.tests(&first.path));
    }
    let verb = if first.action == Action::Create { "Create" } else { "Extend" };
    Some(Step {
        id: number.to_string(),
        title: match loose.len() {
            1 => format!("{verb} {}", code_span(&first.path)),
            2 => format!("{verb} {} and {}", code_span(&first.path), code_span(&loose[1].path)),
            n => format!("{verb} {} and {} more", code_span(&first.path), counted(n - 1, "test file")),
        },
        how: loose.iter().flat_map(|site| site.todo.iter().map(|t| t.said.clone()).chain(convention(site))).collect(),
        files: loose.iter().map(|site| change(site)).collect(),
        validate,
        ..Step::default()
    })
}
