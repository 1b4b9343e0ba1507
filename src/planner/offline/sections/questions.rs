//! Open questions: what only a person can answer, each with what depends on it.
//!
//! In: the [`Survey`]. Out: questions from the ticket's own words and gaps. A question that any ticket could carry is not
//! asked.

use std::collections::BTreeSet;

use super::{
    super::{
        Survey,
        code::{edges, layer::Layer},
        places::{members, record, refs::commit_ref, wanted, widen},
        work::{example, steps::quote},
    },
    confidence, interface,
};
use crate::model::{
    context::{FactKind, PastChange},
    plan::{Basis, Citation, FileRef, Kind, Place, Question, Statement},
};
use crate::planner::words::{clean, is_compound, listed, shorten, terms, unscoped};

/// The most questions of a plan.
const MOST: usize = 10;
/// The most files that are named for what has no place.
const MOST_CALLED: usize = 4;

/// Words up to which a ticket is short: what it leaves out is worth asking for.
const SHORT: usize = 60;

/// The open questions, those that change the work most first.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Question> {
    let mut out = Vec::new();
    out.extend(no_repository(survey));
    out.extend(taken_back(survey));
    out.extend(silent(survey));
    out.extend(there_already(survey));
    out.extend(twin(survey));
    out.extend(unknown_names(survey));
    out.extend(own(survey));
    out.extend(unrouted(survey));
    out.extend(unfound_route(survey));
    out.extend(super::security::question(survey));
    out.extend(vague(survey));
    out.extend(not_located(survey));
    out.extend(super::super::wish::questions(survey));
    out.extend(near_tie(survey));
    out.extend(super::super::unsaid::of(survey));
    if out.is_empty() {
        out.extend(nowhere(survey));
    }
    out.truncate(MOST);
    out
}

/// What an open question decides that may need stored data: `whether a table … is needed`.
pub fn stored_by(survey: &Survey<'_, '_>) -> Option<String> {
    const STORED: &[&str] = &["a table", "a column", "a migration", "stored"];
    let open = of(survey).into_iter().map(|q| q.decides);
    open.into_iter().find(|decides| STORED.iter().any(|word| decides.contains(word)))
}

/// A question, with what depends on its answer.
fn question(basis: Basis, ask: String, decides: &str) -> Question {
    Question { ask: Statement::new(basis, ask), decides: decides.to_owned() }
}

/// The ticket has words, and none of them leads into the code: an image or a link alone, or another language.
fn nowhere(survey: &Survey<'_, '_>) -> Option<Question> {
    survey.sites.is_empty().then(|| {
        let ask = format!(
            "What does “{}” concern? No file of the repository shares a telling word with the ticket, and images and \
             pages behind links are not read: which screen, command or file is it, in words?",
            shorten(&survey.reading.title, 100)
        );
        question(Basis::Repository, ask, "every step of the plan")
    })
}

/// A past change that stands and brought by name what the ticket asks for.
fn there_already(survey: &Survey<'_, '_>) -> Option<Question> {
    if survey.reading.kind == Kind::Bug {
        return None;
    }
    let is_asked = |name: &&String| is_compound(name) && survey.asked.iter().any(|a| edges::names(a.text, name));
    let title = terms(unscoped(&survey.reading.title));
    let brings = |past: &PastChange, name: &str| {
        let subject = terms(unscoped(&past.subject));
        let is_alike = 2 * subject.intersection(&title).count() >= title.len().min(subject.len());
        !past.is_revert
            && !past.is_taken_back
            && edges::names(&past.subject, name)
            && is_alike
            && example::adds(&past.subject)
    };
    let (context, past, name) = survey.reading.codes.iter().filter(is_asked).find_map(|name| {
        survey.contexts.iter().find_map(|c| Some((c, c.past.iter().find(|past| brings(past, name))?, name)))
    })?;
    let is_main = survey.contexts.first().is_some_and(|first| std::ptr::eq(first, context));
    let commit = commit_ref(&(!is_main).then(|| context.repository.name.clone()), past);
    let ask = format!(
        "`{}` “{}” ({}) brought `{}` already: what of the ticket is still to be done?",
        past.commit.short(),
        shorten(&commit.subject, 80),
        past.date.chars().take(10).collect::<String>(),
        clean(name)
    );
    let mut asked = question(Basis::History, ask, "whether anything is built");
    asked.ask = asked.ask.citing(Citation::Commit(commit));
    Some(asked)
}

