//! The sections of a plan as they are asked for, one question each, so that no output limit cuts a plan.
//!
//! In: a draft. Out: for each section its question, its schema and its start; and an answer written back into a draft.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    protocol::strict,
    shape::{Approach, Care, Contracts, Extra, Guard, Outlook, Tests, Work},
};
use crate::{
    model::{
        context::Context,
        job::Depth,
        plan::{Draft, Phase, Step},
        ticket::Ticket,
    },
    planner::words::shorten,
};

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Section {
    Approach,
    /// The steps of the draft's phase of this number.
    Steps(usize),
    Tests,
    Contracts,
    Care,
    Outlook,
    /// What a user's pack adds: titles with their questions.
    Extra(Vec<(String, String)>),
}

/// An answer that does not have the section's shape.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct WrongShape(pub String);

/// More phases than these keep the draft's steps.
const PHASES: usize = 8;

/// The sections to ask for, in the order in which each helps the next. The steps of a long plan are asked for phase by
/// phase.
pub fn sections(draft: &Draft, extra: &[(String, String)]) -> Vec<Section> {
    let steps = (0..draft.sections.phases.len().clamp(1, PHASES)).map(Section::Steps);
    let mut all: Vec<Section> = std::iter::once(Section::Approach).chain(steps).chain([Section::Tests]).collect();
    if draft.head.depth != Depth::Brief {
        all.extend([Section::Contracts, Section::Care]);
    }
    all.push(Section::Outlook);
    if !extra.is_empty() {
        all.push(Section::Extra(extra.to_vec()));
    }
    all
}

impl Section {
    /// A short word, for schemas, replies and people.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Approach => "approach",
            Self::Steps(_) => "steps",
            Self::Tests => "tests",
            Self::Contracts => "contracts",
            Self::Care => "care",
            Self::Outlook => "outlook",
            Self::Extra(_) => "extra",
        }
    }

    /// What the model is asked.
    pub fn question(&self, draft: &Draft) -> String {
        let phases = draft.sections.phases.len();
        match self {
            Self::Approach => {
                "Write the approach: summary, decisions, pattern, how the change joins what is there, and \
                               which existing code to follow."
                    .to_owned()
            }
            Self::Steps(at) if phases > 1 => format!(
                "Write the steps of phase {} of {phases} of the draft in the order of work, as one phase.",
                at + 1
            ),
            Self::Steps(_) => {
                "Write the steps in the order of work; one phase without a title when they are few.".to_owned()
            }
            Self::Tests => "Write the tests for these steps.".to_owned(),
            Self::Contracts => "Write what happens to stored data and to what other programs call.".to_owned(),
            Self::Care => "Write security, performance, dependencies and rollout as far as this change touches them. \
                           Empty lists where it does not."
                .to_owned(),
            Self::Outlook => {
                "Write the risks of this change, the questions that only a person can answer, how to see that \
                              it is done, what others must be told, and what is left for later."
                    .to_owned()
            }
            Self::Extra(_) => "Answer each of these questions under its title.".to_owned(),
        }
    }

    /// The schema of the answer, in the strict form.
    pub fn schema(&self) -> Value {
        fn of<T: JsonSchema>() -> Value {
            strict(schemars::schema_for!(T).to_value())
        }
        match self {
            Self::Approach => of::<Approach>(),
            Self::Steps(_) => of::<Work>(),
            Self::Tests => of::<Tests>(),
            Self::Contracts => of::<Contracts>(),
            Self::Care => of::<Care>(),
            Self::Outlook => of::<Outlook>(),
            Self::Extra(_) => of::<Extra>(),
        }
    }

    /// What the draft says in this section so far, in the shape of the answer.
    pub fn start(&self, draft: &Draft) -> String {
        fn json(start: &impl Serialize) -> String {
            serde_json::to_string(start).unwrap_or_default()
        }
        let sections = &draft.sections;
        match self {
            Self::Approach => json(&Approach::of(sections)),
            Self::Steps(at) => json(&Work::of(phase(draft, *at))),
            Self::Tests => json(&Tests::of(&sections.testing)),
            Self::Contracts => json(&Contracts::of(sections)),
            Self::Care => json(&Care::of(sections)),
            Self::Outlook => json(&Outlook::of(sections)),
            Self::Extra(asked) => asked.iter().map(|(title, question)| format!("{title}: {question}\n")).collect(),
        }
    }

    /// The steps so far, in short, for the sections that rest on them.
    pub fn rests_on(&self, draft: &Draft) -> Option<String> {
        if matches!(self, Self::Approach | Self::Steps(0)) {
            return None;
        }
        let line = |step: &Step| {
            let files: Vec<&str> = step.files.iter().map(|change| change.file.path.as_str()).collect();
            format!("{}. {} ({}) serves {}\n", step.id, step.title, files.join(", "), step.serves.join(", "))
        };
        Some(draft.sections.steps().take(60).map(line).collect())
    }

    /// Writes an answer into the draft; returns what was wrong in it. The draft is untouched when the shape is wrong.
    pub fn merge(
        &self,
        answer: &str,
        draft: &mut Draft,
        contexts: &[Context],
        ticket: &Ticket,
    ) -> Result<Vec<String>, WrongShape> {
        let before = draft.clone();
        let guard = |created: BTreeSet<String>| Guard::new(contexts, ticket, &before, created);
        let (sections, mut guard) = match self {
            Self::Steps(at) => {
                let work: Work = read(answer)?;
                let mut guard = guard(work.created());
                let phases = work.phases(phase(&before, *at), &mut guard);
                if phases.is_empty() && !phase(&before, *at).is_empty() {
                    return Err(WrongShape(problem("no step is left that names an existing file", &guard.mistakes)));
                }
                replace_phase(draft, *at, phases);
                return Ok(noted(draft, guard));
            }
            Self::Tests => {
                let tests: Tests = read(answer)?;
                let mut guard = guard(tests.created());
                draft.sections.testing = tests.testing(&before.sections.testing, &mut guard);
                return Ok(noted(draft, guard));
            }
            _ => (&mut draft.sections, guard(BTreeSet::new())),
        };
        match self {
            Self::Approach => {
                let (overview, architecture, follow) = read::<Approach>(answer)?.parts(&before.sections, &mut guard);
                (sections.overview, sections.architecture, sections.follow) = (overview, architecture, follow);
            }
            Self::Contracts => {
                let (data, interfaces) = read::<Contracts>(answer)?.parts(&before.sections, &mut guard);
                (sections.data, sections.interfaces) = (data, interfaces);
            }
            Self::Care => read::<Care>(answer)?.write(sections, &mut guard),
            Self::Outlook => read::<Outlook>(answer)?.write(sections, &mut guard),
            Self::Extra(asked) => {
                let titles: Vec<String> = asked.iter().map(|(title, _)| title.clone()).collect();
                sections.extra = read::<Extra>(answer)?.sections(&titles, &mut guard);
            }
            Self::Steps(_) | Self::Tests => {}
        }
        Ok(noted(draft, guard))
    }
}

