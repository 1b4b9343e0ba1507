//! Frames of a stack trace held against the code: does the line call what the trace says it called?
//!
//! In: a [`Site`] and one of its frames. Out: whether the trace is of another version of the file, and the line that makes the
//! call here. Reads the lines of one function.

use super::{
    super::{places::site::Site, reading::Reading},
    edges::names,
};

/// Longer lines are no frames, in bytes.
const LONGEST: usize = 300;

/// The line of the file that calls what the frame called, where the frame's own line does not.
pub fn moved(site: &Site<'_>, frame: &str, line: u32) -> Option<(u32, String)> {
    let callee = callee(site.reading, frame)?;
    let text = site.text.as_deref()?;
    let calls = |code: &str| names(code, &callee);
    if calls(text.lines().nth(line.checked_sub(1)? as usize)?) {
        return None;
    }
    let around = site.around(line)?;
    let inside = (1_u32..).zip(text.lines()).filter(|(at, _)| around.line < *at && *at <= around.end_line);
    let mut found = inside.filter(|(_, code)| calls(code)).map(|(at, _)| at);
    let first = found.next()?;
    found.next().is_none().then_some((first, callee))
}

/// The function that the next inner frame is in.
fn callee(reading: &Reading, frame: &str) -> Option<String> {
    let lines: Vec<&str> = reading.all.lines().filter(|l| l.len() <= LONGEST).collect();
    let at = lines.iter().position(|l| l.contains(frame.trim()))?;
    // Python prints the innermost call last, and the code of each call below its frame.
    let inner = match reading.all.contains("most recent call last") {
        true => *lines.get(at + 1..)?.iter().find(|l| l.trim_start().starts_with("File \""))?,
        false => *lines.get(at.checked_sub(1)?)?,
    };
    function(inner)
}

/// The name of a frame's function: `at bestDiscount (…)`, `at Shop.Cart.Total() in …`, `File "…", line 3, in total`.
fn function(frame: &str) -> Option<String> {
    let frame = frame.trim();
    let name = match frame.strip_prefix("at ") {
        Some(rest) => rest.trim_start_matches("async ").split(['(', ' ']).next()?.rsplit(['.', ':']).next()?,
        None => frame.strip_prefix("File \"")?.rsplit_once(", in ")?.1.trim(),
    };
    let is_name = name.len() >= 3 && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    is_name.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_names_its_function() {
        let check = |frame: &str, expected: Option<&str>| assert_eq!(function(frame).as_deref(), expected, "{frame}");
        check("    at bestDiscount (/app/src/discount.ts:40:18)", Some("bestDiscount"));
        check("   at Shop.Cart.Total() in C:\\src\\Cart.cs:line 42", Some("Total"));
        check("\tat com.acme.Cart.total(Cart.java:88)", Some("total"));
        check("  File \"shop/cart.py\", line 12, in total", Some("total"));
        check("    at /app/src/discount.ts:40:18", None);
        check("    at <anonymous>", None);
        check("TypeError: Cannot read properties of undefined", None);
    }
}
