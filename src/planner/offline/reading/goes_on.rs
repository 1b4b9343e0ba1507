//! Sentences that go on from what a ticket asks for: “Add `closed_at`. Opening the account again clears it.”
//!
//! In: the sentences of a paragraph, and which of them ask. Out: those behind one that say how it will be.

/// The most that go on from one sentence.
const MOST: usize = 3;
/// How sentences begin that say an opinion, what is there today, or what must stay: the last has rules of its own.
const BEGINS: &[&str] = &[
    "and ",
    "don't ",
    "do not ",
    "its ",
    "keep ",
    "leave ",
    "their ",
    "they are ",
    "also see",
    "as i ",
    "but ",
    "e.g.",
    "even ",
    "for example",
    "for instance",
    "fixes ",
    "here ",
    "i ",
    "i'd ",
    "i'll ",
    "i'm ",
    "i've ",
    "in addition",
    "in my ",
    "it would ",
    "it is ",
    "it's ",
    "let me",
    "maybe",
    "my ",
    "note",
    "otherwise it ",
    "perhaps",
    "please",
    "related",
    "see ",
    "similar",
    "so ",
    "sorry",
    "thank",
    "that would",
    "that's",
    "there is",
    "there are",
    "this ",
    "these ",
    "those ",
    "that ",
    "we ",
    "we'd ",
    "what ",
    "who ",
    "why ",
    "you ",
    "your ",
    "because ",
];
/// Words of an opinion, of today, and of what somebody does.
const SAYS: &[&str] = &[
    " at the moment",
    "currently",
    "right now",
    " today",
    " for now",
    " could ",
    " might ",
    " i ",
    " we ",
    " you ",
    " my ",
    " would be ",
    "http://",
    "https://",
    " e.g.",
    " for example",
];

/// Of a paragraph's sentences, those that tell how the thing asked for behaves: they stand behind one that asks, and speak
/// of no one's opinion, of nothing today and of no example.
pub fn after<'a>(sentences: &[&'a str], asks: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let Some(first) = sentences.iter().position(|s| asks(s)) else { return Vec::new() };
    let behind = sentences[first + 1..].iter().copied().filter(|s| !asks(s));
    behind.take_while(|s| tells_how(s)).take(MOST).collect()
}

/// Does the sentence say how something is, rather than what somebody thinks, does or sees today?
fn tells_how(sentence: &str) -> bool {
    let lower = format!("{} ", sentence.to_lowercase().replace('’', "'"));
    let words = lower.split_whitespace().count();
    (3..=40).contains(&words)
        && !sentence.ends_with(['?', ':'])
        && sentence.starts_with(|c: char| c.is_uppercase() || c == '`')
        && (is_done_to_it(&lower) || !BEGINS.iter().any(|begin| lower.starts_with(begin)))
        && !SAYS.iter().any(|word| lower.contains(word))
}

/// “It is shown under the name”: what is done to the thing asked for, and nothing that somebody feels. In lower case.
fn is_done_to_it(sentence: &str) -> bool {
    const DONE: &[&str] =
        &["kept", "shown", "sent", "set", "hidden", "taken", "given", "written", "read", "left", "put"];
    const FELT: &[&str] =
        &["called", "expected", "needed", "supposed", "used", "required", "limited", "related", "tied"];
    let words: Vec<&str> = sentence.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let ["it" | "they" | "this", "is" | "are", done, ..] = words[..] else { return false };
    DONE.contains(&done) || done.ends_with("ed") && done.len() >= 5 && !FELT.contains(&done)
}

/// “If it is enabled, the log would show …”: what should come where something is so.
pub fn is_condition(sentence: &str) -> bool {
    let lower = sentence.to_lowercase();
    let begins = ["if ", "when ", "once ", "while ", "with "].iter().any(|word| lower.starts_with(word));
    begins
        && lower.contains(',')
        && [" would ", " will "].iter().any(|word| lower.contains(word))
        && !sentence.ends_with('?')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_from_an_order_is_asked_for() {
        let asks = |s: &str| s.starts_with("Add");
        let told = ["It is missing.", "Add `closed_at` to the account.", "Opening it again clears it.", "I can help."];
        assert_eq!(after(&told, asks), ["Opening it again clears it."]);
        let done = ["Add a nickname.", "It is shown below the name.", "It is annoying."];
        assert_eq!(after(&done, asks), ["It is shown below the name."]);
        assert!(after(&["Opening it clears it."], asks).is_empty());
        assert!(after(&["Add a button.", "Currently one has to scroll.", "It clears all."], asks).is_empty());
    }

    #[test]
    fn a_condition_says_what_would_come() {
        assert!(is_condition("If it is enabled, the log would simply show the role."));
        assert!(!is_condition("If I open it, the page is empty."));
    }
}
