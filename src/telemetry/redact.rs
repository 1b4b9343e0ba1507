//! Masks secrets in log lines: the ones that are configured, and whatever looks like a token.
//!
//! No code logs a secret on purpose; this is the second lock, for the error texts of libraries.

use std::{
    io::{self, Write},
    sync::Arc,
};

use regex::bytes::Regex;
use tracing_subscriber::fmt::MakeWriter;

use super::lines::escape_json;

/// What takes a secret's place.
const MASK: &[u8] = b"[redacted]";

/// Secrets shorter than this are not searched for: they would mask ordinary words.
const SHORTEST: usize = 6;

/// Tokens of GitHub, authorization headers, and passwords in addresses.
const TOKENS: &str = r"gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|(?i:bearer|basic) [A-Za-z0-9+/=_.-]{16,}|//[^\s/:@]*:[^\s/@]+@|eyJ[\w-]{8,}\.[\w-]+\.[\w-]+";

/// Knows what must not be shown.
#[derive(Clone, Debug)]
pub struct Redactor(Arc<Regex>);

impl Redactor {
    /// Masks these secrets, and tokens in general. Of a secret with several lines each line is masked by itself.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let lines = secrets.into_iter().flat_map(str::lines).map(str::trim);
        let mut known: Vec<&str> = lines.filter(|line| line.len() >= SHORTEST && !line.starts_with("-----")).collect();
        // The longest first: a secret may start with another one.
        known.sort_by_key(|line| std::cmp::Reverse(line.len()));
        let known = known.into_iter().flat_map(|line| [regex::escape(line), "|".to_owned()]);
        let mut pattern: String = std::iter::once("(?-u)".to_owned()).chain(known).collect();
        pattern.push_str(TOKENS);
        Self(Arc::new(Regex::new(&pattern).expect("escaped texts and a constant make a pattern")))
    }

    /// Wraps a writer of log lines.
    pub fn around<M>(self, inner: M) -> Redacted<M> {
        Redacted { redactor: self, inner }
    }

    /// The text with secrets masked.
    pub fn mask<'t>(&self, text: &'t [u8]) -> std::borrow::Cow<'t, [u8]> {
        self.0.replace_all(text, regex::bytes::NoExpand(MASK))
    }
}

/// Makes writers that mask secrets.
#[derive(Clone, Debug)]
pub struct Redacted<M> {
    redactor: Redactor,
    inner: M,
}

impl<'w, M: MakeWriter<'w>> MakeWriter<'w> for Redacted<M> {
    type Writer = Line<M::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        Line { redactor: self.redactor.clone(), inner: self.inner.make_writer() }
    }
}

/// Writes one log line, which arrives whole.
#[derive(Debug)]
pub struct Line<W> {
    redactor: Redactor,
    inner: W,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.inner.write_all(&escape_json(self.redactor.mask(line)))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
