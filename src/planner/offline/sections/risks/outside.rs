//! Risks for those outside: who may, who is kept out, what clients see, what is sent to others.
//!
//! In: the [`Survey`]. Out: risks.

use super::{
    super::{
        super::{
            Survey,
            code::senders,
            places::{raised, refs::full_name, timed, todo::Todo},
            work::{
                answers::{self, statuses},
                commands::Commands,
            },
        },
        interface, security,
    },
    risk,
};
use crate::model::{
    context::FileClass,
    plan::{Basis, Citation, FileRef, Level, Risk, Statement},
};
use crate::planner::words::{clean, listed, shorten};

/// Files that are searched, and the longest of them in bytes.
const SEARCHED: usize = 3_000;
const LONGEST: usize = 200_000;

/// Code that decides who may do what.
pub fn guarding(survey: &Survey<'_, '_>) -> Option<Risk> {
    let site = survey.sure_code().find(|s| security::guards(s))?;
    let said = format!("`{}` guards access: a mistake lets the wrong people in or keeps the right ones out", site.path);
    let statement = Statement::new(Basis::Repository, said).at(site.file());
    Some(risk(statement, Level::Low, Level::High, "test the refused case beside the allowed one".to_owned()))
}

/// A count for each account that keeps its owner out.
pub fn locked_out(survey: &Survey<'_, '_>) -> Option<Risk> {
    const WHOSE: &[&str] = &["account", "accounts", "user", "users", "customer", "customers"];
    const TRIES: &[&str] = &["attempts", "tries", "logins", "failures", "sign-ins"];
    const REFUSED: &[&str] = &["refused", "rejected", "locked", "blocked", "429", "denied"];
    let says = |text: &str, words: &[&str]| {
        let lower = text.to_lowercase();
        lower.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|w| words.contains(&w))
    };
    let counts = |text: &str| says(text, WHOSE) && says(text, TRIES) && says(text, REFUSED);
    let asked = survey.asked.iter().find(|a| a.served.is_some() && counts(a.text))?;
    let said =
        format!("{} refuses by account: whoever knows one can keep its owner out by failing often enough", asked.id);
    let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
    let said = Statement::new(Basis::Ticket, said).citing(cited);
    let todo = "let the refusal end by itself; how the owner gets in meanwhile is an open question".to_owned();
    Some(risk(said, Level::Medium, Level::Medium, todo))
}

/// Clients of a declared route see another status than today.
pub fn answered(survey: &Survey<'_, '_>) -> Option<Risk> {
    let context = survey.contexts.first()?;
    let (fact, route) = interface::named(context, survey.reading).into_iter().next()?;
    let wanted: Vec<u16> = survey.asked.iter().filter(|a| a.served.is_some()).flat_map(|a| statuses(a.text)).collect();
    // What a check in front of the handler answers stays, where the code to change does not answer with it too.
    let kept = answers::before(context, fact);
    let thrown: Vec<u16> = survey.code().take(1).flat_map(answers::of_changed).collect();
    let today = statuses(&survey.reading.told).into_iter().filter(|s| !wanted.contains(s));
    let today: Vec<u16> = today.filter(|s| !kept.contains(s) || thrown.contains(s)).collect();
    if wanted.is_empty() || today.is_empty() {
        return None;
    }
    let figures = |all: &[u16]| listed(&all.iter().map(u16::to_string).collect::<Vec<_>>());
    let both: Vec<u16> = today.iter().copied().filter(|s| kept.contains(s)).collect();
    let stays =
        if both.is_empty() { String::new() } else { format!("; {} stays for what is checked first", figures(&both)) };
    let said = format!("Clients of `{route}` that act on {} get another answer from then on{stays}", figures(&today));
    let said = Statement::new(Basis::Ticket, said).at(survey.fact_file(context, fact));
    Some(risk(
        said,
        Level::Medium,
        Level::Medium,
        "look for who calls it, and tell them before it is released".to_owned(),
    ))
}

/// A flag that goes is off in settings of the repository: whoever runs with them has it on.
pub fn switched_on(survey: &Survey<'_, '_>) -> Option<Risk> {
    let names: Vec<&str> = survey.sites.iter().flat_map(|s| s.todo.iter().filter_map(Todo::removes)).collect();
    let context = survey.contexts.first().filter(|_| !names.is_empty() && lifts(survey))?;
    let is_settings = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        name.starts_with(".env") || context.tree.file(path).is_some_and(|f| f.class == FileClass::Config)
    };
    let is_off = |line: &str| {
        let (name, value) = line.split_once(['=', ':'])?;
        let name = name.trim().trim_start_matches("- ").trim_matches(['"', '\'']);
        let value = value.trim().trim_matches(['"', '\'', ',']).to_lowercase();
        (names.contains(&name) && ["off", "false", "0", "no", "disabled"].contains(&value.as_str()))
            .then(|| name.to_owned())
    };
    let (name, file) = context.tree.paths().filter(is_settings).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path).filter(|t| t.len() <= LONGEST)?;
        let (name, at) = text.lines().zip(1_u32..).find_map(|(line, at)| Some((is_off(line)?, at)))?;
        Some((name, FileRef::new(path).lines(at, at)))
    })?;
    let said =
        format!("`{}` has `{}` off: whoever runs so has it on from the next version", file.label(), clean(&name));
    let said = Statement::new(Basis::Repository, said).at(file);
    Some(risk(
        said,
        Level::Medium,
        Level::Medium,
        "say so in the notes of the release, and try it where it was off".to_owned(),
    ))
}

