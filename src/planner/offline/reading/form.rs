//! What forms for new tickets ask of who files one: boxes to tick, and titles that begin with what the form is for.
//!
//! In: a line or a title. Out: whether it speaks of the reporter alone, and the title without its mark.

/// Does the text of a checkbox speak of who files the ticket: “I have searched existing issues”, “This is not a question”?
pub fn is_of_reporter(text: &str) -> bool {
    const BEGINS: &[&str] = &[
        "i ",
        "i'd ",
        "i'm ",
        "i've ",
        "my ",
        "did you ",
        "do you ",
        "have you ",
        "is this ",
        "this is a ",
        "this is not a ",
        "this is an ",
        "this is **not** ",
        "this isn't a ",
        "this issue ",
        "this bug ",
        "this request ",
    ];
    const SAYS: &[&str] =
        &["code of conduct", "existing issues", "existing issue", "already been reported", "already exists?"];
    let lower = text.to_lowercase().replace('’', "'");
    BEGINS.iter().any(|begin| lower.starts_with(begin)) || SAYS.iter().any(|words| lower.contains(words))
}

/// The mark that a title begins with, `Feature` of `[Feature]: Filter entries`, and the rest.
pub fn marked(title: &str) -> Option<(&str, &str)> {
    let (mark, rest) = title.trim_start().strip_prefix(['[', '【'])?.split_once([']', '】'])?;
    let rest = rest.trim_start_matches([':', '-', '–', '—', ' ']);
    let is_mark = !mark.trim().is_empty() && mark.chars().count() <= 24 && !rest.is_empty();
    is_mark.then_some((mark.trim(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_of_forms_speak_of_the_reporter() {
        let check = |text: &str, expected: bool| assert_eq!(is_of_reporter(text), expected, "{text}");
        check("I have searched existing issues to ensure this feature hasn't been requested before.", true);
        check("This is not a feature request.", true);
        check("Is this a feature request? For questions use the forum.", true);
        check("I’ve read the guidelines", true);
        check("The edit page has a checkbox for it", false);
        check("Invoices are sent once", false);
        check("This page lists the newest first", false);
    }

    #[test]
    fn a_mark_is_taken_off_a_title() {
        assert_eq!(marked("[Feature]: Filter by read time"), Some(("Feature", "Filter by read time")));
        assert_eq!(marked("[BUG] - Items are not shown"), Some(("BUG", "Items are not shown")));
        assert_eq!(marked("Filter [by] time"), None);
        assert_eq!(marked("[Feature]"), None);
    }
}
