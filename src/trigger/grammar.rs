//! The commands: their words, what they need, what they do, and examples. Help is made of this table.
//!
//! In: the words after `/plan`. Out: a [`Command`], or what was wrong and the nearest right command. Never looks at
//! where the words stood; that is [`comment`](super::comment)'s part.

use super::{Rules, nearest::nearest};
use crate::model::job::{Depth, Focus, PlanOptions};

/// The longest name of a template that is looked for in a repository, in characters.
const MAX_TEMPLATE: usize = 40;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Make a plan; with `revise`, a new version of it.
    Plan(PlanOptions),
    Status,
    Cancel,
    Help,
}

/// What a command line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    Command(Command),
    /// Not a command: what is wrong, in plain text, and the nearest right command.
    Wrong {
        problem: String,
        nearest: Option<String>,
    },
}

/// A form of the command, as help shows it.
#[derive(Debug)]
pub struct Form {
    /// The word that begins it; `None` for a plain request.
    pub word: Option<&'static str>,
    /// What follows the command's own word.
    pub usage: &'static str,
    pub about: &'static str,
    /// What follows the command's own word, ready to be used.
    pub example: &'static str,
}

/// Every form, in the order of help.
pub const FORMS: &[Form] = &[
    Form { word: None, usage: "", about: "make a plan, or make it anew", example: "" },
    Form { word: None, usage: "TEMPLATE", about: "make a plan with another template", example: "ticket" },
    Form {
        word: Some("revise"),
        usage: "revise TEXT",
        about: "make a new version that minds what you write, to the end of the paragraph",
        example: "revise keep the old endpoint for one release",
    },
    Form { word: Some("status"), usage: "status", about: "say how far the plan is", example: "status" },
    Form { word: Some("cancel"), usage: "cancel", about: "stop work on the plan", example: "cancel" },
    Form { word: Some("help"), usage: "help", about: "show this help", example: "help" },
];

/// An option of a request for a plan.
#[derive(Debug)]
pub struct OptionForm {
    pub name: &'static str,
    /// The word for its value in help.
    pub value: &'static str,
    pub about: &'static str,
    pub example: &'static str,
    /// The values it takes; empty when any name will do.
    pub values: &'static [&'static str],
}

/// Every option, in the order of help and of printing.
pub const OPTIONS: &[OptionForm] = &[
    OptionForm {
        name: "focus",
        value: "FOCUS",
        about: "what to weigh most",
        example: "--focus security",
        values: &["performance", "security", "reliability", "simplicity", "cost"],
    },
    OptionForm {
        name: "depth",
        value: "DEPTH",
        about: "how long the plan may be",
        example: "--depth brief",
        values: &["brief", "normal", "full"],
    },
    OptionForm {
        name: "repo",
        value: "NAME",
        about: "which repository, by its configured name",
        example: "--repo shop",
        values: &[],
    },
];

impl Command {
    /// The command as a person would write it, after `word`.
    pub fn print(&self, word: &str) -> String {
        let options = match self {
            Self::Status => return format!("{word} status"),
            Self::Cancel => return format!("{word} cancel"),
            Self::Help => return format!("{word} help"),
            Self::Plan(options) => options,
        };
        if let Some(text) = &options.revise {
            return format!("{word} revise {text}");
        }
        let mut out = word.to_owned();
        if let Some(template) = &options.template {
            out.push_str(&format!(" {template}"));
        }
        for option in OPTIONS {
            if let Some(value) = given(options, option.name) {
                out.push_str(&format!(" --{} {value}", option.name));
            }
        }
        out
    }
}

/// The value of an option in a request, as it is written.
fn given<'a>(options: &'a PlanOptions, name: &str) -> Option<&'a str> {
    match name {
        "focus" => options.focus.map(focus_word),
        "depth" => options.depth.map(depth_word),
        _ => options.repository.as_deref(),
    }
}

