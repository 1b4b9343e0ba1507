//! One plan on its way through the model, section by section.
//!
//! In: the offline draft. Out: the draft with what the model wrote, and what that took. A section is asked for once; an
//! answer without the right shape is asked for once more, and so is one in which mistakes were found. What is still wrong
//! then was left out by the guard, or is marked or dropped by verification.

use std::collections::BTreeSet;

use super::{
    Llm, Told, excerpts,
    fence::Fence,
    prompt::{Piece, Prompt, tokens},
    protocol::{Answer, Stop as AnswerStop},
    replies::Reply,
    section::{Section, sections},
    ticket,
    usage::Usage,
};
use crate::{
    model::plan::{Draft, Finding, ModelUse},
    planner::{Brief, verify::verify},
};

/// How many mistakes are put to the model at once.
const MISTAKES: usize = 30;

/// What every model is told besides its pack's instructions.
const MANNERS: &str = "You are asked for one section at a time. Answer with one JSON object of the schema and nothing else. \
An empty list or text means that there is nothing to say. Keep a draft statement word for word where it is right: its \
evidence is kept with it. Write no addresses and no names of people. The acceptance criteria, their ids and all counted \
figures are settled: refer to them, do not restate them.";

/// Why the model did not write everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// The plan's tokens are used up: what was written stays.
    Budget(String),
    /// There is no (usable) answer: nothing of the model stays.
    Failed(String),
}

/// How many more times a section may be asked for.
struct Patience {
    shape: u32,
    mistakes: u32,
}

/// A plan being drafted.
pub struct Drafting<'a> {
    llm: &'a Llm,
    brief: Brief<'a>,
    told: &'a Told,
    fence: Fence,
    /// What all questions show.
    shown: Vec<Piece>,
    draft: Draft,
    used: ModelUse,
    usage: Usage,
    has_leave: bool,
}

impl<'a> Drafting<'a> {
    /// A plan that starts from the offline draft.
    pub fn new(llm: &'a Llm, brief: Brief<'a>, told: &'a Told, fence: Fence, start: Draft) -> Self {
        let (provider, name) = llm.model.name();
        let used = ModelUse { provider: provider.word().to_owned(), name: name.to_owned(), ..ModelUse::default() };
        let shown = shown(brief, u64::from(llm.settings.context_tokens));
        Self { llm, brief, told, fence, shown, draft: start, used, usage: Usage::default(), has_leave: false }
    }

    /// Asks for every section; says why it stopped before the last one.
    pub async fn write(&mut self) -> Option<Stop> {
        for section in sections(&self.draft, &self.told.extra) {
            if let Err(stop) = self.section(&section).await {
                return Some(stop);
            }
            let name = section.name().to_owned();
            if !self.used.sections.contains(&name) {
                self.used.sections.push(name);
            }
        }
        None
    }

    /// The draft, and what it took.
    pub fn done(self) -> (Draft, ModelUse) {
        let mut used = self.used;
        (used.input_tokens, used.output_tokens) = (self.usage.input_tokens, self.usage.output_tokens);
        used.cost = self.llm.settings.prices.map(|prices| prices.cost(self.usage));
        (self.draft, used)
    }

    /// Asks for one section until it is right or patience ends, and writes it into the draft.
    async fn section(&mut self, section: &Section) -> Result<(), Stop> {
        let before = self.findings(&self.draft);
        let mut patience = Patience { shape: 1, mistakes: 1 };
        let mut best: Option<Draft> = None;
        let mut prompt = self.prompt(section);
        loop {
            let answer = match self.ask(&prompt).await {
                Ok(answer) => answer,
                Err(stop @ Stop::Failed(_)) => return Err(stop),
                // The first answer stands when the second one cannot be paid.
                Err(stop) => return best.map(|draft| self.draft = draft).ok_or(stop),
            };
            match self.judge(section, &answer, &before) {
                Ok((draft, mistakes)) => {
                    best = Some(draft);
                    if mistakes.is_empty() || patience.mistakes == 0 {
                        break;
                    }
                    patience.mistakes -= 1;
                    prompt = again(prompt, &answer, &mistakes);
                }
                Err(_) if best.is_some() => break,
                Err(problem) if patience.shape == 0 => return Err(Stop::Failed(problem)),
                Err(problem) => {
                    patience.shape -= 1;
                    prompt = again(prompt, &answer, &[problem]);
                }
            }
        }
        if let Some(draft) = best {
            self.draft = draft;
        }
        Ok(())
    }

    /// The draft with an answer in it, and what is wrong in it; or why the answer cannot be used at all.
    fn judge(
        &self,
        section: &Section,
        answer: &Answer,
        before: &BTreeSet<Finding>,
    ) -> Result<(Draft, Vec<String>), String> {
        match answer.stop {
            AnswerStop::Refused => return Err("the model would not answer".to_owned()),
            AnswerStop::Length => return Err("the answer was cut at its limit: say it in fewer words".to_owned()),
            AnswerStop::End if answer.text.trim().is_empty() => return Err("the answer is empty".to_owned()),
            AnswerStop::End => {}
        }
        let mut draft = self.draft.clone();
        let mut mistakes = section
            .merge(&answer.text, &mut draft, self.brief.contexts, self.brief.ticket)
            .map_err(|wrong| wrong.to_string())?;
        mistakes.extend(self.findings(&draft).difference(before).map(ToString::to_string));
        mistakes.truncate(MISTAKES);
        Ok((draft, mistakes))
    }

