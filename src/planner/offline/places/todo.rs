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
    /// A new field is declared in a type.
    Field(String),
    /// Something new goes wherever its sibling stands.
    Follow(String),
    /// What the ticket wants is there already.
    There(String),
    /// A column is added by one more migration, where migrations stand in code.
    AddColumn(String),
    /// Something new is named where its siblings are.
    Register(String),
    /// A new setting is declared, which something new reads.
    DeclareSetting(String),
    /// A new table is declared, from which its migration is made.
    DeclareTable,
    /// What answers a new route is added beside what answers another.
    Answer(String),
    /// Something is added beside what stays as it is.
    Beside,
    /// A package's version goes up.
    Raise,
    /// A name is taken out.
    Remove(String),
    /// What answers a route passes on what another file gives.
    PassOn,
    /// A shared word alone leads here.
    Part(String),
    /// Anything else.
    Other,
}

impl Todo {
    /// An instruction of a kind.
    pub fn new(act: Act, said: Statement) -> Self {
        Self { act, said }
    }

    /// Is something added, and nothing that is there changed?
    pub fn adds(&self) -> bool {
        use Act::{
            AddColumn, Answer, Beside, Declare, DeclareFlag, DeclareRoute, DeclareSetting, DeclareTable, Field, Follow,
            Register,
        };
        let act = &self.act;
        matches!(
            act,
            AddColumn(_)
                | Answer(_)
                | Beside
                | Declare(_)
                | DeclareFlag(_)
                | DeclareRoute(_)
                | DeclareSetting(_)
                | DeclareTable
                | Field(_)
                | Follow(_)
                | Register(_)
        )
    }

    /// Is something added beside what stays as it is?
    pub fn is_beside(&self) -> bool {
        matches!(self.act, Act::Beside | Act::Answer(_))
    }

    /// Does it merely hand on what another file gives?
    pub fn passes_on(&self) -> bool {
        self.act == Act::PassOn
    }

    /// The name that is taken out.
    pub fn removes(&self) -> Option<&str> {
        if let Act::Remove(name) = &self.act { Some(name) } else { None }
    }

    /// What goes here beside its sibling.
    pub fn follows(&self) -> Option<&str> {
        if let Act::Follow(name) | Act::AddColumn(name) = &self.act { Some(name) } else { None }
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