/// Does a flag go because what it switches is on for everybody?
fn lifts(survey: &Survey<'_, '_>) -> bool {
    let told = survey.reading.all.to_lowercase();
    [
        " on for everyone",
        " on for all",
        "on in production",
        "enabled for everyone",
        "turn on",
        "always on",
        "by default",
    ]
    .iter()
    .any(|w| told.contains(w))
}

/// A package that is raised takes something away or warns of it, as the ticket says.
pub fn deprecated(survey: &Survey<'_, '_>) -> Option<Risk> {
    let speaks = |text: &str| {
        let lower = text.to_lowercase();
        ["deprecat", "breaking change", "no longer support", "drops support"].iter().any(|w| lower.contains(w))
    };
    let found =
        survey.reading.sentences.iter().find(|f| speaks(&f.text)).filter(|_| raised::is_upgrade(survey.reading))?;
    let said = format!("A test passes in spite of a warning: “{}”", shorten(&clean(&found.text), 160));
    let cited = Citation::Ticket { quote: found.text.clone(), place: found.place.clone() };
    let said = Statement::new(Basis::Ticket, said).citing(cited);
    let context = survey.contexts.first()?;
    let suite = Commands::of(context, None).suite().map(|command| command.line).filter(|line| line.contains("pytest"));
    let strict = suite.map_or(String::new(), |line| format!(" (`{} -W error::DeprecationWarning`)", clean(&line)));
    let todo = format!("run the tests once with warnings as errors{strict}");
    Some(risk(said, Level::Medium, Level::Medium, todo))
}

/// What is sent to people goes over the network, where the code that sends such things stands.
pub fn sent(survey: &Survey<'_, '_>) -> Option<Risk> {
    const MOST: usize = 2;
    let context = survey.contexts.first()?;
    let (asked, files) = survey.asked.iter().filter(|a| a.served.is_some()).find_map(|asked| {
        let means = senders::means(asked.text);
        let files: Vec<FileRef> = means.iter().filter_map(|mean| senders::of(context, mean)).take(MOST).collect();
        (!files.is_empty()).then_some((asked, files))
    })?;
    let shown: Vec<String> = files.iter().map(|file| format!("`{}`", file.label())).collect();
    let verb = if files.len() == 1 { "does" } else { "do" };
    let unbounded: Vec<String> = files
        .iter()
        .zip(&shown)
        .filter(|(file, _)| senders::is_unbounded(context, file))
        .map(|(_, shown)| shown.clone())
        .collect();
    let waits = match unbounded.is_empty() {
        true => "it can fail in the middle of what it belongs to".to_owned(),
        false => format!(
            "it can fail in the middle of what it belongs to, and nothing bounds the wait at {}",
            listed(&unbounded)
        ),
    };
    let said = format!("{} sends over the network, as {} {verb}: {waits}", asked.id, listed(&shown));
    let said = files.into_iter().fold(Statement::new(Basis::Repository, said), Statement::at);
    let todo = "send once what is kept is committed, with a bound on the wait; try one that fails";
    Some(risk(said, Level::Medium, Level::Medium, todo.to_owned()))
}

/// Addresses of others are called where something runs by the clock: a slow one holds up what else runs there.
pub fn called_in_turn(survey: &Survey<'_, '_>) -> Option<Risk> {
    const SENT: &[&str] = &["sent to", "posted to", "delivered to", "calls its", "is called at"];
    const WHERE: &[&str] = &["address", "addresses", "url", "urls", "endpoint", "endpoints", "webhook", "webhooks"];
    let calls = |text: &str| {
        let lower = text.to_lowercase();
        let names = lower.split(|c: char| !c.is_alphanumeric()).any(|w| WHERE.contains(&w));
        names && SENT.iter().any(|w| lower.contains(w))
    };
    let asked = survey.asked.iter().find(|a| a.served.is_some() && calls(a.text))?;
    let group = survey.groups.get(asked.served.as_ref()?.group)?;
    let (path, line) = timed::home(group.lead().context, survey.reading)?;
    let site = group.sites.iter().find(|s| s.path == path)?;
    let (symbol, file) = (site.around(line)?, site.file().lines(line, line));
    let said = format!(
        "{} calls addresses of others: done in turn in `{}` (`{}`), one that hangs holds up what runs there and all others",
        asked.id,
        full_name(&site.path, &symbol),
        file.label()
    );
    let said = Statement::new(Basis::Repository, said).at(file);
    let todo = "bound each call, and try one that never answers";
    Some(risk(said, Level::High, Level::High, todo.to_owned()))
}
