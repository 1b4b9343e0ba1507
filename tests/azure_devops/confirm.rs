//! Deliveries are hints: what a job rests on is read again, and what the tracker does not hold is refuted.

use planwright::{
    model::{
        CommentId,
        event::{Actor, Change, Notice},
        job::{PlanOptions, PlanRequest, Reply as Answer, ReplyRequest, Trigger, Work},
    },
    trackers::{Claim, TrackerError},
};
use serde_json::{Value, json};

use super::{
    MIRA,
    script::{answer, comment, item, mira, person},
    settings, ticket, tracker,
};
use crate::github::fake::{Fake, Reply, Seen};

/// Somebody, as a delivery names them.
fn actor(id: &str) -> Actor {
    Actor { id: id.to_owned(), name: id.to_owned(), is_bot: false }
}

/// A plan that somebody asked for.
fn plan(trigger: Trigger, asked_by: &str) -> Work {
    let (project, options) = ("Acme Shop".to_owned(), PlanOptions::default());
    Work::Plan(PlanRequest { asked_by: actor(asked_by), project, trigger, options, notice: None })
}

/// A command in comment 41, or in the comment of revision 3.
fn command(comment: &str, asked_by: &str) -> Work {
    plan(Trigger::Command { comment: CommentId::new(comment) }, asked_by)
}

/// A label.
fn label(label: &str, asked_by: &str) -> Work {
    plan(Trigger::Label { label: label.to_owned() }, asked_by)
}

/// A story.
fn story(type_name: &str, asked_by: &str) -> Work {
    plan(Trigger::Story { type_name: type_name.to_owned() }, asked_by)
}

/// An update by somebody.
fn update(id: u64, by: Value, fields: Value) -> Value {
    json!({ "id": id, "workItemId": 7, "rev": id, "revisedBy": by, "revisedDate": "9999-01-01T00:00:00Z", "fields": fields })
}

/// The history of work item 7: Mira made it, Tove tagged it.
fn updates() -> Vec<Value> {
    vec![
        update(
            1,
            mira(),
            json!({ "System.WorkItemType": { "newValue": "User Story" }, "System.Rev": { "newValue": 1 } }),
        ),
        update(
            2,
            person("0f", "Tove Berg"),
            json!({ "System.Tags": { "oldValue": "", "newValue": "Web; Needs Plan" } }),
        ),
        update(
            3,
            mira(),
            json!({ "System.Tags": { "oldValue": "Web; Needs Plan", "newValue": "Web; Needs Plan; x" } }),
        ),
        update(4, mira(), json!({})),
    ]
}

/// The script: comment 41 by Mira, and the history.
fn script(seen: &Seen) -> Reply {
    let line = seen.line.as_str();
    match line {
        "GET /Acme%20Shop/_apis/wit/workItems/7/comments/41?api-version=7.2-preview.4" => {
            Reply::json(200, comment(41, mira(), "<div>/plan</div>"))
        }
        "GET /Acme%20Shop/_apis/wit/workItems/7/comments/43?api-version=7.2-preview.4" => {
            let mut deleted = comment(43, mira(), "/plan");
            deleted["isDeleted"] = json!(true);
            Reply::json(200, deleted)
        }
        "GET /_apis/wit/workItems/7/revisions/3?api-version=7.1" => {
            let mut revision = item();
            revision["fields"]["System.History"] = json!("<div>/plan status</div>");
            revision["fields"]["System.ChangedBy"] = mira();
            Reply::json(200, revision)
        }
        "GET /_apis/wit/workItems/7/revisions/2?api-version=7.1" => {
            let mut revision = item();
            revision["commentVersionRef"] = json!({ "commentId": 41, "version": 1 });
            Reply::json(200, revision)
        }
        _ if line.starts_with("GET /_apis/wit/workItems/7/updates?") => Reply::json(200, json!({ "value": updates() })),
        _ => answer(seen),
    }
}

/// What the tracker makes of a claim, with this script.
async fn claim_with(
    script: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    work: Work,
) -> Result<(Actor, Change), String> {
    let fake = Fake::start(script).await;
    match tracker(settings(&fake.base)).confirm(&ticket(), &work).await.expect("an answer") {
        Claim::Held(event) => {
            assert_eq!((event.reference.as_str(), event.ticket.id.as_str()), ("Acme Shop#7", "7"));
            Ok((event.actor, event.change))
        }
        Claim::Refuted(why) => Err(why),
    }
}

/// Likewise, with the usual script.
async fn claim(work: Work) -> Result<(Actor, Change), String> {
    claim_with(script, work).await
}