/// The word for a focus.
fn focus_word(focus: Focus) -> &'static str {
    match focus {
        Focus::Performance => "performance",
        Focus::Security => "security",
        Focus::Reliability => "reliability",
        Focus::Simplicity => "simplicity",
        Focus::Cost => "cost",
    }
}

/// The word for a depth.
fn depth_word(depth: Depth) -> &'static str {
    match depth {
        Depth::Brief => "brief",
        Depth::Normal => "normal",
        Depth::Full => "full",
    }
}

/// The longest text that `revise` takes, in characters; the rest is left out.
pub const MAX_REVISE: usize = 4_000;

/// Reads what follows the command's own word. Words are split at blanks; a newline ends all but the text of `revise`.
pub fn read(rest: &str, rules: &Rules) -> Said {
    let line = rest.lines().next().unwrap_or_default();
    let words: Vec<String> = line.split_whitespace().take(MAX_WORDS).map(fold).collect();
    let verb = words.first().map(|word| word.to_lowercase()).unwrap_or_default();
    match verb.as_str() {
        "revise" => revise(rest, rules),
        "--help" | "-h" | "?" => Said::Command(Command::Help),
        "status" => alone(Command::Status, &words, rules),
        "cancel" => alone(Command::Cancel, &words, rules),
        "help" => alone(Command::Help, &words, rules),
        _ => plan(&words, rules).map_or_else(|wrong| wrong, |options| Said::Command(Command::Plan(options))),
    }
}

/// More words than any right command has; those beyond are not read.
const MAX_WORDS: usize = 24;

/// Full-width letters and dashes as keyboards and phones write them, folded to ASCII.
fn fold(word: &str) -> String {
    let folded: String = word.chars().map(super::comment::narrow).collect();
    match folded.strip_prefix(['—', '–']) {
        Some(name) => format!("--{name}"),
        None => folded,
    }
}

/// A command that nothing may follow.
fn alone(command: Command, words: &[String], rules: &Rules) -> Said {
    if words.len() == 1 {
        return Said::Command(command);
    }
    let right = command.print(&rules.command);
    Said::Wrong { problem: format!("nothing may follow “{right}”"), nearest: Some(right) }
}

/// `revise`, with the text after the word.
fn revise(rest: &str, rules: &Rules) -> Said {
    let after = rest.trim_start();
    let text = after.split_once(char::is_whitespace).map_or("", |(_, text)| text.trim());
    if text.is_empty() {
        let nearest = Some(format!("{} revise TEXT", rules.command));
        return Said::Wrong { problem: "after “revise” say what should be different".to_owned(), nearest };
    }
    let text: String = text.chars().take(MAX_REVISE).collect();
    let revise = Some(text.trim_end().to_owned());
    Said::Command(Command::Plan(PlanOptions { revise, ..PlanOptions::default() }))
}

/// A template's name and options.
fn plan(words: &[String], rules: &Rules) -> Result<PlanOptions, Said> {
    let mut options = PlanOptions::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let Some(name) = word.strip_prefix("--") else {
            template(word, &mut options, rules)?;
            continue;
        };
        let (name, value) = match name.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (name, None),
        };
        let form =
            OPTIONS.iter().find(|o| o.name.eq_ignore_ascii_case(name)).ok_or_else(|| unknown_option(name, rules))?;
        let value = value.or_else(|| next_value(&mut words)).unwrap_or_default();
        set(form, value, &mut options, rules)?;
    }
    Ok(options)
}

/// Takes the next word, unless it is an option.
fn next_value<'a>(words: &mut std::slice::Iter<'a, String>) -> Option<&'a str> {
    words.as_slice().first().filter(|word| !word.starts_with("--"))?;
    words.next().map(String::as_str)
}