/// The words with their addresses taken out: findings are read as well.
fn without_addresses(words: &str) -> String {
    let is_address = |word: &str| word.contains("//") || word.to_ascii_lowercase().contains("www.");
    words.split(' ').map(|word| if is_address(word) { "(an address)" } else { word }).collect::<Vec<_>>().join(" ")
}

/// The most that a plan says about what was left out of it.
const MOST_LEFT_OUT: usize = 60;

/// Notes in the draft what the guard left out of an answer; returns what the model can put right.
fn noted(draft: &mut Draft, guard: Guard<'_>) -> Vec<String> {
    let words = guard.mistakes.iter().chain(&guard.dropped);
    draft.head.left_out.extend(words.map(|words| shorten(&without_addresses(words), 200)));
    draft.head.left_out.truncate(MOST_LEFT_OUT);
    guard.mistakes
}

/// The draft's phase of this number; nothing when it has none.
fn phase(draft: &Draft, at: usize) -> &[Phase] {
    draft.sections.phases.get(at..=at).unwrap_or_default()
}

/// Puts phases in the place of one, and numbers all steps anew. Of several phases one stays one, so that the numbers of
/// those behind it stay true.
fn replace_phase(draft: &mut Draft, at: usize, mut phases: Vec<Phase>) {
    let all = &mut draft.sections.phases;
    if all.len() > 1 {
        let more: Vec<Step> = phases.drain(1.min(phases.len())..).flat_map(|phase| phase.steps).collect();
        phases.iter_mut().for_each(|phase| phase.steps.extend(more.iter().cloned()));
    }
    let (place, end) = (at.min(all.len()), (at + 1).min(all.len()));
    all.splice(place..end, phases);
    for (at, step) in all.iter_mut().flat_map(|phase| &mut phase.steps).enumerate() {
        step.id = (at + 1).to_string();
    }
}

