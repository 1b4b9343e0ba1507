//! One of several that stands apart: “three practices”, “the practice on Madeira”, and one setting for all of them.

use super::{Survey, days, line_of, question};
use crate::{
    model::{context::SymbolKind, plan::Question},
    planner::words::clean,
};

/// Words of a ticket that are read.
const MOST_WORDS: usize = 2_000;
/// Words between a thing and the name of where or whose it is.
const JOINTS: &[&str] = &["on", "in", "at", "of"];
/// Words by which a ticket is about times.
const TIMES: &[&str] = &["hour", "hours", "clock", "clocks", "time", "times"];

/// Does the one have a setting of its own?
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    let context = survey.contexts.first()?;
    let words: Vec<&str> = survey.reading.all.split_whitespace().take(MOST_WORDS).collect();
    let is_of_times = words.iter().any(|word| TIMES.contains(&bare(word).to_lowercase().as_str()));
    let (noun, name) = named(&words).filter(|_| is_of_times)?;
    let (path, line, key) = days::zone(context)?;
    let kind: String = noun[..1].to_uppercase() + &noun[1..];
    let is_type =
        |k: SymbolKind| matches!(k, SymbolKind::Class | SymbolKind::Struct | SymbolKind::Interface | SymbolKind::Type);
    if context.tree.definitions(&kind, 3).iter().any(|(_, s)| is_type(s.kind)) {
        return None;
    }
    let file = line_of(survey, context, &path, line);
    let ask = format!(
        "Does the {noun} {} run with a `{}` of its own? It is one for the whole program (`{}`), and nothing here is called \
         `{kind}`",
        clean(&name),
        clean(&key),
        file.label()
    );
    Some(question(ask, vec![file], "whether the one setting is enough, or each has to have its own"))
}

/// `practice` and `on Madeira` of “the practice on Madeira”, where the text speaks of several: “three practices”.
fn named(words: &[&str]) -> Option<(String, String)> {
    words.windows(4).find_map(|four| {
        let [article, noun, joint, name] = four else { return None };
        let noun = noun.to_lowercase();
        let is_noun = noun.len() >= 4 && noun.chars().all(|c| c.is_ascii_lowercase());
        let is_name = name.starts_with(char::is_uppercase) && bare(name).len() >= 3;
        let is_one = article.eq_ignore_ascii_case("the") && JOINTS.contains(joint) && is_noun && is_name;
        let several = || words.iter().any(|word| bare(word).to_lowercase() == format!("{noun}s"));
        (is_one && several()).then(|| (noun, format!("{joint} {}", bare(name))))
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_stands_apart_is_named_beside_several() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let words: Vec<&str> = text.split_whitespace().collect();
            assert_eq!(named(&words), expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{text}");
        };
        check("Three branches saw it. Readers of the branch in Bergen saw it too.", None);
        check("Two shops saw it. The shop in Bergen saw it first.", Some(("shop", "in Bergen")));
        check("The shop in Bergen saw it first.", None);
        check("All shops see the list of June.", None);
    }
}
