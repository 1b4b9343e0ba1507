//! Instructions: what is to be done in a file, said exactly, and of which kind it is.
//!
//! Other modules go by the kind and never by the words.

use crate::model::plan::Statement;

/// An instruction.
#[derive(Clone, Debug)]
pub struct Todo {
    pub act: Act,
    pub said: Statement,
}

/// What kind of instruction it is, with the name that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// A new route (`POST /carts`) is declared.
    DeclareRoute(String),
    /// A new feature flag is declared.
    DeclareFlag(String),
    /// A new function or constant is declared.
    Declare(String),
    /// Something new is named where its siblings are.
    Register(String),
    /// Something is added beside what stays as it is.
    Beside,
    /// A package's version goes up.
    Raise,
    /// A name is taken out.
    Remove(String),
    /// A shared word alone leads here.
    Part,
    /// Anything else.
    Other,
}

impl Todo {
    /// An instruction of a kind.
    pub fn new(act: Act, said: Statement) -> Self {
        Self { act, said }
    }

    /// The name that is taken out.
    pub fn removes(&self) -> Option<&str> {
        if let Act::Remove(name) = &self.act { Some(name) } else { None }
    }

    /// The function or constant that is declared.
    pub fn declares(&self) -> Option<&str> {
        if let Act::Declare(name) = &self.act { Some(name) } else { None }
    }
}

impl From<Statement> for Todo {
    fn from(said: Statement) -> Self {
        Self { act: Act::Other, said }
    }
}
