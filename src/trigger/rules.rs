//! Which events start work.
//!
//! In: a decoded delivery and the rules. Out: work with its semantic key, or the reason for none. Never knows whether
//! the work was asked for before: equal askings share a key, and the store compares.

use globset::{GlobBuilder, GlobMatcher};

use super::{
    comment,
    grammar::{Command, Said},
};
use crate::model::{
    CommentId,
    delivery::{Decision, Request, SkipReason},
    event::{Change, Decoded, Event},
    job::{NewJob, PlanOptions, PlanRequest, Reply, ReplyRequest, ReviewCause, ReviewRequest, Trigger, Work},
};

/// What starts the bot, and what it must not start on.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The label that asks for a plan. Case does not count: trackers hold no two labels that differ by case alone.
    pub label: String,
    /// The word that begins a command: `/plan`.
    pub command: String,
    /// Type names whose new tickets get a plan, whatever their case.
    pub stories: Vec<String>,
    /// Exceptions for projects; the first that matches counts.
    pub projects: Vec<ProjectRule>,
    pub switches: Switches,
    /// The bot's own id on the tracker, once known.
    pub identity: Option<String>,
    /// What marks the bot's own comments: `<!-- planwright:`.
    pub marker: String,
    /// The labels of a new ticket count. False where the tracker sends an event of its own for each (GitHub).
    pub labels_on_open: bool,
    /// Programs may label tickets and open stories; they never command.
    pub bots_may_ask: bool,
    /// The names of the templates that `/plan TEMPLATE` knows.
    pub templates: Vec<String>,
}

/// Which of the three ways in are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    pub label: bool,
    pub command: bool,
    pub story: bool,
}

/// Rules of their own for some projects.
#[derive(Clone, Debug)]
pub struct ProjectRule {
    project: GlobMatcher,
    /// Another label, where given.
    pub label: Option<String>,
    /// Other story types, where given.
    pub stories: Option<Vec<String>>,
}

impl ProjectRule {
    /// For the projects that a name or a glob (`acme/*`) matches, whatever their case.
    pub fn new(project: &str, label: Option<String>, stories: Option<Vec<String>>) -> Result<Self, globset::Error> {
        let glob = GlobBuilder::new(project).case_insensitive(true).literal_separator(true).build()?;
        Ok(Self { project: glob.compile_matcher(), label, stories })
    }
}

impl Rules {
    /// The label that counts in a project.
    fn label_for(&self, project: &str) -> &str {
        self.project(project).and_then(|rule| rule.label.as_deref()).unwrap_or(&self.label)
    }

    /// The story types that count in a project.
    fn stories_for(&self, project: &str) -> &[String] {
        self.project(project).and_then(|rule| rule.stories.as_deref()).unwrap_or(&self.stories)
    }

    /// The exception for a project.
    fn project(&self, project: &str) -> Option<&ProjectRule> {
        self.projects.iter().find(|rule| rule.project.is_match(project))
    }

    /// Is this id the bot's own?
    fn is_us(&self, id: &str) -> bool {
        self.identity.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(id))
    }
}

/// Decides what a delivery asks for.
///
/// Labels and stories count on open tickets alone; a command is an express wish and counts on closed ones too. A
/// command in a ticket's own text does not count: it is a comment's language. An edit of a comment runs the first
/// command that did not stand in it before.
pub fn decide(decoded: &Decoded, rules: &Rules) -> Decision {
    let result = match decoded {
        Decoded::Ping => Err(SkipReason::Ping),
        Decoded::Irrelevant { reason } => Err(SkipReason::Irrelevant(reason.clone())),
        Decoded::Event(event) => request(event, rules),
    };
    result.map_or_else(Decision::Skip, |request| Decision::Run(Box::new(request)))
}

/// The look at a standing plan that an edit of an open ticket, told by the delivery `guid`, is worth; whether a plan
/// stands, the store knows.
pub fn review(decoded: &Decoded, rules: &Rules, guid: &str) -> Option<NewJob> {
    let Decoded::Event(event) = decoded else { return None };
    let looks = matches!(request(event, rules), Err(SkipReason::Edited)) && !event.is_closed;
    looks.then(|| NewJob {
        ticket: event.ticket.clone(),
        reference: event.reference.clone(),
        semantic_key: format!("{}|edited:{guid}", event.ticket),
        asked_by: String::new(),
        work: Work::Review(ReviewRequest {
            because_of: event.actor.clone(),
            project: event.project.clone(),
            cause: ReviewCause::Edited,
        }),
    })
}

/// The work that an event asks for.
fn request(event: &Event, rules: &Rules) -> Result<Request, SkipReason> {
    if rules.is_us(&event.actor.id) {
        return Err(SkipReason::OwnComment);
    }
    if event.is_pull_request {
        return Err(SkipReason::PullRequest);
    }
    match &event.change {
        Change::Commented { comment, author, text } => command(event, rules, comment, &author.id, text, Some("")),
        Change::CommentEdited { comment, author, text, previous } => {
            command(event, rules, comment, &author.id, text, previous.as_deref())
        }
        Change::Labelled { labels } => plan(event, rules, labelled(event, rules, labels)?),
        Change::Opened { type_name, labels } => plan(event, rules, opened(event, rules, type_name.as_deref(), labels)?),
        Change::Typed { type_name } => plan(event, rules, story(event, rules, type_name)?),
        Change::Edited => Err(SkipReason::Edited),
        Change::Unlabelled { .. } => Err(no_rule("a label was taken away")),
        Change::Other { what } => Err(SkipReason::NoRuleMatched(what.clone())),
    }
}

