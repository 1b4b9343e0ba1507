//! What is asked to happen by the clock: “sent again for 24 hours”, “when two hours pass without an answer”.
//!
//! In: the sentences of a ticket and the files of a [`Context`]. Out: whether a sentence asks for it, and the file that
//! runs by the clock in this repository. Bounded: files with a telling path, the first line that says so.

use super::{
    super::{
        Survey,
        code::{edges, path::stem},
        reading::Reading,
        work::group::Group,
    },
    called::Call,
    refs, site,
};
use crate::model::{
    context::{Context, FactKind, FileClass},
    ids::RepoName,
    plan::{Action, Basis, FileChange, FileRef, Statement},
};
use crate::{
    planner::words::{clean, terms},
    richtext::markdown::code_span,
};

/// Words of paths behind which work runs by the clock or in the background.
const PATHS: &[&str] = &[
    "task",
    "tasks",
    "job",
    "jobs",
    "worker",
    "workers",
    "cron",
    "scheduler",
    "schedulers",
    "scheduled",
    "poller",
    "pollers",
    "queue",
    "queues",
    "consumer",
    "consumers",
    "background",
    "timers",
];
/// What a line says that starts work by the clock or in the background.
const CLOCKS: &[&str] = &[
    "NewTicker",
    "time.Tick(",
    "time.AfterFunc",
    "setInterval",
    "cron",
    "Cron",
    "@Scheduled",
    "schedule",
    "Schedule",
    "interval(",
    "BackgroundService",
    "IHostedService",
    "shared_task",
    "perform_later",
    "perform_async",
    "ActiveJob",
    "@app.task",
    "queue.process",
    "new Worker(",
];
/// Files that are looked at, and the most that may use what runs by the clock.
const SEARCHED: usize = 200;
const USERS: usize = 12;
/// Units of time, in the singular.
const UNITS: &[&str] = &["second", "minute", "hour", "day", "night", "week", "month"];