/// Reads an answer: JSON, perhaps with prose or a code fence around it.
fn read<T: DeserializeOwned>(answer: &str) -> Result<T, WrongShape> {
    let start = answer.find('{').ok_or_else(|| WrongShape("the answer holds no JSON object".to_owned()))?;
    let end = answer.rfind('}').filter(|end| *end > start);
    let end = end.ok_or_else(|| WrongShape("the JSON object does not end".to_owned()))?;
    serde_json::from_str(&answer[start..=end]).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        WrongShape(match error.classify() {
            serde_json::error::Category::Data => format!("the JSON does not have the schema's shape ({place})"),
            _ => format!("the answer is not JSON ({place})"),
        })
    })
}

/// A problem with what led to it.
fn problem(what: &str, mistakes: &[String]) -> String {
    std::iter::once(what).chain(mistakes.iter().map(String::as_str)).take(12).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn all() -> Vec<Section> {
        vec![
            Section::Approach,
            Section::Steps(0),
            Section::Steps(7),
            Section::Tests,
            Section::Contracts,
            Section::Care,
            Section::Outlook,
            Section::Extra(vec![("Cost".to_owned(), "What does it cost?".to_owned())]),
        ]
    }

    fn ticket() -> Ticket {
        serde_json::from_value(json!({
            "key": { "connection": "c", "id": "a/b#1" }, "reference": "a/b#1", "url": null, "project": "a/b",
            "title": "Total", "body": { "blocks": [] }, "fields": [], "type_name": null, "labels": [],
            "priority": null, "milestone": null, "state": "open", "author": null, "assignees": [], "parent": null,
            "children": [], "links": [], "comments": [], "attachments": [],
        }))
        .expect("a ticket")
    }

    /// Any JSON with the names that the shapes have.
    fn any_json() -> impl Strategy<Value = Value> {
        let names = [
            "phases",
            "steps",
            "files",
            "path",
            "action",
            "text",
            "quotes",
            "commits",
            "first_line",
            "last_line",
            "cases",
            "what",
            "summary",
            "pattern",
            "schema_changes",
            "endpoints",
            "route",
            "existing",
            "access",
            "input",
            "risks",
            "risk",
            "mitigation",
            "questions",
            "ask",
            "sections",
            "title",
            "statements",
            "symbols",
            "how",
            "validate",
        ];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[a-z`/:. \u{e9}-]{0,40}".prop_map(Value::from),
            Just(json!("create")),
        ];
        leaf.prop_recursive(6, 200, 6, move |inner| {
            let object = prop::collection::vec((prop::sample::select(names.to_vec()), inner.clone()), 0..8);
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Value::from),
                object.prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_answer_panics_and_a_refused_one_changes_nothing(text in any::<String>(), value in any_json()) {
            for section in all() {
                for answer in [text.clone(), format!("{{{text}}}"), value.to_string()] {
                    let mut draft = Draft::default();
                    let merged = section.merge(&answer, &mut draft, &[], &ticket());
                    prop_assert!(merged.is_ok() || draft == Draft::default());
                }
            }
        }
    }

    #[test]
    fn schemas_are_small_and_start_from_a_draft_in_the_same_shape() {
        for section in all() {
            let schema = section.schema();
            assert!(schema.to_string().len() < 12_000, "{}", section.name());
            let start = section.start(&Draft::default());
            if !matches!(section, Section::Extra(_)) {
                let mut draft = Draft::default();
                section.merge(&start, &mut draft, &[], &ticket()).expect("a draft has the shape of an answer");
                assert_eq!(draft, Draft::default(), "{}", section.name());
            }
        }
    }

    #[test]
    fn a_phase_of_several_stays_one_phase_and_steps_are_numbered_through() {
        let step = |title: &str| Step { title: title.to_owned(), ..Step::default() };
        let phase = |titles: &[&str]| Phase { steps: titles.iter().map(|t| step(t)).collect(), ..Phase::default() };
        let mut draft = Draft::default();
        draft.sections.phases = vec![phase(&["a", "b"]), phase(&["c"])];
        replace_phase(&mut draft, 0, vec![phase(&["x"]), phase(&["y", "z"])]);
        let ids: Vec<String> = draft.sections.steps().map(|step| format!("{}{}", step.id, step.title)).collect();
        assert_eq!(ids, ["1x", "2y", "3z", "4c"]);
        assert_eq!(draft.sections.phases.len(), 2);
    }
}
