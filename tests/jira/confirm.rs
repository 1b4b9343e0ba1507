//! Where nothing signs what a delivery says, what work rests on is read again.

use planwright::{
    model::{
        CommentId,
        job::{PlanOptions, PlanRequest, Reply as Answer, ReplyRequest, Trigger, Work},
    },
    trackers::{
        Claim, Tracker,
        auth::Secrets,
        jira::{Claims, Network, Proof, Settings},
    },
};
use serde_json::{Value, json};

use super::{
    Fake, Reply, SECRET, actor, data_center,
    reads::{adf, local, user},
    secrets, settings, ticket, tracker,
};

/// A plan that `mira` asks for in this way.
fn plan(trigger: Trigger) -> Work {
    Work::Plan(PlanRequest {
        asked_by: actor("mira"),
        project: "SHOP".to_owned(),
        trigger,
        options: PlanOptions::default(),
        notice: None,
    })
}

/// By comment 41.
fn command() -> Work {
    plan(Trigger::Command { comment: CommentId::new("41") })
}

/// By the label.
fn label() -> Work {
    plan(Trigger::Label { label: "needs-plan".to_owned() })
}

/// By the type.
fn story() -> Work {
    plan(Trigger::Story { type_name: "Story".to_owned() })
}

/// What the tracker holds of the work: the change as JSON with its actor, or why it does not.
async fn held(tracker: &dyn Tracker, work: &Work) -> Value {
    match tracker.confirm(&ticket(), work).await.expect("an answer") {
        Claim::Held(event) => json!([event.actor.id, event.project, event.change]),
        Claim::Refuted(why) => json!(why),
    }
}

/// What is held by a Cloud whose issue and comment are these.
async fn held_by(issue: Value, comment: Value, work: &Work) -> Value {
    let fake = Fake::start(move |seen| match seen.line.as_str() {
        "GET /rest/api/3/issue/10040?fields=labels,issuetype,status,creator&expand=changelog" => {
            Reply::json(200, issue.clone())
        }
        "GET /rest/api/3/issue/10040/comment/41" if !comment.is_null() => Reply::json(200, comment.clone()),
        _ => Reply::json(404, json!({ "errorMessages": ["no"] })),
    })
    .await;
    held(&*tracker(settings(&fake.base)), work).await
}

/// A comment.
fn comment(author: &str, editor: &str) -> Value {
    json!({ "id": "41", "body": adf("/plan"), "author": user(author), "updateAuthor": user(editor) })
}

/// A story by `creator` with these labels and this history: id, person and changed fields.
fn issue(creator: &str, labels: &[&str], history: &[(u64, &str, Value)]) -> Value {
    let history = history.iter().map(
        |(id, who, item)| json!({ "id": id.to_string(), "author": user(who), "items": [{ "field": "Rank" }, item] }),
    );
    let history: Vec<_> = history.collect();
    let fields = json!({ "labels": labels, "issuetype": { "id": "10001", "name": "Story" }, "creator": user(creator),
        "status": { "statusCategory": { "key": "new" } } });
    json!({ "key": "SHOP-7", "fields": fields, "changelog": { "total": history.len(), "histories": history } })
}

/// A change of labels.
fn labels(before: &str, after: &str) -> Value {
    json!({ "field": "labels", "fromString": before, "toString": after })
}

/// A change of type.
fn kind(after: &str) -> Value {
    json!({ "field": "issuetype", "fromString": "Task", "to": "1", "toString": after })
}

#[tokio::test]
async fn a_comment_stands_as_its_author_left_it() {
    let check = async |comment: Value, expected: Value| {
        assert_eq!(held_by(issue("ida", &[], &[]), comment, &command()).await, expected);
    };
    let author = json!({ "id": "mira", "name": "MIRA", "is_bot": false });
    let said = json!({ "commented": { "comment": "41", "author": author, "text": "/plan\n" } });
    check(comment("mira", "mira"), json!(["mira", "SHOP", said])).await;
    check(comment("tove", "tove"), json!("the comment was written by somebody else")).await;
    check(comment("mira", "tove"), json!("the comment was changed by somebody else")).await;
    check(json!({ "id": "41", "body": adf("/plan") }), json!("the comment was written by somebody else")).await;
    check(json!(null), json!("the comment is not on the issue")).await;
    let reply = Work::Reply(ReplyRequest {
        asked_by: actor("tove"),
        project: "SHOP".to_owned(),
        comment: CommentId::new("41"),
        reply: Answer::Help,
        notice: None,
    });
    let why = held_by(issue("ida", &[], &[]), comment("mira", "mira"), &reply).await;
    assert_eq!(why, "the comment was written by somebody else");
}