/// A field of the same record that is called much like the wanted one: `yank_message` beside `yank_reason`.
fn twin(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let wanted = wanted::of(context, survey.reading)?;
    let (of_record, own) = (terms(&wanted.noun), terms(&wanted.attribute));
    let told = |name: &str| -> BTreeSet<String> { terms(name).difference(&of_record).cloned().collect() };
    let alike = |name: &str| {
        let its = told(name);
        is_compound(name) && its.len() == 2 && its != own && its.intersection(&own).count() == 1 && own.len() <= 3
    };
    // One word of two is the thing itself, where no other field has it: the others are of another family.
    let of = |record: Vec<_>| {
        let fields = record::fields(context, &None, &record);
        let found: Vec<record::Field> = fields.into_iter().filter(|field| alike(&field.name)).collect();
        let mut names: Vec<&str> = found.iter().map(|field| field.name.as_str()).collect();
        names.dedup();
        (names.len() == 1).then(|| found.into_iter().next()).flatten()
    };
    let field = wanted::records(context, &wanted.noun).find_map(of)?;
    let ask = format!(
        "`{}` (`{}`) is there already: is the {} something else?",
        clean(&field.name),
        field.file.label(),
        clean(&wanted.attribute)
    );
    let mut asked = question(Basis::Repository, ask, "whether anything new is kept");
    asked.ask = asked.ask.at(field.file);
    Some(asked)
}

/// A route that the ticket tells of as it is today, and that no source declares in a way that is read.
fn unfound_route(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let (method, path) = interface::untold(context, survey.reading).into_iter().next()?;
    let count = survey.facts(FactKind::Route).count();
    let ask = format!(
        "The ticket tells of `{method} {}`, and none of the {count} routes that were found declares it: which file \
         answers it?",
        clean(path)
    );
    Some(question(Basis::Repository, ask, "where the answer is changed"))
}

/// No code to look at.
fn no_repository(survey: &Survey<'_, '_>) -> Option<Question> {
    let project = clean(&survey.ticket.project);
    survey.contexts.is_empty().then(|| {
        let ask = format!(
            "Which repository does this concern? None is configured for `{project}`: add a `[[repositories]]` entry whose `tickets` name it, or ask again with `/plan --repo NAME`"
        );
        question(Basis::Ticket, ask, "every file, command and test of the plan")
    })
}

/// What the body still asks and a maintainer's comment takes back.
fn taken_back(survey: &Survey<'_, '_>) -> Option<Question> {
    let (_, by) = survey.overruled.first()?;
    let Place::Comment { author, date } = &by.place else { return None };
    let ids: Vec<&str> = survey.overruled.iter().map(|(id, _)| id.as_str()).collect();
    let ask = format!(
        "{} stand in the body, and the later comment of {} ({date}) says otherwise: “{}”. The comment counts here, so no step works on them; strike them from the ticket?",
        ids.join(", "),
        clean(author),
        shorten(&by.text, 120)
    );
    Some(question(Basis::Ticket, ask, "whether the body or the comment is built"))
}

