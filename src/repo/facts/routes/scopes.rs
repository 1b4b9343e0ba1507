//! What a line is part of, by its depth: functions, variables whose value goes on, blocks below a prefix.
//!
//! In: what lines begin. Out: the function around a line, and the prefix above it. Bounded in depth.

use super::joined;

/// What the lines so far have begun, outermost first.
#[derive(Default)]
pub struct Scopes(Vec<Scope>);

/// Lines that stand deeper than this belong to it.
struct Scope {
    indent: usize,
    part: Part,
}

pub enum Part {
    /// A function, or a variable whose value goes on.
    Of(String),
    /// A prefix; `None` is one that nothing here can tell.
    Below(Option<String>),
}

/// How deep prefixes and functions may stand in each other.
const MAX_SCOPES: usize = 64;

impl Scopes {
    /// Leaves what stands no less deep than a line.
    pub fn leave(&mut self, indent: usize) {
        while self.0.last().is_some_and(|scope| scope.indent >= indent) {
            self.0.pop();
        }
    }

    /// Goes into what a line begins; too deep, nothing is certain any more.
    pub fn enter(&mut self, indent: usize, part: Part) {
        let is_full = self.0.len() >= MAX_SCOPES;
        if is_full {
            self.0.pop();
        }
        self.0.push(Scope { indent, part: if is_full { Part::Below(None) } else { part } });
    }

    /// The function or variable that the line is part of.
    pub fn holder(&self) -> &str {
        self.0.iter().rev().find_map(Scope::name).unwrap_or_default()
    }

    /// The prefix above the line; `None` where it cannot be told.
    pub fn prefix(&self) -> Option<String> {
        let mut prefix = String::new();
        for scope in &self.0 {
            if let Part::Below(below) = &scope.part {
                prefix = joined(&prefix, below.as_ref()?);
            }
        }
        Some(prefix)
    }
}

impl Scope {
    fn name(&self) -> Option<&str> {
        match &self.part {
            Part::Of(name) => Some(name),
            Part::Below(_) => None,
        }
    }
}
