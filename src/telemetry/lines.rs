//! One event, one log line, whatever strangers put into a field.
//!
//! Titles, branches and headers come from outside. A line break in one of them could forge a log line, an escape
//! sequence could repaint the terminal, a bidirectional control could reverse what is read.

use std::{
    borrow::Cow,
    fmt::{self, Write},
};

use tracing::field::{Field, Visit};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FormatFields, format::Writer},
};

/// Writes the message and then `name=value` for each field, control characters escaped.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneLine;

impl<'w> FormatFields<'w> for OneLine {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut visitor = Fields { out: writer, first: true, result: Ok(()) };
        fields.record(&mut visitor);
        visitor.result
    }
}

/// Writes fields as they are visited.
struct Fields<'w> {
    out: Writer<'w>,
    first: bool,
    result: fmt::Result,
}

impl Fields<'_> {
    /// Writes one field.
    fn write(&mut self, field: &Field, value: fmt::Arguments<'_>) -> fmt::Result {
        if !std::mem::take(&mut self.first) {
            self.out.write_char(' ')?;
        }
        if field.name() != "message" {
            write!(self.out, "{}=", field.name())?;
        }
        write!(Escaped(&mut self.out), "{value}")
    }
}

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record(field, format_args!("{value:?}"));
    }
}

impl Fields<'_> {
    /// Writes one field unless an earlier one failed.
    fn record(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        if self.result.is_ok() {
            self.result = self.write(field, value);
        }
    }
}

/// Escapes control characters and bidirectional controls on their way.
struct Escaped<'a, W>(&'a mut W);

impl<W: Write> Write for Escaped<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| match c {
            c if c.is_control() || misleads(c) => write!(self.0, "{}", c.escape_default()),
            c => self.0.write_char(c),
        })
    }
}

/// Does this character change what a terminal or a reader sees beyond itself? C1 controls, line and paragraph
/// separators, and bidirectional controls (Unicode Standard Annex 9).
fn misleads(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The line with such characters as JSON escapes (RFC 8259, section 7): in a JSON line they stand in strings only.
pub(super) fn escape_json(line: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    match std::str::from_utf8(&line) {
        Ok(text) if text.contains(misleads) => {
            let escape = |out: &mut String, c: char| match misleads(c) {
                true => out.extend(format!("\\u{:04x}", c as u32).chars()),
                false => out.push(c),
            };
            let mut escaped = String::with_capacity(text.len() + 32);
            text.chars().for_each(|c| escape(&mut escaped, c));
            Cow::Owned(escaped.into_bytes())
        }
        _ => line,
    }
}