/// What this kind of ticket must say and does not.
fn silent(survey: &Survey<'_, '_>) -> Vec<Question> {
    let reading = survey.reading;
    let title = shorten(&reading.title, 100);
    let mut out = Vec::new();
    if reading.is_bare() && reading.swaps.is_empty() {
        let ask = match reading.title.is_empty() {
            true => "The ticket has neither a title nor a text: what is to change?".to_owned(),
            false => format!("The ticket is only its title, “{title}”: what should be different when it is done?"),
        };
        out.push(question(Basis::Ticket, ask, "what the plan is about"));
        return out;
    }
    // Who says what comes and what should come instead has shown it.
    let shows_both = reading.expected.is_some() && reading.actual.is_some();
    let shows_nothing =
        !shows_both && reading.errors.is_empty() && reading.reproduction.is_empty() && !reading.has_trace;
    let says_must = |text: &str| [" must ", " should ", " shall "].iter().any(|w| text.to_lowercase().contains(w));
    // Who tells much has told it, in words that are no known form.
    let is_short = reading.told.split_whitespace().take(SHORT + 1).count() <= SHORT;
    if reading.kind == Kind::Bug
        && is_short
        && reading.expected.is_none()
        && reading.criteria.is_empty()
        && !reading.requirements.iter().any(|r| says_must(&r.text))
        && reading.swaps.is_empty()
        && !reading.sentences.iter().any(|found| contrasts(&found.text) || says_what_holds(&found.text))
        && !says_what_holds(&reading.title)
        && !is_crash(&reading.title)
        && !reading.has_trace
    {
        let ask = format!("“{title}”: what should happen instead? The ticket says only what is wrong");
        out.push(question(Basis::Ticket, ask, "what the regression test asserts"));
    }
    // A request with its answer is a way to see the fault.
    let shows_request = !reading.routes.is_empty() && names_status(&reading.all);
    let shows_both_values = reading.sentences.iter().any(|found| contrasts(&found.text));
    let shows_call = reading.sentences.iter().any(|found| tells_call(&found.text));
    let shows_code = !reading.quoted.is_empty();
    let is_shown = shows_request || shows_both_values || shows_call || shows_code || !reading.swaps.is_empty();
    if reading.kind == Kind::Bug && is_short && shows_nothing && !is_shown {
        let ask = format!("How is “{title}” reproduced? No steps, error text or stack trace is given");
        out.push(question(Basis::Ticket, ask, "whether the cause is in the files named here"));
    }
    let is_open = reading.criteria.is_empty() && reading.requirements.is_empty() && reading.examples.is_none();
    if reading.kind == Kind::Feature && is_short && is_open {
        let ask = format!("When is “{title}” done? The ticket has no acceptance criteria");
        out.push(question(Basis::Ticket, ask, "which tests prove it"));
    }
    if reading.kind == Kind::Performance && !reading.all.chars().any(|c| c.is_ascii_digit()) {
        let ask = format!("“{title}”: how long does it take now, and how long may it take? The ticket gives no figure");
        out.push(question(Basis::Ticket, ask, "when to stop"));
    }
    out
}

/// Does the title tell of something that must never be, so that what is right needs no word?
fn is_crash(title: &str) -> bool {
    const NEVER: &[&str] =
        &["panic", "panics", "crash", "crashes", "segfault", "deadlock", "deadlocks", "hangs", "leak", "leaks"];
    let lower = title.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric());
    words.any(|w| NEVER.contains(&w)) || lower.contains("infinite loop")
}

/// Does the sentence order a state, so that it tells what should hold: “fix(cart): don't round twice”, “Relax the bound”?
/// “Fix the total” does not, nor does “Open the cart”, a step that shows the fault.
fn says_what_holds(text: &str) -> bool {
    const ORDERS: &[&str] = &[
        "allow", "always", "avoid", "don't", "don’t", "ensure", "ignore", "keep", "make", "never", "only", "preserve",
        "prevent", "relax", "respect", "stop",
    ];
    let bare = unscoped(text).to_lowercase();
    let tells_now = [" will now ", " now uses ", " is now ", " are now "].iter().any(|w| bare.contains(w));
    tells_now || bare.starts_with("do not ") || bare.split(' ').next().is_some_and(|first| ORDERS.contains(&first))
}

/// Does the sentence show what comes beside what is right: “the mail says 9:00, the calendar 10:00”?
fn contrasts(text: &str) -> bool {
    const SAYS: &[&str] = &["says", "shows", "reads", "displays", "prints", "gives", "returns", "say", "show", "got"];
    let words: Vec<&str> =
        text.split([' ', ',', ';']).map(|w| w.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    let is_value = |w: &&&str| {
        w.split_once([':', '.'])
            .is_some_and(|(a, b)| [a, b].iter().all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())))
    };
    let values: std::collections::BTreeSet<&&str> = words.iter().filter(is_value).collect();
    values.len() == 2 && words.iter().any(|w| SAYS.contains(w))
}

