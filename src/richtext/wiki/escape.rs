//! Text → wiki markup that means exactly this text.

/// Appends text with a backslash before everything that could act; a backslash itself is an entity, for two of them
/// are a line break.
pub(super) fn escape_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("&#92;"),
            '&' => out.push_str("&amp;"),
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
}