/// A skip because no rule looks at this.
fn no_rule(why: &str) -> SkipReason {
    SkipReason::NoRuleMatched(why.to_owned())
}

/// The trigger of a new ticket: its labels, where they count, else its type.
fn opened(event: &Event, rules: &Rules, type_name: Option<&str>, labels: &[String]) -> Result<Trigger, SkipReason> {
    if rules.labels_on_open
        && let Ok(trigger) = labelled(event, rules, labels)
    {
        return Ok(trigger);
    }
    match type_name {
        Some(type_name) => story(event, rules, type_name),
        None => Err(no_rule("a new ticket without a type")),
    }
}

/// The trigger that added labels make.
fn labelled(event: &Event, rules: &Rules, labels: &[String]) -> Result<Trigger, SkipReason> {
    if !rules.switches.label {
        return Err(no_rule("labels are switched off"));
    }
    let wanted = rules.label_for(&event.project).to_lowercase();
    let label = labels.iter().find(|label| label.to_lowercase() == wanted);
    let label = label.ok_or_else(|| no_rule(&format!("the label {wanted:?} was not among those added")))?;
    Ok(Trigger::Label { label: label.clone() })
}

/// The trigger that a ticket's type makes.
fn story(event: &Event, rules: &Rules, type_name: &str) -> Result<Trigger, SkipReason> {
    if !rules.switches.story {
        return Err(no_rule("new stories are switched off"));
    }
    let name = type_name.to_lowercase();
    let known = rules.stories_for(&event.project).iter().any(|story| story.to_lowercase() == name);
    let trigger = Trigger::Story { type_name: type_name.to_owned() };
    known.then_some(trigger).ok_or_else(|| no_rule("the ticket's type is not among the story types"))
}

/// A request for a plan that a label or a type makes.
fn plan(event: &Event, rules: &Rules, trigger: Trigger) -> Result<Request, SkipReason> {
    if event.actor.is_bot && !rules.bots_may_ask {
        return Err(SkipReason::OtherBot);
    }
    if event.is_closed {
        return Err(SkipReason::Closed);
    }
    let key = match &trigger {
        // The same label can be taken away and added again: the moment tells the two apart.
        Trigger::Label { label } => format!("label:{}:{}", label.to_lowercase(), event.moment),
        Trigger::Story { type_name } => format!("story:{}", type_name.to_lowercase()),
        Trigger::Command { comment } => format!("command:{comment}"),
        Trigger::Manual => "manual".to_owned(),
    };
    let work = PlanRequest {
        asked_by: event.actor.clone(),
        project: event.project.clone(),
        trigger,
        options: PlanOptions::default(),
        notice: event.notice.clone(),
    };
    Ok(asking(event, &key, Work::Plan(work)))
}

/// The request that a comment makes: its first command that did not stand in `previous`.
fn command(
    event: &Event,
    rules: &Rules,
    comment: &CommentId,
    author: &str,
    text: &str,
    previous: Option<&str>,
) -> Result<Request, SkipReason> {
    if rules.is_us(author) || text.contains(&rules.marker) {
        return Err(SkipReason::OwnComment);
    }
    if event.actor.is_bot {
        return Err(SkipReason::OtherBot);
    }
    if !rules.switches.command {
        return Err(no_rule("commands are switched off"));
    }
    let said = comment::commands(text, rules);
    if said.is_empty() {
        return Err(SkipReason::NoCommand);
    }
    let before = comment::commands(previous.ok_or(SkipReason::PreviousTextUnknown)?, rules);
    let new = said.into_iter().find(|said| !before.contains(said)).ok_or(SkipReason::CommandNotNew)?;
    Ok(answer(event, rules, comment, new))
}

/// The work that a command line means.
fn answer(event: &Event, rules: &Rules, comment: &CommentId, said: Said) -> Request {
    let (asked_by, project, notice) = (event.actor.clone(), event.project.clone(), event.notice.clone());
    let words = match &said {
        Said::Command(command) => command.print(&rules.command),
        Said::Wrong { problem, .. } => format!("wrong:{problem}"),
    };
    // The words are part of the key: an edit that adds another command asks anew.
    let key = format!("command:{comment}:{}", short_hash(&words));
    let reply = match said {
        Said::Command(Command::Plan(options)) => {
            let trigger = Trigger::Command { comment: comment.clone() };
            return asking(event, &key, Work::Plan(PlanRequest { asked_by, project, trigger, options, notice }));
        }
        Said::Command(Command::Status) => Reply::Status,
        Said::Command(Command::Cancel) => Reply::Cancel,
        Said::Command(Command::Help) => Reply::Help,
        Said::Wrong { problem, nearest } => Reply::Wrong { problem, nearest },
    };
    asking(event, &key, Work::Reply(ReplyRequest { asked_by, project, comment: comment.clone(), reply, notice }))
}

/// A request with its semantic key.
fn asking(event: &Event, key: &str, work: Work) -> Request {
    Request {
        ticket: event.ticket.clone(),
        reference: event.reference.clone(),
        semantic_key: format!("{}|{key}", event.ticket),
        asked_by: event.actor.id.clone(),
        work,
    }
}

/// Sixteen hex digits that stand for a text (SHA-256, cut).
fn short_hash(text: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(text.as_bytes())[..8])
}
