//! What the ticket says about speed, load and size.
//!
//! In: the criteria and requirements of a [`Survey`]. Out: targets by id, each with the figure that it sets. A window in
//! which something is counted (“five attempts within 15 minutes”) limits no speed, nor does how long something holds.

use super::super::Survey;
use crate::model::plan::{Basis, Citation, Performance, RequirementKind, Statement};

/// The performance section.
pub fn of(survey: &Survey<'_, '_>) -> Performance {
    let reading = survey.reading;
    let is_of = |r: &RequirementKind| matches!(r, RequirementKind::Performance | RequirementKind::Scalability);
    let requirements = survey.requirements();
    let wanted = requirements.iter().filter(|r| !r.overruled && (is_of(&r.kind) || figure(&r.text).is_some()));
    let mut targets: Vec<Statement> = wanted
        .map(|r| {
            let cited = Citation::Ticket { quote: r.text.clone(), place: r.place.clone() };
            Statement::new(Basis::Ticket, said(&r.id, &r.text)).citing(cited)
        })
        .collect();
    for criterion in reading.criteria.iter().filter(|c| !c.done && figure(&c.text).is_some()).take(4) {
        let cited = Citation::Ticket { quote: criterion.text.clone(), place: criterion.place.clone() };
        targets.push(Statement::new(Basis::Ticket, said(&criterion.id, &criterion.text)).citing(cited));
    }
    let absent = targets.is_empty().then(|| {
        let looked = "Looked in criteria and requirements for limits of speed, load and size; found none.";
        format!("{looked}{}", held(survey))
    });
    Performance { targets, absent, ..Performance::default() }
}

/// The periods that are asked for and limit no speed.
fn held(survey: &Survey<'_, '_>) -> String {
    let standing = survey.asked.iter().filter(|a| survey.overruled.iter().all(|(id, _)| id != a.id));
    let periods: Vec<String> =
        standing.filter_map(|a| Some(format!("“{}” ({})", period(a.text)?, a.id))).take(4).collect();
    match periods.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" {last} says how long something holds."),
        Some((last, before)) => format!(" {} and {last} say how long something holds.", before.join(", ")),
    }
}

/// The first span of time that the text names: “two hours”, “15 minutes”, “24 Stunden”.
fn period(text: &str) -> Option<String> {
    const UNITS: &[&str] =
        &["second", "minute", "hour", "day", "week", "month", "year", "sekunde", "stunde", "tag", "woche", "monat"];
    const NUMBERS: &[&str] = &[
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "zwei", "drei", "vier", "fünf",
        "sechs",
    ];
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let is_number = |w: &str| NUMBERS.contains(&w) || !w.is_empty() && w.bytes().all(|b| b.is_ascii_digit());
    let is_unit =
        |w: &str| UNITS.iter().any(|u| w.strip_prefix(u).is_some_and(|end| ["", "s", "n", "e", "en"].contains(&end)));
    let at = (1..words.len()).find(|at| is_number(&bare(words[at - 1])) && is_unit(&bare(words[*at])))?;
    let shown = format!("{} {}", words[at - 1], words[at]);
    Some(shown.trim_matches(|c: char| !c.is_alphanumeric()).replace('`', ""))
}

/// What is asked of speed, by id: its words stand in the list of criteria.
fn said(id: &str, text: &str) -> String {
    match figure(text) {
        Some(figure) => format!("{id} sets a figure: “{figure}”"),
        None => format!("{id} is about speed, by its words"),
    }
}

/// The limit of time, load or size that the text sets: “under 5 seconds”, “at most 100 MB”, “within a minute”.
pub fn figure(text: &str) -> Option<String> {
    const UNITS: &[&str] =
        &["ms", "s", "millisecond", "milliseconds", "second", "seconds", "kb", "mb", "gb", "mib", "gib", "rps"];
    const LONG_UNITS: &[&str] = &["minute", "minutes", "min"];
    const LIMITS: &[&str] = &["under", "within", "below", "most", "than", "p50", "p95", "p99"];
    const COUNTED: &[&str] = &["attempts", "tries", "times", "logins", "calls", "requests", "mails", "messages"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let bare = |w: &str| w.trim_matches(|c| matches!(c, ',' | ';' | '(' | ')' | '.')).to_lowercase();
    let is_window = words.iter().any(|w| COUNTED.contains(&bare(w).as_str()));
    let is_unit = |w: &str| UNITS.contains(&w) || !is_window && LONG_UNITS.contains(&w);
    let is_number = |w: &str| w.trim_start_matches('(').starts_with(|c: char| c.is_ascii_digit());
    let limit = words.iter().position(|w| LIMITS.contains(&bare(w).as_str()))?;
    let end = |at: usize| {
        let own = bare(words[at]);
        let own = own.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
        let next = words.get(at + 1).map_or(String::new(), |w| bare(w));
        let is_one = ["a", "one"].contains(&bare(words[at]).as_str()) && at == limit + 1;
        match is_unit(own) && is_number(words[at]) {
            true => Some(at),
            false => ((own.is_empty() || is_one) && is_unit(&next)).then_some(at + 1),
        }
    };
    let (number, end) = (0..words.len()).find_map(|at| Some((at, end(at)?)))?;
    let start = if (number.saturating_sub(4)..number).contains(&limit) { limit } else { number };
    let start = if start > 0 && bare(words[start]) == "most" { start - 1 } else { start };
    Some(words[start..=end].join(" ").trim_matches(|c| matches!(c, ',' | ';' | '(' | ')' | '.')).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_have_a_number_and_a_unit() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(period(text).as_deref(), expected, "{text}");
        check("it is held for me for two hours", Some("two hours"));
        check("After 5 failed attempts within 15 minutes, it is refused", Some("15 minutes"));
        check("Nach 24 Stunden wird es verworfen", Some("24 Stunden"));
        check("until the day before", None);
        check("Given a practitioner's day has no free slot", None);
    }

    #[test]
    fn figures_limit_time_and_size() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(figure(text).as_deref(), expected, "{text}");
        check("An export of 50 000 rows takes under 5 seconds", Some("under 5 seconds"));
        check("A new event arrives within a minute.", Some("within a minute"));
        check("It is sent within 10 minutes", Some("within 10 minutes"));
        check("It uses at most 100 MB of memory", Some("at most 100 MB"));
        check("A page takes p95 under 150ms", Some("p95 under 150ms"));
        check("After 5 failed attempts within 15 minutes it is refused", None);
        check("The last 100 attempts are shown", None);
        check("A slot is held within the day", None);
    }
}
