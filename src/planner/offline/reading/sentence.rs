//! Sentences: where they end, which demand something, which cannot be tested as they stand.

/// The sentences of a line. A point ends one only before white space; numbers, paths and versions stay whole.
pub fn sentences(line: &str) -> impl Iterator<Item = &str> {
    let mut rest = line;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .char_indices()
            .find_map(|(at, c)| {
                let next = at + c.len_utf8();
                let ends = match c {
                    '。' | '！' | '？' => true,
                    '.' | '!' | '?' => rest[next..].starts_with(' ') && !is_abbreviation(&rest[..next]),
                    _ => false,
                };
                ends.then_some(next)
            })
            .unwrap_or(rest.len());
        let sentence = rest[..end].trim();
        rest = rest[end..].trim_start();
        Some(sentence)
    })
    .filter(|s| !s.is_empty())
}

/// Does the text end in `e.g.` and its like?
fn is_abbreviation(text: &str) -> bool {
    let word = text.rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
    matches!(word.trim_start_matches('('), "e.g." | "i.e." | "etc." | "vs." | "z.b." | "no." | "cf." | "approx.")
}

/// A sentence that demands something of the software.
pub fn is_demand(sentence: &str) -> bool {
    let padded = format!(" {} ", sentence.to_lowercase());
    let words = [
        " must ",
        " shall ",
        " should ",
        " has to ",
        " have to ",
        " needs to ",
        " need to ",
        " ensure ",
        " make sure ",
    ];
    let is_talk = [
        " i should ",
        " you should ",
        " should i ",
        " we should discuss ",
        " should we ",
        " you need to ",
        " you have to ",
    ];
    !sentence.ends_with('?')
        && !is_to_contributor(sentence)
        && !tells_own_work(sentence)
        && sentence.split(' ').count() >= 4
        && words.iter().any(|w| padded.contains(w))
        && !is_talk.iter().any(|w| padded.contains(w))
}

/// Does the sentence speak to who sends the change, as templates of pull requests do: “Make sure you've run …”?
pub fn is_to_contributor(sentence: &str) -> bool {
    const SAYS: &[&str] = &[
        "your change",
        "your pr ",
        "your pull request",
        "your commit",
        "you've run",
        "you have run",
        "i have read",
        "i've read",
        "don't forget to",
        "contributing guide",
        "this pr adds tests",
    ];
    let lower = format!("{} ", sentence.to_lowercase().replace('’', "'"));
    SAYS.iter().any(|words| lower.contains(words))
}

/// “I also deleted code that should be dead”: what somebody did.
fn tells_own_work(sentence: &str) -> bool {
    let mut words = sentence.split(' ');
    ["I", "We"].contains(&words.next().unwrap_or_default()) && words.take(2).any(|word| word.ends_with("ed"))
}

/// A word that needs a number or a name before anyone can test it.
pub fn vague(sentence: &str) -> Option<String> {
    const VAGUE: &[&str] = &[
        "fast",
        "faster",
        "quickly",
        "slow",
        "performant",
        "scalable",
        "user-friendly",
        "intuitive",
        "robust",
        "easy",
        "easily",
        "seamless",
        "seamlessly",
        "appropriate",
        "appropriately",
        "reasonable",
        "reasonably",
        "efficient",
        "efficiently",
        "flexible",
        "large",
        "many",
        "several",
        "various",
        "etc",
        "tbd",
        "somehow",
        "properly",
        "regularly",
        "soon",
        "recent",
        "nice",
    ];
    // A number in the sentence is probably the measure that the word needs.
    // What was done is told, not asked for.
    let is_past = [" was ", " were "].iter().any(|w| sentence.to_lowercase().contains(w));
    if !is_demand(sentence) || is_past || sentence.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    sentence
        .split(|c: char| !(c.is_alphanumeric() || c == '-'))
        .map(str::to_lowercase)
        .find(|word| VAGUE.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_to_contributors_demands_nothing_of_the_software() {
        assert!(is_demand("The total should be rounded to cents."));
        assert!(!is_demand("Make sure you've run and fixed any issues with these commands:"));
        assert!(!is_demand("I also deleted some code that should be dead code."));
        assert!(is_demand("I think that totals should be rounded."));
    }

    #[test]
    fn sentences_keep_numbers_and_paths_whole() {
        let check = |line: &str, expected: &[&str]| assert_eq!(sentences(line).collect::<Vec<_>>(), expected);
        check("The total is 16.20. It should be 18.00!", &["The total is 16.20.", "It should be 18.00!"]);
        check("See src/cart.rs, e.g. line 4. Done", &["See src/cart.rs, e.g. line 4.", "Done"]);
        check("合計が違う。直して", &["合計が違う。", "直して"]);
    }
}
