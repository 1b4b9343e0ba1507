//! Replacements: one text that should be another.

use super::Found;

/// "`from` should be `to`".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    pub from: String,
    pub to: String,
    /// Is one text written for the other, and not one thing put in the place of another?
    pub is_text: bool,
    pub found: Found,
}

/// Words before a text that is there today.
const TOLD: &[&str] = &[
    "says", "said", "shows", "reads", "prints", "displays", "writes", "has", "is", "was", "spelled", "spelt", "got",
    "get", "gets", "returns", "see",
];

/// "`a` should be `b`", "rename `a` to `b`", "replace “a” with “b”", "`a` → `b`", "`b` instead of `a`".
pub fn swap(line: &str) -> Option<(String, String)> {
    let marked = marked(line);
    for pair in marked.windows(2).take(20) {
        let [(first, begin, end), (second, start, _)] = pair else { continue };
        let between = line[*end..*start].to_lowercase();
        let between = between.trim();
        let before: String = line[..*begin].chars().rev().take(24).collect();
        let before = before.chars().rev().collect::<String>().to_lowercase();
        let forward = ["should be", "should read", "should say", "→", "->", "must be", "ought to be"]
            .contains(&between)
            || (["to", "with", "by", "into"].contains(&between)
                && ["rename", "replace", "change", "fix"].iter().any(|w| before.contains(w)));
        let is_then_now = between.contains(" now ") && is_of_before(&line[..*begin]);
        let is_replaced = between.len() < 80 && is_of_things(between);
        let forward = forward || is_then_now || is_replaced;
        let backward = ["instead of", "not", ", not", "rather than"].contains(&between);
        if first == second || first.is_empty() || second.is_empty() {
            continue;
        }
        if forward {
            return Some((first.clone(), second.clone()));
        }
        // “It says A instead of B” tells what is wrong, “use A instead of B” what is wanted.
        let is_told = TOLD.iter().any(|w| before.trim_end().ends_with(w));
        if backward && is_told {
            return Some((first.clone(), second.clone()));
        }
        if backward {
            return Some((second.clone(), first.clone()));
        }
    }
    renamed(line)
}

/// “Change LOG_FORMAT to APP_LOG_FORMAT”, “use localtime_r() instead of localtime()”: names that only code has need no marks.
fn renamed(line: &str) -> Option<(String, String)> {
    let words: Vec<&str> =
        line.split_whitespace().take(40).map(|w| w.trim_matches(['.', ',', ';', ':', '"'])).collect();
    let is_name = |word: &str| {
        let is_part = word.chars().all(|c| c.is_alphanumeric() || c == '_');
        let has_hump = word.chars().skip(1).any(char::is_uppercase) && word.chars().any(char::is_lowercase);
        is_part && word.len() >= 4 && (word.contains('_') || has_hump)
    };
    if let Some(at) = words.windows(2).position(|pair| pair == ["instead", "of"]).filter(|at| *at > 0)
        && let (to, Some(from)) = (words[at - 1], words.get(at + 2).and_then(|w| w.strip_suffix("()")))
        && to.ends_with(')')
    {
        return Some((from.to_owned(), to.to_owned()));
    }
    let at = words.windows(4).position(|four| {
        ["change", "rename", "replace"].contains(&four[0].to_lowercase().as_str())
            && ["to", "with", "by"].contains(&four[2])
            && is_name(four[1])
            && is_name(four[3])
            && four[1] != four[3]
    })?;
    Some((words[at + 1].to_owned(), words[at + 3].to_owned()))
}

/// Does the text put one thing in the place of another: “`join` was replaced with stricter functions (`joinParts`)”?
pub fn is_of_things(text: &str) -> bool {
    ["was replaced ", "is replaced ", "were replaced ", "been replaced "].iter().any(|w| text.contains(w))
}

/// Does the text tell what was: “Previously, paths were encoded with”?
fn is_of_before(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["previously", "formerly", "used to", "in the past", "until now", "before this"].iter().any(|w| lower.contains(w))
}

/// Texts in backticks or double quotes, with the bytes where each begins (mark included) and ends.
fn marked(line: &str) -> Vec<(String, usize, usize)> {
    let mut out = Vec::new();
    let mut open: Option<(usize, usize, char)> = None;
    for (at, c) in line.char_indices() {
        match open {
            Some((start, inside, close)) if c == close => {
                out.push((line[inside..at].to_owned(), start, at + c.len_utf8()));
                open = None;
            }
            Some(_) => {}
            None => {
                let close = match c {
                    '`' => Some('`'),
                    '"' => Some('"'),
                    '“' => Some('”'),
                    '«' => Some('»'),
                    _ => None,
                };
                open = close.map(|close| (at, at + c.len_utf8(), close));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_are_read_both_ways() {
        let check = |line: &str, expected: Option<(&str, &str)>| {
            assert_eq!(swap(line), expected.map(|(a, b)| (a.to_owned(), b.to_owned())), "{line}");
        };
        check("`recieve` should be `receive`", Some(("recieve", "receive")));
        check("Rename `total` to `sum`", Some(("total", "sum")));
        check("It says \"Color\" instead of \"Colour\"", Some(("Color", "Colour")));
        check("Use \"Colour\" instead of \"Color\"", Some(("Color", "Colour")));
        check("`a` and `b`", None);
        check("change LOG_FORMAT to APP_LOG_FORMAT in the library", Some(("LOG_FORMAT", "APP_LOG_FORMAT")));
        check("Change carts to orders", None);
        check("Use localtime_r(now) instead of localtime()", Some(("localtime", "localtime_r(now)")));
        check("Use orders instead of carts", None);
    }
}
