//! How attempts are counted, where a ticket limits them: where the count is kept, for whom, and when the limit ends.

use super::{Survey, line_of, question, says, sources};
use crate::model::{
    context::Context,
    plan::{Basis, Citation, Question},
};

/// What files that limit are called.
const NAMES: &[&str] = &["ratelimit", "rate_limit", "rate-limit", "throttle", "throttling", "limiter"];
/// How a line keeps counts in memory.
const IN_MEMORY: &[&str] = &[
    "new Map",
    "HashMap",
    "make(map[",
    "defaultdict",
    "ConcurrentDictionary",
    "DashMap",
    "= {}",
    "Hash.new",
    "dict()",
];
/// Files that are read.
const SEARCHED: usize = 20;

/// Whether what is counted has to hold for all processes, and whether a success clears it.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Question> {
    const COUNTED: &[&str] = &["attempts", "tries", "requests", "logins", "calls", "versuche", "anfragen"];
    let has_figure = |text: &str| text.split(' ').any(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let limits = |text: &str| {
        says(text, COUNTED)
            && has_figure(text)
            && says(text, &["429", "limit", "limited", "refused", "blocked", "locked", "within", "per"])
    };
    let Some(asked) = survey.asked.iter().find(|a| a.served.is_some() && limits(a.text)) else { return Vec::new() };
    let mut out = Vec::new();
    let found = survey.contexts.first().and_then(|c| Some((c, counter(c)?)));
    if let Some((context, (path, line))) = found {
        let file = line_of(survey, context, &path, line);
        let ask = format!(
            "Where is the count for {} kept? `{}` counts in the memory of one process: other processes do not see it, \
             and a restart forgets it",
            asked.id,
            file.label()
        );
        out.push(question(ask, vec![file], "whether a table or a shared store is needed"));
    }
    let of_ticket = |ask: String, decides: &str| {
        let cited = Citation::Ticket { quote: asked.text.to_owned(), place: asked.place.clone() };
        let mut question = question(ask, Vec::new(), decides);
        question.ask = question.ask.citing(cited);
        question.ask.basis = Basis::Ticket;
        question
    };
    let fails = says(asked.text, &["failed", "failing", "wrong"]);
    let is_told = says(asked.text, &["row", "consecutive", "success", "successful", "reset", "resets"]);
    let ends = says(asked.text, &["until", "unlocked", "anew"]) || asked.text.to_lowercase().contains("refused for");
    if fails && !(is_told && ends) {
        let ask = match (is_told, ends) {
            (false, false) => "does a success in between begin the count anew, and when does the refusal end?",
            (false, true) => "does a success in between begin the count anew?",
            _ => "when does the refusal end?",
        };
        let ask = format!("{} counts what failed: {ask}", asked.id);
        out.push(of_ticket(ask, "what the test at the limit asserts"));
    }
    let whose = ["account", "accounts", "user", "users", "customer", "customers"];
    let refuses = says(asked.text, &["refused", "rejected", "locked", "blocked", "429", "denied"]);
    if fails && refuses && says(asked.text, &whose) {
        let ask = format!(
            "By {} whoever knows an account can keep its owner out: is there another way in meanwhile, or is that accepted?",
            asked.id
        );
        out.push(of_ticket(ask, "whether the refusal needs a way around it"));
    }
    // Who answers alike for what is known and what is not would tell them apart by the limit.
    let alike = survey.asked.iter().find(|a| is_alike(a.text)).filter(|_| fails);
    if let Some(alike) =
        alike.filter(|_| says(asked.text, &["account", "accounts", "user", "users", "customer", "email"]))
    {
        let ask = format!(
            "Does {} count attempts for unknown ones, too? If only known ones reach the limit, its answer tells what {} \
             hides",
            asked.id, alike.id
        );
        out.push(of_ticket(ask, "by which key attempts are counted"));
    }
    out
}

/// Does the sentence want two cases to look the same?
fn is_alike(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "same body",
        "same answer",
        "same message",
        "same response",
        "same error",
        "indistinguishable",
        "cannot be told apart",
    ]
    .iter()
    .any(|w| lower.contains(w))
}

/// The line of a file that limits by which it counts in memory.
fn counter(context: &Context) -> Option<(String, u32)> {
    let is_limiter = |p: &&str| {
        let stem = p.rsplit('/').next().unwrap_or(p).split('.').next().unwrap_or_default().to_lowercase();
        NAMES.iter().any(|name| stem.contains(name))
    };
    sources(context, usize::MAX).filter(is_limiter).take(SEARCHED).find_map(|path| {
        let text = context.tree.text(path)?;
        let in_memory = |line: &str| IN_MEMORY.iter().any(|w| line.contains(w));
        let (line, _) = (1_u32..).zip(text.lines()).find(|(_, line)| in_memory(line))?;
        Some((path.to_owned(), line))
    })
}