    /// What verification has to say. Only what an answer adds to it is a mistake: a criterion that the offline draft did
    /// not cover either is none.
    fn findings(&self, draft: &Draft) -> BTreeSet<Finding> {
        let mut draft = draft.clone();
        // what the guard left out is told as it says it
        draft.head.left_out.clear();
        verify(draft, self.brief.contexts, self.brief.ticket).findings.iter().cloned().collect()
    }

    /// The question for a section.
    fn prompt(&self, section: &Section) -> Prompt {
        let settings = &self.llm.settings;
        let mut pieces = self.shown.clone();
        if let Some(steps) = section.rests_on(&self.draft) {
            pieces.push(Piece::data("steps", steps));
        }
        let start = section.start(&self.draft);
        if tokens(start.len()) <= u64::from(settings.context_tokens) {
            pieces.push(Piece::data("draft", start));
        }
        pieces.push(Piece::Say(section.question(&self.draft)));
        Prompt {
            section: section.name().to_owned(),
            instructions: format!("{}\n\n{MANNERS}", self.told.instructions.trim()),
            pieces,
            schema: section.schema(),
            output_tokens: settings.output_tokens,
        }
    }

    /// The stored reply, or the model's within the budgets.
    async fn ask(&mut self, prompt: &Prompt) -> Result<Answer, Stop> {
        let (provider, name) = self.llm.model.name();
        let hash = prompt.hash(provider.word(), name);
        let (replies, key) = (self.llm.replies.clone(), hash.clone());
        if let Some(reply) = blocking(move || replies.get(&key)).await {
            return Ok(self.count(reply.answer));
        }
        self.check_budgets(prompt).await?;
        let answer = self.llm.model.ask(prompt, &self.fence).await.map_err(|error| Stop::Failed(error.to_string()))?;
        let counted = [("input", answer.usage.input_tokens), ("output", answer.usage.output_tokens)];
        for (kind, tokens) in counted {
            let provider = provider.word();
            metrics::counter!("planwright_model_tokens_total", "provider" => provider, "kind" => kind)
                .increment(tokens);
        }
        if let Some(prices) = self.llm.settings.prices {
            metrics::counter!("planwright_model_cost_micros_total", "provider" => provider.word())
                .increment(prices.cost_micros(answer.usage));
        }
        let reply = Reply {
            provider: provider.word().to_owned(),
            model: name.to_owned(),
            section: prompt.section.clone(),
            fence: self.fence.word().to_owned(),
            answer: answer.clone(),
        };
        let replies = self.llm.replies.clone();
        blocking(move || replies.put(&hash, &reply)).await;
        Ok(self.count(answer))
    }

    /// May the model be asked? The plan's tokens first: they are the same in every run.
    async fn check_budgets(&mut self, prompt: &Prompt) -> Result<(), Stop> {
        let settings = &self.llm.settings;
        let question = prompt.tokens().saturating_add(u64::from(prompt.output_tokens));
        let needed = self.usage.total().saturating_add(question);
        if needed > settings.tokens_per_plan {
            let most = settings.tokens_per_plan;
            return Err(Stop::Budget(format!("the budget of {most} tokens for one plan is used up")));
        }
        if settings.replay_only {
            return Err(Stop::Failed("no reply to this question is stored".to_owned()));
        }
        if !self.has_leave {
            let repository = self.brief.contexts.first().map(|c| c.repository.name.as_str().to_owned());
            let (budget, day) = (self.llm.budget.clone(), self.brief.date.to_owned());
            let leave = blocking(move || budget.take(&day, &repository.unwrap_or_default())).await;
            leave.map_err(|no| Stop::Failed(no.to_string()))?;
            self.has_leave = true;
        }
        Ok(())
    }

    /// Counts an answer.
    fn count(&mut self, answer: Answer) -> Answer {
        self.usage.add(answer.usage);
        self.used.answers += 1;
        answer
    }
}

/// What all questions show: the ticket, each repository, the wish for the next version.
fn shown(brief: Brief<'_>, context_tokens: u64) -> Vec<Piece> {
    let mut shown = vec![Piece::data("ticket", ticket::text(brief.ticket, context_tokens / 2))];
    let share = context_tokens / (brief.contexts.len().max(1) as u64);
    let repositories = brief.contexts.iter().map(|context| excerpts::pack(context, share));
    shown.extend(repositories.map(|packed| Piece::data("repository", packed.text)));
    if let Some(wish) = &brief.options.revise {
        shown.push(Piece::data("wish for this version", wish.as_str()));
    }
    shown
}

/// The same question with an answer to it and what is wrong there.
fn again(mut prompt: Prompt, answer: &Answer, mistakes: &[String]) -> Prompt {
    let most = prompt.output_tokens as usize * 4;
    let earlier: String = answer.text.chars().take(most).collect();
    let list: String = mistakes.iter().map(|mistake| format!("- {mistake}\n")).collect();
    prompt.pieces.push(Piece::data("your earlier answer", earlier));
    prompt.pieces.push(Piece::data("what is wrong in it", list));
    prompt.pieces.push(Piece::Say("Answer again, whole, with these mistakes put right.".to_owned()));
    prompt
}

/// Runs what reads or writes files.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
