//! A statement as a model writes it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Guard;
use crate::model::plan::{Basis, Citation, Statement};

/// One thing to say, with what supports it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Said {
    /// One or two sentences of plain text; backticks mark code.
    pub text: String,
    /// Words of the ticket that say so, exactly as they stand there.
    pub quotes: Vec<String>,
    /// Lines of the repository that say so.
    pub files: Vec<At>,
    /// Past commits that say so, by their hash.
    pub commits: Vec<String>,
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct At {
    /// The path as the excerpts name it.
    pub path: String,
    /// Counted from 1; 0 for the whole file.
    pub first_line: u32,
    pub last_line: u32,
}

impl Said {
    /// A draft's statement as a start.
    pub fn of(statement: &Statement) -> Self {
        let mut said = Self { text: statement.text.clone(), ..Self::default() };
        for citation in &statement.citations {
            match citation {
                Citation::Ticket { quote, .. } => said.quotes.push(quote.clone()),
                Citation::File(file) => {
                    let (first_line, last_line) = file.lines.map_or((0, 0), |lines| (lines.first, lines.last));
                    said.files.push(At { path: file.path.clone(), first_line, last_line });
                }
                Citation::Commit(commit) => said.commits.push(commit.id.short().to_owned()),
            }
        }
        said
    }

    /// A draft's statements as a start.
    pub fn all(statements: &[Statement]) -> Vec<Self> {
        statements.iter().map(Self::of).collect()
    }

    /// The statement: the draft's own when the words are the same, else one of basis `Model`. `None` when nothing is
    /// said, or when it names what does not exist.
    pub fn statement(&self, guard: &mut Guard<'_>) -> Option<Statement> {
        if let Some(known) = guard.known(&self.text) {
            return Some(known);
        }
        let mut statement = Statement::new(Basis::Model, guard.prose(&self.text)?);
        statement.citations.extend(self.quotes.iter().take(4).filter_map(|quote| guard.quote(quote)));
        statement.citations.extend(self.files.iter().take(4).filter_map(|at| guard.place(at)).map(Citation::File));
        statement.citations.extend(self.commits.iter().take(4).filter_map(|id| guard.commit(id)));
        Some(statement)
    }
}

/// Statements, as many as a section may have.
pub fn statements(said: &[Said], guard: &mut Guard<'_>) -> Vec<Statement> {
    said.iter().take(40).filter_map(|said| said.statement(guard)).collect()
}