#[tokio::test]
async fn a_comment_is_held_when_it_stands_and_its_author_is_the_one_claimed() {
    for claimed in [MIRA, "mira.lund@acme.test", "Mira Lund"] {
        let (actor, change) = claim(command("41", claimed)).await.expect("a held claim");
        assert_eq!(actor.id, MIRA, "the person's own id, however a delivery named them");
        let Change::Commented { comment, author, text } = change else { panic!("a comment") };
        assert_eq!((comment.as_str(), author.id.as_str(), text.trim()), ("41", MIRA, "/plan"));
    }
    let asked_by = actor(MIRA);
    let project = "Acme Shop".to_owned();
    let reply = ReplyRequest { asked_by, project, comment: CommentId::new("41"), reply: Answer::Help, notice: None };
    assert!(claim(Work::Reply(reply)).await.is_ok());
}

#[tokio::test]
async fn a_comment_that_is_not_there_or_of_somebody_else_is_refuted() {
    let check = async |work: Work, expected: &str| assert_eq!(claim(work).await.expect_err("no claim"), expected);
    check(command("42", MIRA), "the comment is not on the work item").await;
    check(command("r9", MIRA), "the comment is not on the work item").await;
    check(command("x/../41", MIRA), "the comment is not on the work item").await;
    check(command("43", MIRA), "the comment was deleted").await;
    check(command("41", "tove.berg@acme.test"), "the comment was written by somebody else").await;
    check(command("r3", "Tove Berg"), "the comment was written by somebody else").await;
    check(plan(Trigger::Manual, MIRA), "no delivery asks in this way").await;
}

#[tokio::test]
async fn a_comment_known_by_its_revision_is_found() {
    let text = async |id: &str| match claim(command(id, MIRA)).await.expect("a held claim").1 {
        Change::Commented { comment, text, .. } => (comment.as_str().to_owned(), text.trim().to_owned()),
        other => panic!("{other:?}"),
    };
    assert_eq!(text("r2").await, ("r2".to_owned(), "/plan".to_owned()), "through its number, as it stands now");
    assert_eq!(text("r3").await, ("r3".to_owned(), "/plan status".to_owned()), "in the revision itself");
}

#[tokio::test]
async fn a_tag_is_held_when_it_stands_and_the_one_claimed_added_it() {
    let (actor, change) = claim(label("needs plan", "Tove Berg")).await.expect("a held claim");
    assert_eq!(actor.id, "0f");
    assert_eq!(change, Change::Labelled { labels: vec!["Web".to_owned(), "Needs Plan".to_owned()] });
    let check = async |work: Work, expected: &str| assert_eq!(claim(work).await.expect_err("no claim"), expected);
    check(label("needs plan", MIRA), "the tag was added by somebody else").await;
    check(label("x", MIRA), "the tag is not on the work item").await;
    check(label("needs", "Tove Berg"), "the tag is not on the work item").await;
}

#[tokio::test]
async fn the_change_that_added_a_tag_is_found_in_a_long_history() {
    let check = async |at: u64, len: u64| {
        let script = move |seen: &Seen| {
            let line = seen.line.as_str();
            if line.starts_with("GET /_apis/wit/workitems/7?") {
                let mut item = item();
                item["rev"] = json!(len.saturating_sub(30));
                return Reply::json(200, item);
            }
            let Some((_, rest)) = line.split_once("/updates?$top=200&$skip=") else { return script(seen) };
            let skip: u64 = rest.split('&').next().expect("a number").parse().expect("a number");
            let page = (skip + 1..=len).take(200).map(|id| match id == at {
                true => update(id, person("0f", "Tove Berg"), json!({ "System.Tags": { "newValue": "needs plan" } })),
                false => update(id, mira(), json!({})),
            });
            Reply::json(200, json!({ "value": page.collect::<Vec<_>>() }))
        };
        claim_with(script, label("needs plan", "Tove Berg")).await.map(|(actor, _)| actor.id)
    };
    for (at, len) in [(1, 1), (1, 900), (900, 900), (450, 900), (200, 200), (400, 400)] {
        assert_eq!(check(at, len).await, Ok("0f".to_owned()), "{at} of {len}");
    }
    assert_eq!(check(0, 900).await, Err("no change of the work item adds the tag".to_owned()));
}

#[tokio::test]
async fn a_story_is_held_when_it_is_one_and_the_one_claimed_made_it() {
    let (actor, change) = claim(story("user story", MIRA)).await.expect("a held claim");
    assert_eq!((actor.id.as_str(), change), (MIRA, Change::Typed { type_name: "User Story".to_owned() }));
    let check = async |work: Work, expected: &str| assert_eq!(claim(work).await.expect_err("no claim"), expected);
    check(story("Bug", MIRA), "the work item is of another type").await;
    check(story("User Story", "Tove Berg"), "the type was given by somebody else").await;
}

