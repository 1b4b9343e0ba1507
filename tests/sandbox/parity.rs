//! One scenario on every tracker of the sandbox, by one set of names.

use std::sync::Arc;

use planwright::sandbox::{Deed, Fault, NewTicket, Role, Sandbox, Step, World};
use reqwest::{Client, redirect::Policy};

use super::{
    fixture::{HandClock, Receiver, START_MS, soon},
    trackers::reply,
};

async fn sandbox() -> Sandbox {
    let mut world = World::new(Arc::new(HandClock::at(START_MS)));
    world.add_person("ana", "Ana Duarte");
    for project in ["acme/shop", "SHOP", "Shop"] {
        world.add_project(project).roles.insert("ana".to_owned(), Role::Admin);
    }
    Sandbox::start(world).await.unwrap()
}

fn bug() -> NewTicket {
    NewTicket { title: "Cart total".into(), body: "Is wrong.".into(), kind: Some("Bug".into()), ..NewTicket::default() }
}

#[tokio::test]
async fn what_people_do_is_told_everywhere() {
    let (sandbox, http) = (sandbox().await, Client::builder().redirect(Policy::none()).no_proxy().build().unwrap());
    for tracker in sandbox.trackers() {
        let (receiver, name) = (Receiver::start().await, tracker.name());
        tracker.set_hook(Some(&receiver.url));
        let opened = tracker.open(tracker.project(), bug(), "ana").await;
        let ticket = opened.issue;
        assert!(opened.sent.iter().all(planwright::sandbox::Sent::is_ok) && !opened.sent.is_empty(), "{name}");
        assert!(tracker.ticket_id(&ticket).is_some() && tracker.person_id("ana").is_some(), "{name}");
        let comment = tracker.comment(&ticket, "/plan", "ana").await.comment;
        assert!(tracker.comment_id(&ticket, comment).is_some(), "{name}");
        for deed in [
            Deed::Label("needs-plan"),
            Deed::Retype("Story"),
            Deed::Retitle("Total of the cart"),
            Deed::Describe("Is very wrong."),
            Deed::EditComment(comment, "/plan help"),
            Deed::Unlabel("needs-plan"),
        ] {
            let before = receiver.got().len();
            let sent = tracker.act(&ticket, deed, "ana").await;
            assert!(!sent.is_empty() && receiver.got().len() == before + sent.len(), "{name} {deed:?}");
        }
        let stands = tracker.ticket(&ticket).unwrap();
        assert_eq!((stands.title.as_str(), stands.kind.as_deref()), ("Total of the cart", Some("Story")), "{name}");
        assert_eq!(tracker.comments(&ticket)[0].body, "/plan help", "{name}");
        let page = reply(http.get(tracker.ticket_url(&ticket))).await;
        assert!(page.status == 200 && page.text.contains("Total of the cart"), "{name}");
        assert!(!tracker.act(&ticket, Deed::RemoveComment(comment), "ana").await.is_empty(), "{name}");
        assert!(!tracker.act(&ticket, Deed::Delete, "ana").await.is_empty(), "{name}");
        assert!(tracker.ticket(&ticket).is_none(), "{name}");
        tracker.set_hook(None);
        let sent = tracker.open(tracker.project(), bug(), "ana").await.sent;
        assert!(sent.iter().all(|sent| sent.status.is_none()), "{name}");
        soon(tracker.settled()).await;
    }
}

#[tokio::test]
async fn faults_are_scripted_by_step_everywhere() {
    let sandbox = sandbox().await;
    for tracker in sandbox.trackers() {
        let steps = [
            Step::Identity,
            Step::GetTicket,
            Step::ListComments,
            Step::CreateComment,
            Step::EditComment,
            Step::Permission,
        ];
        for step in steps {
            tracker.fail_next(step, Fault::Status(503));
            assert_eq!(tracker.request_count(step), 0);
        }
        assert_eq!(tracker.fail_times(Step::GetComment, 2, &Fault::Reset).len(), 2);
        assert_eq!(tracker.faults_left(), steps.len() + 2, "{}", tracker.name());
        assert_eq!(tracker.request_count(Step::Acknowledge), 0);
    }
}

#[tokio::test]
async fn all_trackers_show_one_world() {
    let sandbox = sandbox().await;
    let ticket = sandbox.jira_cloud.open_issue("SHOP", bug(), "ana").await.issue;
    assert_eq!(sandbox.jira_dc.issue(&ticket).unwrap().title, "Cart total");
    sandbox.jira_dc.comment(&ticket, "seen", "ana").await;
    assert_eq!(sandbox.jira_cloud.comments(&ticket).len(), 1);
    // What one tracker tells, the others do not.
    assert_eq!((sandbox.jira_cloud.deliveries().len(), sandbox.github.deliveries().len()), (1, 0));
}
