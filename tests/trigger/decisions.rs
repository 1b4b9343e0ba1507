//! Events → decisions.

use planwright::{
    model::{
        CommentId, ConnectionName, TicketId, TicketKey,
        delivery::{Decision, Request, SkipReason},
        event::{Actor, Change, Decoded, Event},
        job::{PlanRequest, Reply, Trigger, Work},
    },
    trigger::{Rules, decide, review},
};

use super::rules;

/// An event by a person on an open ticket.
fn event(change: Change) -> Event {
    Event {
        ticket: TicketKey::new(ConnectionName::new("acme"), TicketId::new("acme/shop#7")),
        reference: "acme/shop#7".to_owned(),
        project: "acme/shop".to_owned(),
        actor: person("ada"),
        change,
        moment: "2026-01-02T03:04:05Z".to_owned(),
        is_pull_request: false,
        is_closed: false,
        notice: None,
    }
}

fn person(id: &str) -> Actor {
    Actor { id: id.to_owned(), name: id.to_owned(), is_bot: false }
}

fn labelled(label: &str) -> Event {
    event(Change::Labelled { labels: vec![label.to_owned()] })
}

fn commented(text: &str) -> Event {
    event(Change::Commented { comment: CommentId::new("5"), author: person("ada"), text: text.to_owned() })
}

fn edited(text: &str, previous: Option<&str>) -> Event {
    let previous = previous.map(str::to_owned);
    let comment = CommentId::new("5");
    event(Change::CommentEdited { comment, author: person("bob"), text: text.to_owned(), previous })
}

fn opened(type_name: Option<&str>, labels: &[&str]) -> Event {
    let labels = labels.iter().map(|label| (*label).to_owned()).collect();
    event(Change::Opened { type_name: type_name.map(str::to_owned), labels })
}

#[track_caller]
fn run(event: Event, rules: &Rules) -> Request {
    match decide(&Decoded::Event(Box::new(event)), rules) {
        Decision::Run(request) => *request,
        Decision::Skip(reason) => panic!("skipped: {reason}"),
    }
}

#[track_caller]
fn skip(event: Event, rules: &Rules) -> SkipReason {
    match decide(&Decoded::Event(Box::new(event)), rules) {
        Decision::Skip(reason) => reason,
        Decision::Run(request) => panic!("ran: {request:?}"),
    }
}

fn trigger(request: &Request) -> Trigger {
    match &request.work {
        Work::Plan(PlanRequest { trigger, .. }) => trigger.clone(),
        other => panic!("no plan: {other:?}"),
    }
}

/// The rules with a change.
fn rules_with(change: impl FnOnce(&mut Rules)) -> Rules {
    let mut rules = rules();
    change(&mut rules);
    rules
}

#[test]
fn what_is_no_event_is_skipped_with_its_reason() {
    assert_eq!(decide(&Decoded::Ping, &rules()), Decision::Skip(SkipReason::Ping));
    let reason = "a push".to_owned();
    let expected = Decision::Skip(SkipReason::Irrelevant(reason.clone()));
    assert_eq!(decide(&Decoded::Irrelevant { reason }, &rules()), expected);
}

#[test]
fn the_label_asks_for_a_plan() {
    let request = run(labelled("Needs-Plan"), &rules());
    assert_eq!(trigger(&request), Trigger::Label { label: "Needs-Plan".to_owned() });
    assert_eq!(request.semantic_key, "acme:acme/shop#7|label:needs-plan:2026-01-02T03:04:05Z");
    assert_eq!((request.asked_by.as_str(), request.reference.as_str()), ("ada", "acme/shop#7"));
}

#[test]
fn other_labels_do_not() {
    for label in ["bug", "needs-planning", ""] {
        assert!(matches!(skip(labelled(label), &rules()), SkipReason::NoRuleMatched(_)), "{label}");
    }
    let off = rules_with(|rules| rules.switches.label = false);
    assert_eq!(skip(labelled("needs-plan"), &off), SkipReason::NoRuleMatched("labels are switched off".to_owned()));
}

