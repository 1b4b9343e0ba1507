//! The words about commands: help, and the answer to a wrong one.
//!
//! In: the rules, and what was wrong. Out: short documents, made of the grammar's own table. Never repeats a
//! stranger's words as anything but text.

use super::{
    Rules,
    grammar::{FORMS, OPTIONS},
};
use crate::richtext::{Align, Block, Doc, Inline, Table};

/// What `/plan help` answers.
pub fn help(rules: &Rules) -> Doc {
    let mut rows: Vec<Vec<Vec<Inline>>> = FORMS
        .iter()
        .map(|form| vec![vec![code(with_word(rules, form.usage))], vec![Inline::text(form.about)]])
        .collect();
    rows.extend(OPTIONS.iter().map(|option| {
        let about = match option.values {
            [] => option.about.to_owned(),
            values => format!("{}: {}", option.about, values.join(", ")),
        };
        let usage = format!("--{} {}", option.name, option.value);
        vec![vec![code(with_word(rules, &usage))], vec![Inline::text(about)]]
    }));
    let head = vec![vec![Inline::text("Command")], vec![Inline::text("What it does")]];
    let mut blocks = vec![
        Block::Paragraph {
            content: vec![Inline::text("Write a command at the start of a line, outside quotes and code.")],
        },
        Block::Table(Table { align: vec![Align::None; 2], head, rows }),
    ];
    if !rules.templates.is_empty() {
        blocks.push(Block::Paragraph { content: templates(rules) });
    }
    Doc { blocks }
}

/// The command's word and what follows it.
fn with_word(rules: &Rules, rest: &str) -> String {
    format!("{} {rest}", rules.command).trim_end().to_owned()
}

/// The templates, by name.
fn templates(rules: &Rules) -> Vec<Inline> {
    let mut content = vec![Inline::text("Templates: ")];
    for (nth, name) in rules.templates.iter().enumerate() {
        if nth > 0 {
            content.push(Inline::text(", "));
        }
        content.push(code(name.clone()));
    }
    content.push(Inline::text("."));
    content
}

/// What a wrong command is answered: what was wrong, the nearest right one, and where all are listed.
pub fn wrong_text(problem: &str, nearest: Option<&str>, rules: &Rules) -> Doc {
    let mut content = vec![Inline::text(format!("I could not read this command: {problem}."))];
    if let Some(nearest) = nearest {
        content.extend([Inline::text(" Did you mean "), code(nearest.to_owned()), Inline::text("?")]);
    }
    content.extend([Inline::text(" "), code(with_word(rules, "help")), Inline::text(" lists all commands.")]);
    Doc { blocks: vec![Block::Paragraph { content }] }
}

/// A code span.
fn code(text: String) -> Inline {
    Inline::Code { text }
}
