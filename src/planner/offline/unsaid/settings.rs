//! What a new outside service brings: from where its secret comes, where settings of its kind are kept in the repository,
//! and what its states mean here, where the pattern has names of its own.

use super::{Survey, question, says};
use crate::{
    model::{
        context::FileClass,
        plan::{Action, Question},
    },
    planner::{offline::code::layer::Layer, words::listed},
};

/// How a secret gets into settings that are committed, and what the outside states mean.
pub fn of(survey: &Survey<'_, '_>) -> Vec<Question> {
    let mut out = Vec::new();
    out.extend(secret(survey));
    out.extend(states(survey));
    out
}

fn secret(survey: &Survey<'_, '_>) -> Option<Question> {
    const SECRETS: &[&str] = &["key", "keys", "token", "tokens", "secret", "secrets", "password", "passwords"];
    let from = |text: &str| {
        ["from the config", "in the config", "from the settings", "in the settings"]
            .iter()
            .any(|w| text.to_lowercase().contains(w))
    };
    let asked = survey.asked.iter().find(|a| says(a.text, SECRETS) && from(a.text))?;
    let is_kept = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_sample = ["example", "sample", "template", "dist"].iter().any(|w| name.contains(w));
        !is_sample && [".yaml", ".yml", ".toml", ".json", ".properties"].iter().any(|e| name.ends_with(e))
    };
    let site = survey.sites.iter().find(|s| {
        let is_config = s.context.tree.file(&s.path).is_some_and(|f| f.class == FileClass::Config);
        s.layer == Layer::Settings && s.action == Action::Modify && !s.todo.is_empty() && is_config && is_kept(&s.path)
    })?;
    let ask = format!(
        "`{}` is kept in the repository: from where does the value of {} come, so that it is not committed?",
        site.path, asked.id
    );
    Some(question(ask, vec![site.file()], "what is read at the start, and what operators set"))
}

/// Names in capitals that only the other side knows, where the pattern translates such names.
fn states(survey: &Survey<'_, '_>) -> Option<Question> {
    let site = survey.sites.iter().find(|s| s.is_beside && s.action == Action::Create && s.is_code())?;
    let like = site.convention.as_ref().and_then(|(_, like)| like.clone())?;
    let is_state = |code: &&String| {
        code.len() >= 4
            && code.contains(|c: char| c.is_ascii_uppercase())
            && code.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let codes: Vec<&String> = survey.reading.codes.iter().filter(is_state).collect();
    let text = site.context.tree.text(&like)?;
    let is_known = codes.iter().any(|code| text.contains(code.as_str()));
    // Where the ticket says what one means, the rest is said too.
    let maps = ["->", "→", "=>", "means", "is our", "becomes", "maps to", "stands for"];
    let is_told = codes.iter().any(|code| {
        survey.reading.all.lines().any(|l| l.contains(code.as_str()) && maps.iter().any(|m| l.contains(m)))
    });
    if codes.len() < 3 || is_known || is_told {
        return None;
    }
    let shown: Vec<String> = codes.iter().take(6).map(|code| format!("`{code}`")).collect();
    let file = site.sibling(&like);
    let ask = format!(
        "What do {} become here? The ticket does not say, and `{like}`, the pattern, has names of its own",
        listed(&shown)
    );
    Some(question(ask, vec![file], "the new file's table, and its tests"))
}