#[test]
fn a_project_has_its_own_label_and_stories() {
    let lab = |change| Event { project: "Acme/Lab-3".to_owned(), ..event(change) };
    let label = |name: &str| lab(Change::Labelled { labels: vec![name.to_owned()] });
    run(label("think"), &rules());
    assert!(matches!(skip(label("needs-plan"), &rules()), SkipReason::NoRuleMatched(_)));
    run(lab(Change::Typed { type_name: "spike".to_owned() }), &rules());
    assert!(matches!(
        skip(lab(Change::Typed { type_name: "Story".to_owned() }), &rules()),
        SkipReason::NoRuleMatched(_)
    ));
}

#[test]
fn a_new_story_asks_for_a_plan_once() {
    let new = run(opened(Some("user story"), &[]), &rules());
    assert_eq!(trigger(&new), Trigger::Story { type_name: "user story".to_owned() });
    let typed = run(event(Change::Typed { type_name: "User Story".to_owned() }), &rules());
    assert_eq!(new.semantic_key, typed.semantic_key);
    assert!(matches!(skip(opened(Some("Bug"), &[]), &rules()), SkipReason::NoRuleMatched(_)));
    assert!(matches!(skip(opened(None, &[]), &rules()), SkipReason::NoRuleMatched(_)));
    let off = rules_with(|rules| rules.switches.story = false);
    assert!(matches!(skip(opened(Some("Story"), &[]), &off), SkipReason::NoRuleMatched(_)));
}

#[test]
fn labels_of_a_new_ticket_count_where_no_event_of_their_own_follows() {
    assert!(matches!(skip(opened(None, &["needs-plan"]), &rules()), SkipReason::NoRuleMatched(_)));
    let jira = rules_with(|rules| rules.labels_on_open = true);
    let request = run(opened(Some("Story"), &["ui", "needs-plan"]), &jira);
    assert_eq!(trigger(&request), Trigger::Label { label: "needs-plan".to_owned() });
    assert!(matches!(trigger(&run(opened(Some("Story"), &["ui"]), &jira)), Trigger::Story { .. }));
}

#[test]
fn a_command_asks_for_a_plan_with_its_options() {
    let request = run(commented("/plan story --focus cost"), &rules());
    let Work::Plan(plan) = &request.work else { panic!("{request:?}") };
    assert_eq!(plan.trigger, Trigger::Command { comment: CommentId::new("5") });
    assert_eq!(plan.options.template.as_deref(), Some("story"));
    assert!(request.semantic_key.starts_with("acme:acme/shop#7|command:5:"));
}

#[test]
fn other_commands_are_answered() {
    let reply = |text: &str| match run(commented(text), &rules()).work {
        Work::Reply(request) => request.reply,
        other => panic!("no reply: {other:?}"),
    };
    assert_eq!(reply("/plan help"), Reply::Help);
    assert_eq!(reply("/plan status"), Reply::Status);
    assert_eq!(reply("/plan cancel"), Reply::Cancel);
    assert!(matches!(reply("/plan hlep"), Reply::Wrong { nearest: Some(right), .. } if right == "/plan help"));
    assert_eq!(skip(commented("nothing for you"), &rules()), SkipReason::NoCommand);
    let off = rules_with(|rules| rules.switches.command = false);
    assert!(matches!(skip(commented("/plan"), &off), SkipReason::NoRuleMatched(_)));
}

#[test]
fn equal_askings_share_a_key_and_others_do_not() {
    let key = |event| run(event, &rules()).semantic_key;
    assert_eq!(key(commented("/plan")), key(commented("/plan")));
    assert_eq!(key(commented("/plan")), key(edited("hello\n/plan", Some("hello"))));
    assert_ne!(key(commented("/plan")), key(commented("/plan story")));
    assert_ne!(key(labelled("needs-plan")), key(Event { moment: "later".to_owned(), ..labelled("needs-plan") }));
    let mut other = commented("/plan");
    other.change = Change::Commented { comment: CommentId::new("6"), author: person("ada"), text: "/plan".to_owned() };
    assert_ne!(key(commented("/plan")), key(other));
}

