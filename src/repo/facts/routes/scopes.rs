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
    /// Things of one kind, each below its id.
    Items(Items),
    /// Where its lines stand among the things around it.
    Step(Step),
}

/// Things of one kind.
pub struct Items {
    pub path: String,
    /// The id of one in the paths below it.
    pub of_one: String,
    /// The id of one in its own paths.
    pub id: String,
}

/// How something stands to the things around it.
#[derive(Clone, Copy)]
pub enum Step {
    Below,
    Member,
    Collection,
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

    /// The prefix above a line that stands so to the things around it; `None` where it cannot be told.
    pub fn prefix(&self, step: Step) -> Option<String> {
        let (mut prefix, mut items) = (String::new(), None);
        let through = |prefix: &str, items: Option<&Items>, step| match items {
            Some(items) => joined(prefix, items.id(step)),
            None => prefix.to_owned(),
        };
        for scope in &self.0 {
            match &scope.part {
                Part::Of(_) => {}
                Part::Below(below) => prefix = joined(&through(&prefix, items.take(), Step::Below), below.as_ref()?),
                Part::Items(next) => {
                    prefix = joined(&through(&prefix, items.replace(next), Step::Below), &next.path);
                }
                Part::Step(step) => prefix = through(&prefix, items.take(), *step),
            }
        }
        Some(through(&prefix, items, step))
    }

    /// Is the line among things of one kind?
    pub fn has_items(&self) -> bool {
        self.0.iter().any(|scope| matches!(scope.part, Part::Items(_)))
    }
}

impl Scope {
    fn name(&self) -> Option<&str> {
        match &self.part {
            Part::Of(name) => Some(name),
            _ => None,
        }
    }
}

impl Items {
    /// What stands between their path and what is put there.
    fn id(&self, step: Step) -> &str {
        match step {
            Step::Below => &self.of_one,
            Step::Member => &self.id,
            Step::Collection => "",
        }
    }
}