/// Does the sentence say what is run to see the fault: “Running `tool check FILE` prints nothing”?
fn tells_call(text: &str) -> bool {
    let lower = text.to_lowercase();
    let begins = ["running ", "calling ", "executing ", "when i run ", "when running ", "when calling ", "run "];
    text.contains('`') && begins.iter().any(|w| lower.starts_with(w))
}

/// Does the text name a status that a request is answered with: 404, 422?
fn names_status(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.take(20_000).any(|w| w.len() == 3 && w.parse::<u16>().is_ok_and(|n| (200..600).contains(&n)))
}

/// Names in code marks that the repository does not have: almost right ones, and for work on what exists also others.
fn unknown_names(survey: &Survey<'_, '_>) -> Vec<Question> {
    let is_name = |text: &str| {
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-');
        text.chars().count() >= 4
            && text.chars().all(is_part)
            && text.contains(['_', '.', ':', '/'])
            && !text.starts_with(['/', '-'])
    };
    // Names of a package that is raised are the package's own.
    if super::super::places::raised::is_upgrade(survey.reading) {
        return Vec::new();
    }
    const NEW: &[&str] = &[" new ", " now ", "introduc", "is added", "are added", "adds "];
    let is_new = survey.reading.kind == Kind::Feature;
    let is_told_new = |text: &str| {
        let own = survey.reading.sentences.iter().find(|f| f.text.contains(text));
        own.is_some_and(|f| NEW.iter().any(|word| f.text.to_lowercase().contains(word)))
    };
    let swapped = |text: &str| survey.reading.swaps.iter().any(|s| s.to == text);
    let member = survey.contexts.first().and_then(|c| members::wanted(c, survey.reading)).map(|wanted| wanted.name);
    let field = survey.contexts.first().and_then(|c| wanted::of(c, survey.reading)).map(|wanted| wanted.attribute);
    confidence::not_found(survey)
        .filter(|(text, _)| field.as_deref() != Some(text))
        .filter(|(text, _)| survey.reading.codes.iter().any(|c| c == text) && !swapped(text))
        .filter(|(text, _)| member.as_deref() != Some(text))
        .filter_map(|(text, nearest)| {
            let near = nearest.filter(|n| alike(text, n));
            // A feature brings new names; only one that looks like a slip of the pen is worth asking about.
            let is_worth = if is_new { near.is_some() && is_name(text) } else { near.is_some() || is_name(text) };
            if !is_worth || near.is_none() && is_told_new(text) {
                return None;
            }
            let text = shorten(&clean(text), 80).replace('`', "'");
            let ask = match near {
                Some(near) => {
                    format!("The ticket writes `{text}`, which the repository does not have: is `{near}` meant?")
                }
                None => {
                    format!("The ticket writes `{text}`, which the repository does not have: is it new, or elsewhere?")
                }
            };
            Some(question(Basis::Repository, ask, "which code is concerned"))
        })
        .take(3)
        .collect()
}

/// Do two names share most of their letter pairs? (Dice's coefficient, 1945.)
fn alike(a: &str, b: &str) -> bool {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let last = text.rsplit(['/', '.', ':']).next().unwrap_or(text);
        let letters: Vec<char> = last.to_lowercase().chars().take(80).filter(|c| c.is_alphanumeric()).collect();
        letters.windows(2).map(|w| (w[0], w[1])).collect()
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let total = a.len() + b.len();
    let shared = a.iter().filter(|p| b.iter().position(|q| q == *p).map(|at| b.swap_remove(at)).is_some()).count();
    total > 0 && 2 * shared * 10 >= 7 * total
}

/// Questions that the ticket asks and no maintainer's comment after them can be seen to answer.
fn own(survey: &Survey<'_, '_>) -> Vec<Question> {
    let found = survey.reading.questions.iter().take(4);
    found
        .map(|f| Question {
            ask: Statement::new(Basis::Ticket, format!("Asked in the ticket: “{}”", shorten(&f.text, 200)))
                .citing(quote(f)),
            decides: String::new(),
        })
        .collect()
}