#[test]
fn an_edit_runs_only_a_command_that_is_new() {
    assert_eq!(run(edited("/plan story", Some("/plan")), &rules()).asked_by, "ada");
    assert_eq!(skip(edited("/plan, better", Some("/plan")), &rules()), SkipReason::NoCommand);
    assert_eq!(skip(edited("typo fixed\n\n/plan", Some("tpyo\n\n/PLAN")), &rules()), SkipReason::CommandNotNew);
    assert_eq!(skip(edited("/plan", None), &rules()), SkipReason::PreviousTextUnknown);
    assert_eq!(skip(edited("no command", None), &rules()), SkipReason::NoCommand);
    let second = run(edited("/plan\n\n/plan status", Some("/plan")), &rules());
    assert!(matches!(second.work, Work::Reply(reply) if reply.reply == Reply::Status));
    let unquoted = run(edited("/plan", Some("> /plan")), &rules());
    assert!(matches!(unquoted.work, Work::Plan(_)));
}

#[test]
fn the_bot_never_answers_itself() {
    let own = Event { actor: person("Planwright[bot]"), ..labelled("needs-plan") };
    assert_eq!(skip(own, &rules()), SkipReason::OwnComment);
    let author = person("planwright[bot]");
    let change = Change::Commented { comment: CommentId::new("5"), author, text: "/plan".to_owned() };
    assert_eq!(skip(event(change), &rules()), SkipReason::OwnComment);
    let unknown = rules_with(|rules| rules.identity = None);
    assert_eq!(skip(commented("/plan\n<!-- planwright:1:2 -->"), &unknown), SkipReason::OwnComment);
}

#[test]
fn other_bots_never_command_and_label_only_where_allowed() {
    let by_bot = |event| Event { actor: Actor { is_bot: true, ..person("other[bot]") }, ..event };
    let allowed = rules_with(|rules| rules.bots_may_ask = true);
    assert_eq!(skip(by_bot(commented("/plan")), &allowed), SkipReason::OtherBot);
    assert_eq!(skip(by_bot(labelled("needs-plan")), &rules()), SkipReason::OtherBot);
    assert_eq!(skip(by_bot(opened(Some("Story"), &[])), &rules()), SkipReason::OtherBot);
    run(by_bot(labelled("needs-plan")), &allowed);
    run(by_bot(opened(Some("Story"), &[])), &allowed);
}

#[test]
fn pull_requests_and_closed_tickets_are_left_alone() {
    for event in [commented("/plan"), labelled("needs-plan"), opened(Some("Story"), &[])] {
        assert_eq!(skip(Event { is_pull_request: true, ..event }, &rules()), SkipReason::PullRequest);
    }
    for event in [labelled("needs-plan"), opened(Some("Story"), &[])] {
        assert_eq!(skip(Event { is_closed: true, ..event }, &rules()), SkipReason::Closed);
    }
    run(Event { is_closed: true, ..commented("/plan") }, &rules());
}

#[test]
fn all_else_is_kept_with_its_word() {
    let unlabelled = Change::Unlabelled { labels: vec!["needs-plan".to_owned()] };
    for change in [unlabelled, Change::Other { what: "assigned".to_owned() }] {
        assert!(matches!(skip(event(change), &rules()), SkipReason::NoRuleMatched(why) if !why.is_empty()));
    }
}

#[test]
fn an_edit_of_an_open_ticket_by_somebody_else_is_worth_a_look_at_its_plan() {
    let look = |event: Event| review(&Decoded::Event(Box::new(event)), &rules(), "guid-1");
    let edited = event(Change::Edited);
    assert_eq!(skip(edited.clone(), &rules()), SkipReason::Edited);
    let job = look(edited.clone()).expect("a look");
    assert_eq!((job.ticket, job.work.kind(), job.asked_by.as_str()), (edited.ticket.clone(), "review", ""));
    assert!(job.semantic_key.ends_with("|edited:guid-1"), "{}", job.semantic_key);
    for none in [
        Event { is_closed: true, ..edited.clone() },
        Event { is_pull_request: true, ..edited.clone() },
        Event { actor: person("planwright[bot]"), ..edited.clone() },
        Event { change: Change::Other { what: "assigned".to_owned() }, ..edited },
    ] {
        assert_eq!(look(none.clone()), None, "{none:?}");
    }
}