/// Does the sentence ask for something that time brings about?
pub fn is_timed(text: &str) -> bool {
    const SAYS: &[&str] = &[
        "sent again",
        "send again",
        "try again later",
        "retried",
        "retries",
        "retry",
        "growing pauses",
        "backoff",
        "back-off",
        "in the background",
        "on a schedule",
        "hourly",
        "daily",
        "nightly",
        "weekly",
    ];
    const SENT: &[&str] = &["sent", "delivered", "mailed", "notified", "pushed", "told"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let is_unit = |at: usize| words.get(at).is_some_and(|w| UNITS.contains(&w.trim_end_matches('s')));
    let is_one = |at: usize| words.get(at).is_some_and(|w| ["a", "an", "one", "each", "the"].contains(w));
    let tells = |at: usize| match words[at] {
        // Every minute, every 15 minutes.
        "every" => is_unit(at + 1) || is_unit(at + 2),
        // After two hours, for 24 hours; two hours pass.
        "after" => is_unit(at + 2),
        "pass" | "passed" | "passes" => at >= 1 && is_unit(at - 1),
        "within" => is_one(at + 1) && is_unit(at + 2) && words[..at].iter().any(|w| SENT.contains(w)),
        _ => false,
    };
    SAYS.iter().any(|say| lower.contains(say)) || (0..words.len()).any(tells)
}

/// What runs by the clock here: its path, and the line that says so.
pub fn home(context: &Context, reading: &Reading) -> Option<(String, u32)> {
    if !reading.asked().any(|(_, text)| is_timed(text)) {
        return None;
    }
    let is_telling = |p: &&str| p.to_lowercase().split(['/', '.', '_', '-']).any(|w| PATHS.contains(&w));
    let is_source = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let queues = context.facts.iter().filter(|f| f.kind == FactKind::Queue).map(|f| f.path.as_str());
    let named = context.tree.paths().filter(is_telling);
    let candidates = queues.chain(named).filter(is_source).take(SEARCHED);
    let found = candidates.filter_map(|path| {
        let text = context.tree.text(path)?;
        let says = |(_, line): &(u32, &str)| CLOCKS.iter().any(|clock| line.contains(clock));
        let is_comment = |line: &str| {
            ["//", "#", "*", "/*", "\"\"\"", "import"].iter().any(|mark| line.trim_start().starts_with(mark))
        };
        let all = || (1_u32..).zip(text.lines()).filter(says);
        let (line, _) = all().find(|(_, line)| !is_comment(line)).or_else(|| all().next())?;
        let shared = terms(&format!("{path} {text}")).intersection(&reading.terms).count();
        Some((shared, path, line))
    });
    let best = found.reduce(|a, b| if b.0 > a.0 { b } else { a })?;
    Some((best.1.to_owned(), best.2))
}

/// The call for that file.
pub fn calls(context: &Context, reading: &Reading, repository: &Option<RepoName>) -> Vec<Call> {
    let Some((path, line)) = home(context, reading) else { return Vec::new() };
    let ids: Vec<&str> = reading.asked().filter(|(_, text)| is_timed(text)).map(|(id, _)| id).take(6).collect();
    let text = context.tree.text(&path).unwrap_or_default();
    let code = text.lines().nth(line as usize - 1).map(clean).unwrap_or_default();
    // A cut line is no line.
    let code = if code.chars().count() <= 90 { format!(": {}", code_span(&code)) } else { String::new() };
    let file = FileRef::new(&path).of(repository.clone()).lines(line, line);
    let verb = if ids.len() == 1 { "happens" } else { "happen" };
    let said = format!("{} {verb} by the clock, and `{}` is what runs so here{code}", ids.join(", "), file.label());
    let why = Statement::new(Basis::Repository, said).at(file.clone());
    let slower = slower(context, reading, &path);
    let todo = match &slower {
        Some((said, _)) => format!("Run it as `{}` runs, in a file of its own beside it: {said}", file.label()),
        None => format!("Run it as `{}` runs, there or in a file of its own beside it", file.label()),
    };
    let setting = slower.map(|(_, setting)| setting.of(repository.clone()));
    let symbol = site::around(&context.tree.symbols(&path), line);
    let told = told(context, repository, &path);
    let todo = setting.into_iter().fold(Statement::new(Basis::Repository, todo).at(file), Statement::at);
    let todo = Some(todo.into());
    std::iter::once(Call { path, symbol, why, todo, leads: false }).chain(told).collect()
}

/// The setting by which what runs here is too slow for what is asked, in words, with its place: `poll_every: 10m` for what
/// is wanted within a minute.
fn slower(context: &Context, reading: &Reading, home: &str) -> Option<(String, FileRef)> {
    let asked = reading.asked().filter(|(_, text)| is_timed(text));
    let (wanted, id) = asked.filter_map(|(id, text)| Some((period(text)?, id))).min()?;
    let root: String = stem(home).to_lowercase().chars().take(4).collect();
    let is_settings = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Config);
    let files = context.tree.paths().filter(is_settings).take(SEARCHED);
    let found = files.filter_map(|path| {
        let text = context.tree.text(path)?;
        let set = |line: &str| {
            let (key, value) = line.split_once([':', '='])?;
            let key = key.trim().trim_matches(['"', '\'']);
            let seconds = duration(key, value.trim().trim_matches(['"', '\'', ',']))?;
            (key.to_lowercase().contains(&root) && seconds > wanted).then(|| (key.to_owned(), value.trim().to_owned()))
        };
        let ((key, value), line) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((set(line)?, at)))?;
        let file = FileRef::new(path).lines(line, line);
        Some((
            format!(
                "`{}` is {} (`{}`), and {id} wants it sooner",
                clean(&key),
                code_span(&clean(&value)),
                file.label()
            ),
            file,
        ))
    });
    found.into_iter().next()
}

/// The period that a sentence names, in seconds: “within a minute”, “every two hours”.
fn period(text: &str) -> Option<u64> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let begins = (0..words.len()).filter(|at| ["every", "within"].contains(&words[*at]));
    let count = |word: &str| match word {
        "a" | "an" | "one" | "each" | "the" => Some(1),
        "two" => Some(2),
        "five" => Some(5),
        "ten" => Some(10),
        other => other.parse::<u64>().ok(),
    };
    let unit = |word: &str| match word.trim_end_matches('s') {
        "second" => Some(1),
        "minute" => Some(60),
        "hour" => Some(3_600),
        "day" => Some(86_400),
        _ => None,
    };
    let named = |at: usize| {
        let next = words.get(at + 1)?;
        unit(next).or_else(|| count(next)?.checked_mul(unit(words.get(at + 2)?)?))
    };
    begins.into_iter().find_map(named)
}

/// The value of a setting as a span of time, in seconds: `10m`, `1h`, or a number whose key names its unit.
fn duration(key: &str, value: &str) -> Option<u64> {
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let count: u64 = value[..digits].parse().ok()?;
    let key = key.to_lowercase();
    let factor = match &value[digits..] {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "" if key.ends_with("secs") || key.ends_with("seconds") => 1,
        "" if key.ends_with("minutes") || key.ends_with("mins") => 60,
        "" if key.ends_with("hours") => 3_600,
        _ => return None,
    };
    count.checked_mul(factor)
}

