//! The condition that a line stands in: what is added beside it stands in the same one, unless it is told otherwise.
//!
//! In: a text and a line. Out: the line that opens the block around it, where that is a condition. Told by indentation.

use crate::{planner::words::clean, richtext::markdown::code_span};

/// Longer conditions are named by their line alone, in characters.
const LONGEST: usize = 80;

/// The condition right around a line: its line, and its code without the brace.
pub fn around(text: &str, line: u32) -> Option<(u32, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let own = lines.get(line.checked_sub(1)? as usize)?;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let above = (0..line as usize - 1).rev().filter(|at| !lines[*at].trim().is_empty());
    let opens = above.into_iter().find(|at| indent(lines[*at]) < indent(own))?;
    let head = lines[opens].trim();
    let is_condition = ["if ", "if(", "unless ", "} else if", "elif "].iter().any(|word| head.starts_with(word));
    let code = clean(head.trim_end_matches([' ', '{', ':']));
    is_condition.then(|| (opens as u32 + 1, code))
}

/// Where something new stands that is added beside a line in a condition: ` but outside its `if (x)` (line 20)`.
pub fn outside(text: &str, line: u32, own: Option<&str>) -> Option<String> {
    let (at, code) = around(text, line)?;
    // A condition that speaks of the new thing itself holds for it.
    if own.is_some_and(|own| code.contains(own)) {
        return None;
    }
    let shown = if code.chars().count() <= LONGEST { format!(" {}", code_span(&code)) } else { String::new() };
    let instead = own.map_or(String::new(), |own| format!(", in one of its own for `{own}`"));
    Some(format!("outside the condition{shown} in line {at}{instead}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_right_around_a_line_is_found() {
        let text = "if (isOn(\"a\")) {\n  get(\"/a\");\n\n  post(\"/a\");\n}\nget(\"/b\");\n";
        assert_eq!(around(text, 4), Some((1, "if (isOn(\"a\"))".to_owned())));
        assert_eq!(around(text, 6), None);
        assert_eq!(around("def f():\n    if x:\n        y()\n", 2), None);
        assert_eq!(outside(text, 2, Some("a\"")), None);
        let said = outside(text, 2, Some("b")).expect("a condition");
        assert_eq!(said, "outside the condition `if (isOn(\"a\"))` in line 1, in one of its own for `b`");
    }
}
