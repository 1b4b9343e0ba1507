//! A ticket as a model reads it.
//!
//! In: a [`Ticket`] and a budget. Out: its words in Markdown, the newest comments last, cut where the budget ends.

use std::fmt::Write as _;

use super::prompt::tokens;
use crate::{model::ticket::Ticket, planner::words::clean, richtext::markdown};

/// The ticket's words within a budget of tokens: title, body and fields first, then comments from the newest back.
pub fn text(ticket: &Ticket, budget: u64) -> String {
    let mut head = format!("Title: {}\n", clean(&ticket.title));
    if let Some(kind) = &ticket.type_name {
        let _ = writeln!(head, "Type: {}", clean(kind));
    }
    if !ticket.labels.is_empty() {
        let _ = writeln!(head, "Labels: {}", clean(&ticket.labels.join(", ")));
    }
    for link in ticket.parent.iter().chain(&ticket.children).chain(&ticket.links).take(20) {
        let title = link.title.as_deref().unwrap_or_default();
        let _ = writeln!(head, "{}: {} {}", clean(&link.relation), clean(&link.reference), clean(title));
    }
    let _ = write!(head, "\n{}", markdown::write(&ticket.body));
    for field in &ticket.fields {
        let _ = write!(head, "\n# {}\n\n{}", clean(&field.name), markdown::write(&field.content));
    }
    let mut text = cut(&head, budget).to_owned();
    let mut room = budget.saturating_sub(tokens(text.len()));
    let mut comments = Vec::new();
    for comment in ticket.comments.iter().rev() {
        let by = if comment.by_maintainer { " (maintainer)" } else { "" };
        let day = comment.created_at.get(..10).unwrap_or_default();
        let block = format!(
            "\n# Comment by {}{by}, {day}\n\n{}",
            clean(&comment.author.name),
            markdown::write(&comment.content)
        );
        let cost = tokens(block.len());
        if cost > room {
            comments.push("\n(earlier comments left out for want of room)\n".to_owned());
            break;
        }
        room -= cost;
        comments.push(block);
    }
    text.extend(comments.into_iter().rev());
    text
}

/// The head of a text within a budget, cut at a character.
fn cut(text: &str, budget: u64) -> &str {
    let most = usize::try_from(budget.saturating_mul(3)).unwrap_or(usize::MAX);
    if text.len() <= most {
        return text;
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}
