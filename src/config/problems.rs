//! What is wrong with a configuration: every problem with its key and the layer that says it.

use std::fmt;

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `connections[0].auth.token`; empty when the problem is not about one key.
    pub key: String,
    /// The file or variable that it stands in; empty where nothing was written.
    pub origin: String,
    /// What is wrong, in plain words. Never holds the value of a secret.
    pub message: String,
}

impl Problem {
    /// A problem with a key; its origin is found later.
    pub fn new(key: impl Into<String>, message: impl Into<String>) -> Self {
        Self { key: key.into(), origin: String::new(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        if !self.origin.is_empty() {
            write!(f, " (in {})", self.origin)?;
        }
        Ok(())
    }
}

/// Everything that is wrong, one line each.
#[derive(Debug)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("the configuration has a problem:")?,
            n => write!(f, "the configuration has {n} problems:")?,
        }
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for Problems {}