#[tokio::test]
async fn a_work_item_that_is_gone_ends_the_job() {
    let fake = Fake::start(|_| Reply::error(404, "TF401232")).await;
    let outcome = tracker(settings(&fake.base)).confirm(&ticket(), &label("needs plan", MIRA)).await;
    assert!(matches!(outcome, Err(planwright::trackers::TrackerError::Gone(_))));
}

/// A subscription, and the event that its notification 12 told.
const SUBSCRIPTION: &str = super::SUBSCRIPTION;
const EVENT: &str = "4cc1f5c4-9bd7-4a9f-b0c1-2f9dd22cb0cf";

/// What comes of the command in comment 41, where the delivery names this notification and Azure DevOps answers so when
/// it is asked for one.
async fn notified(
    notice: Option<(u64, &str)>,
    notification: (u16, Value),
    subscription: u16,
) -> Result<Claim, TrackerError> {
    let fake = Fake::start(move |seen| {
        let hooks = format!("GET /_apis/hooks/subscriptions/{SUBSCRIPTION}");
        match seen.line.strip_prefix(&hooks) {
            Some("/notifications/12?api-version=7.1") => Reply::json(notification.0, notification.1.clone()),
            Some("?api-version=7.1") => Reply::json(subscription, json!({ "id": SUBSCRIPTION })),
            Some(_) => Reply::error(404, "The notification does not exist."),
            None => script(seen),
        }
    })
    .await;
    let mut settings = settings(&fake.base);
    settings.confirm_notifications = true;
    let mut work = command("41", MIRA);
    let named =
        notice.map(|(number, event)| Notice { subscription: SUBSCRIPTION.to_owned(), number, event: event.to_owned() });
    if let Work::Plan(request) = &mut work {
        request.notice = named;
    }
    tracker(settings).confirm(&ticket(), &work).await
}

/// A notification of this event about this resource.
fn notification(event: &str, kind: &str, resource: Value) -> (u16, Value) {
    let told = json!({ "id": event, "eventType": kind, "resource": resource });
    (200, json!({ "id": 12, "eventId": event, "details": { "event": told } }))
}

#[tokio::test]
async fn a_notification_is_held_when_azure_devops_sent_it_about_this_event_and_work_item() {
    let mine = Some((12, EVENT));
    for sent in [
        notification(&EVENT.to_uppercase(), "workitem.commented", json!({ "id": 7 })),
        notification(EVENT, "workitem.updated", json!({ "id": 3, "workItemId": 7 })),
        notification(EVENT, "workitem.updated", json!({ "id": 3 })),
        notification(EVENT, "workitem.commented", Value::Null),
        (200, json!({ "id": 12, "eventId": EVENT })),
    ] {
        let outcome = notified(mine, sent.clone(), 200).await;
        assert!(matches!(outcome, Ok(Claim::Held(_))), "{sent:?}: {outcome:?}");
    }
    let check = async |notice, sent, expected: &str| match notified(notice, sent, 200).await {
        Ok(Claim::Refuted(why)) => assert_eq!(why, expected),
        other => panic!("{expected}: {other:?}"),
    };
    let right = || notification(EVENT, "workitem.commented", json!({ "id": 7 }));
    check(None, right(), "the delivery names no notification").await;
    check(Some((13, EVENT)), right(), "Azure DevOps sent no such notification").await;
    check(Some((12, "another")), right(), "the notification was about another event").await;
    let elsewhere = notification(EVENT, "workitem.commented", json!({ "id": 8 }));
    check(mine, elsewhere, "the notification was about another work item").await;
    let elsewhere = notification(EVENT, "workitem.updated", json!({ "id": 7, "workItemId": 8 }));
    check(mine, elsewhere, "the notification was about another work item").await;
}

#[tokio::test]
async fn who_may_not_view_subscriptions_is_told_so() {
    for (sent, subscription) in [(404, 404), (404, 403), (403, 200), (401, 401)] {
        let outcome = notified(Some((12, EVENT)), (sent, json!({ "message": "no" })), subscription).await;
        let Err(TrackerError::Unauthorized(why)) = outcome else { panic!("{sent}: {outcome:?}") };
        assert!(why.starts_with("azure_devops.confirm_notifications needs an account that may view"), "{why}");
    }
}

#[tokio::test]
async fn what_azure_devops_does_not_answer_is_asked_again_later() {
    let outcome = notified(Some((12, EVENT)), (503, json!({})), 200).await;
    assert!(matches!(outcome, Err(TrackerError::Unavailable(_))), "{outcome:?}");
}