#[tokio::test]
async fn a_label_stands_and_was_added_last_by_who_asked() {
    let check = async |issue: Value, expected: Value| {
        assert_eq!(held_by(issue, json!(null), &label()).await, expected);
    };
    let added = json!(["mira", "SHOP", { "labelled": { "labels": ["needs-plan"] } }]);
    let add = || labels("x", "x needs-plan");
    let gone = || labels("x needs-plan", "x");
    check(issue("ida", &["x", "needs-plan"], &[(2, "mira", add())]), added.clone()).await;
    check(issue("ida", &["needs-plan"], &[(3, "mira", add()), (1, "tove", add()), (2, "ida", gone())]), added).await;
    let other = json!("the label was added by somebody else");
    check(issue("mira", &["needs-plan"], &[(9, "mira", add()), (10, "tove", add())]), other).await;
    check(issue("mira", &["x"], &[(2, "mira", add())]), json!("the label is not on the issue")).await;
    let opened = json!({ "opened": { "type_name": null, "labels": ["x", "needs-plan"] } });
    check(issue("mira", &["x", "needs-plan"], &[(2, "tove", labels("", "y"))]), json!(["mira", "SHOP", opened])).await;
    check(issue("ida", &["needs-plan"], &[]), json!("the issue was made by somebody else")).await;
    let mut long = issue("mira", &["needs-plan"], &[]);
    long["changelog"]["total"] = json!(500);
    check(long, json!("the issue's history is longer than Jira tells at once")).await;
}

#[tokio::test]
async fn a_type_stands_and_was_given_last_by_who_asked() {
    let check = async |issue: Value, expected: Value| {
        assert_eq!(held_by(issue, json!(null), &story()).await, expected);
    };
    let opened = json!({ "opened": { "type_name": "Story", "labels": [] } });
    check(issue("mira", &[], &[]), json!(["mira", "SHOP", opened])).await;
    check(issue("ida", &[], &[]), json!("the issue was made by somebody else")).await;
    let typed = json!(["mira", "SHOP", { "typed": { "type_name": "Story" } }]);
    check(issue("ida", &[], &[(1, "tove", kind("Bug")), (2, "mira", kind("Story"))]), typed).await;
    check(issue("mira", &[], &[(2, "tove", kind("Story"))]), json!("the type was given by somebody else")).await;
    let mut bug = issue("mira", &[], &[]);
    bug["fields"]["issuetype"] = json!({ "id": "10004", "name": "Bug" });
    check(bug, json!("the issue is of another type")).await;
}

#[tokio::test]
async fn a_data_centers_comment_that_came_without_an_issue_is_confirmed() {
    let fake = Fake::start(|seen| match seen.line.trim_start_matches("GET /jira/rest/api/2/issue/10040") {
        "/comment/41" => Reply::json(
            200,
            json!({ "id": "41", "body": "/plan", "author": local("mira"), "updateAuthor": local("mira") }),
        ),
        _ => Reply::json(200, json!({ "key": "SHOP-7", "fields": {} })),
    })
    .await;
    let Work::Plan(request) = command() else { panic!("a plan") };
    let work = Work::Plan(PlanRequest { asked_by: actor("KEY-mira"), project: String::new(), ..request });
    let held = held(&*tracker(data_center(&fake.base)), &work).await;
    assert_eq!((&held[0], &held[1]), (&json!("KEY-mira"), &json!("")), "nothing was claimed of its project");
    assert_eq!(held[2]["commented"]["text"], "/plan\n");
}

#[tokio::test]
async fn only_signed_deliveries_are_believed() {
    let check = |proof: Proof, expected: bool| {
        let tracker = tracker(Settings { proof, ..settings("https://acme.atlassian.net") });
        assert_eq!(tracker.profile().hints, expected);
    };
    let own = || -> Secrets { secrets(&[SECRET]) };
    check(Proof::Signature(own()), false);
    check(Proof::OAuth { secrets: own(), claims: Claims::default() }, true);
    check(Proof::Connect { secrets: own(), claims: Claims::default(), base_path: String::new() }, true);
    let networks = vec![Network::parse("10.0.0.0/8").expect("a network")];
    check(Proof::Address { tokens: vec![SECRET.into()], networks }, true);
}