/// Takes a bare word as the template's name. One that is known to nobody and like no word of the grammar may be that of
/// the ticket's repository, which only the work itself reads.
fn template(word: &str, options: &mut PlanOptions, rules: &Rules) -> Result<(), Said> {
    let known = rules.templates.iter().find(|name| name.eq_ignore_ascii_case(word));
    match (known, &options.template) {
        (Some(name), None) => {
            options.template = Some(name.clone());
            Ok(())
        }
        (_, Some(first)) if !rules.templates.contains(first) => Err(unknown_word(first, rules)),
        (Some(_), Some(first)) => Err(Said::Wrong {
            problem: format!("a plan has one template, not “{first}” and “{}”", shown(word)),
            nearest: Some(format!("{} {first}", rules.command)),
        }),
        (None, None) if is_template_name(word) && nearest_word(word, rules).is_none() => {
            options.template = Some(word.to_owned());
            Ok(())
        }
        (None, _) => Err(unknown_word(word, rules)),
    }
}

/// Can a folder of a repository's own template be called so?
fn is_template_name(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    word.len() <= MAX_TEMPLATE && word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(is_part)
}

/// The template or command that a word is like.
fn nearest_word<'r>(word: &str, rules: &'r Rules) -> Option<&'r str> {
    let verbs = FORMS.iter().filter_map(|form| form.word);
    nearest(word, rules.templates.iter().map(String::as_str).chain(verbs))
}

/// The answer to a word that is nothing.
fn unknown_word(word: &str, rules: &Rules) -> Said {
    let right = nearest_word(word, rules).map(|best| if best == "revise" { "revise TEXT" } else { best });
    Said::Wrong {
        problem: format!("“{}” is neither a template nor a command", shown(word)),
        nearest: right.map(|right| format!("{} {right}", rules.command)),
    }
}

/// The answer to an option that does not exist.
fn unknown_option(name: &str, rules: &Rules) -> Said {
    let best = nearest(name, OPTIONS.iter().map(|o| o.name));
    let form = OPTIONS.iter().find(|o| Some(o.name) == best);
    Said::Wrong {
        problem: format!("there is no option “--{}”", shown(name)),
        nearest: form.map(|form| format!("{} {}", rules.command, form.example)),
    }
}

/// Sets an option, once, to a value that it takes.
fn set(form: &OptionForm, value: &str, options: &mut PlanOptions, rules: &Rules) -> Result<(), Said> {
    let wrong = |problem: String, value: Option<&str>| Said::Wrong {
        problem,
        nearest: Some(match value {
            Some(value) => format!("{} --{} {value}", rules.command, form.name),
            None => format!("{} {}", rules.command, form.example),
        }),
    };
    if value.is_empty() {
        return Err(wrong(format!("“--{}” needs a value", form.name), None));
    }
    if given(options, form.name).is_some() {
        return Err(wrong(format!("“--{}” stands there twice", form.name), None));
    }
    if form.values.is_empty() {
        if !is_repository(value) {
            return Err(wrong(format!("“{}” cannot be the name of a repository", shown(value)), None));
        }
        options.repository = Some(value.to_owned());
        return Ok(());
    }
    let Some(value) = form.values.iter().find(|v| v.eq_ignore_ascii_case(value)) else {
        let problem = format!("“--{}” takes {}, not “{}”", form.name, form.values.join(", "), shown(value));
        return Err(wrong(problem, nearest(value, form.values.iter().copied())));
    };
    options.focus = options.focus.or_else(|| FOCUSES.into_iter().find(|f| focus_word(*f) == *value));
    options.depth = options.depth.or_else(|| DEPTHS.into_iter().find(|d| depth_word(*d) == *value));
    Ok(())
}

/// Every focus.
const FOCUSES: [Focus; 5] = [Focus::Performance, Focus::Security, Focus::Reliability, Focus::Simplicity, Focus::Cost];

/// Every depth.
const DEPTHS: [Depth; 3] = [Depth::Brief, Depth::Normal, Depth::Full];

/// Could a repository have this name?
fn is_repository(name: &str) -> bool {
    name.len() <= 100 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b))
}

/// A stranger's word, short enough to be repeated to them.
fn shown(word: &str) -> String {
    let clean = |c: &char| !c.is_control() && !matches!(c, '“' | '”');
    let mut out: String = word.chars().filter(clean).take(40).collect();
    if word.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}
