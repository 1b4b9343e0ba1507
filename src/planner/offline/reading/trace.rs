//! Stack traces and error texts, line by line, in the forms of many languages.

/// A line of a stack trace: `at f (file:1:2)`, `File "f.py", line 3`, `src/a.rs:4:5`, `a.go:6 +0x1f`, `(F.java:7)`.
pub fn is_frame(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.char_indices().nth(400).map_or(line, |(end, _)| &line[..end]);
    let has_position = line.match_indices(':').any(|(at, _)| {
        let before = &line[..at];
        let extension = before.rsplit(['.', '/', '\\', '(', ' ']).next().unwrap_or_default();
        before.len() > extension.len()
            && before.ends_with(extension)
            && before[..before.len() - extension.len()].ends_with('.')
            && (1..=4).contains(&extension.len())
            && extension.chars().all(|c| c.is_ascii_alphanumeric())
            && line[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    });
    (line.starts_with("at ") && (has_position || line.contains(":line ")))
        || (line.starts_with("File \"") && line.contains(", line "))
        || (has_position && (line.contains("panicked") || line.contains(" +0x") || line.starts_with("-->")))
        || (has_position && !line.contains(' '))
}

/// A line that says what went wrong.
pub fn is_error(line: &str) -> bool {
    let line = line.trim();
    let head = line.split([':', ' ']).next().unwrap_or_default();
    let is_exception = (head.ends_with("Error") || head.ends_with("Exception")) && head.len() > 5;
    is_exception
        || line.contains("panicked at")
        || ["error:", "Error:", "ERROR", "fatal:", "FATAL", "panic:", "error["].iter().any(|w| line.starts_with(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_many_languages_are_seen() {
        for frame in [
            "    at applyCoupon (/app/src/cart.ts:41:7)",
            "  File \"shop/cart.py\", line 12, in total",
            "thread 'main' panicked at src/cart.rs:57:9:",
            "\t/srv/cart.go:33 +0x1f",
            "   at Shop.Cart.Total() in C:\\src\\Shop\\Cart.cs:line 42",
            "\tat com.acme.Cart.total(Cart.java:88)",
        ] {
            assert!(is_frame(frame), "{frame}");
        }
        for line in ["It starts at 10:30", "see http://localhost:8080", "ratio 3:1 is fine"] {
            assert!(!is_frame(line), "{line}");
        }
    }
}
