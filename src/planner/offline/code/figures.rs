//! Figures of the ticket that stand in the code: “25,00 Euro” is `Decimal("25.00")`, 429 is what a limit answers with.
//!
//! In: a sentence, and the texts of sites. Out: the line with the sentence's figure. Figures that any text may hold are
//! left out: small whole numbers, years.

/// The most lines of a text that are searched.
const MOST_LINES: usize = 4_000;

/// The telling figures of a text, with a point before the decimals: two decimals, or three digits and more.
pub fn of(text: &str) -> Vec<String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',');
    let words = text.split(|c: char| !(is_part(c) || c.is_alphanumeric() || c == '_'));
    let mut out: Vec<String> = Vec::new();
    for word in words.map(|w| w.trim_matches(['.', ','])).filter(|w| !w.is_empty() && w.chars().all(is_part)) {
        let figure = plain(word);
        let whole = !figure.contains('.');
        let is_year = whole && figure.len() == 4 && (figure.starts_with("19") || figure.starts_with("20"));
        let is_telling = figure.split_once('.').is_some_and(|(_, d)| d.len() == 2) || whole && figure.len() >= 3;
        if is_telling && !is_year && !out.contains(&figure) {
            out.push(figure);
        }
    }
    out
}

/// `25,00` → `25.00`, `50,000` → `50000`.
fn plain(word: &str) -> String {
    let groups: Vec<&str> = word.split(',').collect();
    match groups.as_slice() {
        [whole, decimals] if decimals.len() <= 2 && !whole.contains('.') => format!("{whole}.{decimals}"),
        _ => groups.concat(),
    }
}

/// The first line of a text that holds one of the figures, as a figure of its own. Comments do not count.
pub fn line_with(text: &str, figures: &[String]) -> Option<u32> {
    if !figures.iter().any(|figure| text.contains(figure.as_str())) {
        return None;
    }
    let is_comment =
        |line: &str| ["//", "#", "*", "/*", "--", "\"\"\""].iter().any(|mark| line.trim_start().starts_with(mark));
    let holds = |line: &str, figure: &String| {
        let is_digit = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        line.match_indices(figure.as_str()).any(|(at, _)| {
            !line[..at].ends_with(is_digit)
                && !line[at + figure.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    };
    let mut lines = text.lines().zip(1_u32..).take(MOST_LINES).filter(|(line, _)| !is_comment(line));
    lines.find(|(line, _)| figures.iter().any(|figure| holds(line, figure))).map(|(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telling_figures_are_read_in_both_manners() {
        let check = |text: &str, expected: &[&str]| assert_eq!(of(text), expected, "{text}");
        check("erscheint mit 25,00 Euro netto", &["25.00"]);
        check("50,000 orders in under 5 seconds since 2024", &["50000"]);
        check("refused with 429, whatever the address", &["429"]);
        check("v1.2 of `a_100`, 1.5 times", &[]);
    }

    #[test]
    fn a_figure_stands_for_itself() {
        let figures = ["25.00".to_owned()];
        assert_eq!(line_with("# 25.00\na = 125.00\nMISSED = Decimal(\"25.00\")\n", &figures), Some(3));
        assert_eq!(line_with("a = 25.001", &figures), None);
    }
}