/// A new noun that is to be reached by a route, and the ticket names none.
fn unrouted(survey: &Survey<'_, '_>) -> Option<Question> {
    let site = survey.sites.iter().find(|s| s.is_kin && s.layer == Layer::Interface)?;
    if !super::interface::new_routes(site.context, site.reading).is_empty() {
        return None;
    }
    let (_, like) = site.convention.as_ref()?;
    let (context, route) = survey.facts(FactKind::Route).find(|(_, f)| Some(&f.path) == like.as_ref())?;
    let file = survey.fact_file(context, route);
    let ask = format!(
        "Which routes does `{}` answer? The ticket names none; those beside it are like `{}` (`{}`)",
        site.path,
        clean(&route.name),
        file.label()
    );
    let mut question = question(Basis::Ticket, ask, "what clients call, and who may");
    question.ask = question.ask.at(file);
    Some(question)
}

/// Words that nobody can test.
fn vague(survey: &Survey<'_, '_>) -> Vec<Question> {
    let found = survey.reading.vague.iter().take(3);
    found
        .map(|(word, f)| Question {
            ask: Statement::new(
                Basis::Ticket,
                format!("What figure or rule makes “{word}” true in “{}”?", shorten(&f.text, 160)),
            )
            .citing(quote(f)),
            decides: "what a test can assert".to_owned(),
        })
        .collect()
}

/// Criteria that no file answers to.
fn not_located(survey: &Survey<'_, '_>) -> Vec<Question> {
    if survey.contexts.is_empty() {
        return Vec::new();
    }
    let is_taken_back = |id: &str| survey.overruled.iter().any(|(known, _)| known == id);
    let is_lost = |a: &&super::super::survey::Asked<'_, '_>| {
        !super::super::wish::is_id(a.id) && a.served.is_none() && !is_taken_back(a.id)
    };
    let lost: Vec<_> = survey.asked.iter().filter(is_lost).collect();
    let ids: Vec<&str> = lost.iter().map(|a| a.id).take(8).collect();
    let Some(first) = lost.first() else { return Vec::new() };
    let ask = match ids.as_slice() {
        [id] => format!(
            "Where does {id} (“{}”) belong? No file of the steps shares a telling word with it",
            shorten(first.text, 100)
        ),
        _ => format!("Where do {} belong? No file of the steps shares a telling word with them", ids.join(", ")),
    };
    let called: Vec<(String, FileRef)> = lost
        .iter()
        .take(MOST_CALLED)
        .flat_map(|a| widen::called_so(&survey.contexts[0], a.text).into_iter().map(|path| (a.id, path)))
        .take(MOST_CALLED)
        .map(|(id, path)| (format!("`{path}` ({id})"), FileRef::new(path)))
        .collect();
    let near = match called.is_empty() {
        true => String::new(),
        false => {
            let named: Vec<String> = called.iter().map(|(label, _)| label.clone()).collect();
            let come = if named.len() == 1 { "comes" } else { "come" };
            format!("; by name {} {come} closest", listed(&named))
        }
    };
    let cited = Citation::Ticket { quote: first.text.to_owned(), place: first.place.clone() };
    let ask = Statement::new(Basis::Repository, format!("{ask}{near}")).citing(cited);
    vec![Question {
        ask: called.into_iter().map(|(_, file)| file).fold(ask, Statement::at),
        decides: "a step that is missing here".to_owned(),
    }]
}

/// Two files of nearly the same rank without hard evidence for either.
fn near_tie(survey: &Survey<'_, '_>) -> Option<Question> {
    let mut code = survey.code();
    let (first, second) = (code.next()?, code.next()?);
    let is_close = (first.probability - second.probability).abs() < 0.05;
    if !is_close || !confidence::is_weak(first) || !confidence::is_weak(second) {
        return None;
    }
    let ask = format!(
        "Is it `{}` or `{}`? Both share only words with the ticket, nearly equally many",
        first.path, second.path
    );
    let mut question = question(Basis::Repository, ask, "which step comes first, and whether both are needed");
    question.ask = question.ask.at(first.file()).at(second.file());
    Some(question)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_shows_the_fault() {
        assert!(tells_call("Running `till check rules` on a file with two lists prints nothing"));
        assert!(!tells_call("Running it prints nothing") && !tells_call("The `till` prints nothing"));
    }
}
