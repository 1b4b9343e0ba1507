//! A name for a new test in the style of a neighbour.
//!
//! In: the neighbour's name, and the sentence that the test shows. Out: a name, or none where [`naming`] has none.

use super::naming;

/// A name for a new test in the style of a neighbour: `total_is_rounded`, `test_total`, `TestTotal`, "keeps the total".
pub fn name_like(neighbour: &str, text: &str) -> Option<String> {
    let is_latin = text.chars().filter(|c| c.is_alphabetic()).all(|c| c.is_ascii());
    let words = naming::words(text).filter(|_| is_latin && naming::is_english(text))?;
    let capital = |w: &String| format!("{}{}", w[..1].to_ascii_uppercase(), &w[1..]);
    if neighbour.contains(' ') {
        return Some(words.join(" "));
    }
    if let Some(rest) = neighbour.strip_prefix("Test") {
        let joint = if rest.contains('_') { "_" } else { "" };
        return Some(format!("Test{joint}{}", words.iter().map(capital).collect::<String>()));
    }
    let prefix = if neighbour.starts_with("test_") { "test_" } else { "" };
    if neighbour.contains('_') || neighbour.chars().all(|c| !c.is_uppercase()) {
        return Some(format!("{prefix}{}", words.join("_")));
    }
    if words[0].starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let camel: String = words.iter().skip(1).map(capital).collect();
    Some(format!("{}{camel}", words[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_tests_are_named_like_their_neighbours() {
        let check = |neighbour: &str, expected: Option<&str>| {
            let text = "The total should be rounded to cents";
            assert_eq!(name_like(neighbour, text).as_deref(), expected, "{neighbour}");
        };
        check("coupon_is_applied_once", Some("the_total_is_rounded_to_cents"));
        check("test_coupon", Some("test_the_total_is_rounded_to_cents"));
        check("TestCoupon", Some("TestTheTotalIsRoundedToCents"));
        check("keeps the cart", Some("the total is rounded to cents"));
        check("appliesCouponOnce", Some("theTotalIsRoundedToCents"));
        assert_eq!(name_like("test_coupon", "合計を丸める"), None);
    }
}