/// The document that tells when the file runs, by its name or its module: “`python -m tasks.send_reminders` runs hourly”.
fn told(context: &Context, repository: &Option<RepoName>, home: &str) -> Option<Call> {
    let name = stem(home);
    if name.len() < 6 || !super::super::work::why::is_telling(name) {
        return None;
    }
    let is_doc = |p: &&str| context.tree.file(p).is_some_and(|f| f.class == FileClass::Doc);
    let docs = context.tree.paths().filter(is_doc).filter(|p| !p.to_lowercase().contains("changelog"));
    docs.take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        let says = |line: &str| {
            edges::names(line, name)
                && line
                    .to_lowercase()
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|w| UNITS.contains(&w.trim_end_matches('s')))
        };
        let (_, at) = text.lines().zip(1_u32..).find(|(line, _)| says(line))?;
        let file = FileRef::new(path).of(repository.clone()).lines(at, at);
        let why = format!("`{}` tells when `{name}` runs", file.label());
        let todo = format!("`{}` tells when `{name}` runs: tell it of the new work too", file.label());
        let statement = |text: String| Statement::new(Basis::Repository, text).at(file.clone());
        let todo = Some(statement(todo).into());
        Some(Call { path: path.to_owned(), symbol: None, why: statement(why), todo, leads: false })
    })
}

/// Where a group's file that runs by the clock is started: the only line that calls it, in code that is no test.
pub fn started(survey: &Survey<'_, '_>, group: &Group<'_, '_>) -> Option<(FileChange, Statement)> {
    let home = group.sites.iter().find_map(|s| Some((*s, home(s.context, s.reading)?)));
    let (site, (path, line)) = home.filter(|(site, (path, _))| site.path == *path)?;
    let symbol = site.around(line).filter(|symbol| symbol.name.len() >= 3)?;
    let users = site.context.tree.dependents(&path, USERS + 1);
    if users.len() > USERS {
        return None;
    }
    let (method, call) = (format!(".{}(", symbol.name), format!("{}(", symbol.name));
    let is_call = |line: &str| match symbol.parent {
        Some(_) => line.contains(&method),
        None => edges::names(line, &symbol.name) && line.contains(&call) && !line.trim_start().starts_with("import"),
    };
    // A method's name says little: the file has to make its type, too.
    let kind = symbol.parent.as_deref().unwrap_or_default();
    let is_source = |p: &str| site.context.tree.file(p).is_some_and(|f| f.class == FileClass::Source);
    let places = users.iter().filter(|p| is_source(p)).filter_map(|user| {
        let text = site.context.tree.text(user).filter(|t| t.contains(kind))?;
        let line = text.lines().zip(1_u32..).find(|(line, _)| is_call(line)).map(|(_, at)| at)?;
        Some((user, line))
    });
    let places: Vec<(&String, u32)> = places.collect();
    let [(user, line)] = places.as_slice() else { return None };
    if survey.sites.iter().any(|s| s.path == **user) {
        return None;
    }
    let file = site.sibling(user).lines(*line, *line);
    let name = refs::full_name(&path, &symbol);
    let why = format!("`{}` starts `{name}`", file.label());
    let said = format!("What runs on its own beside `{name}` is started where that is, at `{}`", file.label());
    let change = FileChange {
        action: Action::Modify,
        file: site.sibling(user),
        why: vec![Statement::new(Basis::Repository, why).at(file.clone())],
        ..FileChange::default()
    };
    Some((change, Statement::new(Basis::Repository, said).at(file)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_settings_are_read_as_spans_of_time() {
        assert_eq!(period("Every new event is sent within a minute."), Some(60));
        assert_eq!(period("It runs every 15 minutes."), Some(900));
        assert_eq!(period("Every event is kept."), None);
        assert_eq!(duration("poll_every", "10m"), Some(600));
        assert_eq!(duration("poll_secs", "30"), Some(30));
        assert_eq!(duration("poll_size", "30"), None);
    }

    #[test]
    fn sentences_by_the_clock_are_told() {
        for text in [
            "What was not answered with 2xx is sent again, with growing pauses, for 24 hours",
            "The number of waiting deliveries is logged every minute.",
            "Given I was offered a slot, When two hours pass without an answer, Then it is offered to the next",
            "Every new event is sent to its addresses within a minute.",
            "Old carts are removed every 15 minutes",
        ] {
            assert!(is_timed(text), "{text}");
        }
        for text in [
            "After 5 failed attempts within 15 minutes further attempts are refused",
            "A page of 100 should take under 150 ms",
            "50,000 orders arrive in under 5 seconds",
            "The page loads within a second",
            "Every order has a status",
            "A delivery survives a restart of the service",
        ] {
            assert!(!is_timed(text), "{text}");
        }
    }
}
