//! Service hooks: when, in which shape, with which credentials, how often.

use planwright::sandbox::{NewTicket, azure_devops::Details};
use serde_json::{Value, json};

use crate::sandbox::{
    fixture::Receiver,
    shape::check,
    trackers::{STORE, Trackers, basic, last},
};

/// What the recorded work item has that this one lacks.
const MISSING: [&str; 6] = [
    "*Microsoft.VSTS.Common.Severity",
    "resource/fields/Microsoft.VSTS.Common.Severity*",
    "resource/fields/System.State/*",
    "resource/fields/System.Reason*",
    "resource/fields/System.AssignedTo*",
    "resource/fields/System.State",
];
/// What it has beyond the recorded one: fields of work items, and identities in full where the recorded one has none.
const ADDED: [&str; 5] = [
    "resource/fields/*",
    "resource/revision/fields/*",
    "resource/revisedBy/*",
    "resource/revision/relations*",
    "resource/_links/workItemComments*",
];

#[tokio::test]
async fn each_change_is_told_in_the_recorded_shape() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let (azure, item) = (&trackers.sandbox.azure, &trackers.item);
    azure.set_hook(&receiver.url);
    let payload = || last(&receiver.got());
    azure.open_issue(STORE, NewTicket { title: "New".into(), ..NewTicket::default() }, "ben").await;
    check("azure_devops/workitem_created", &payload(), &MISSING, &ADDED);
    azure.add_label(item, "needs plan", "tri").await;
    check("azure_devops/workitem_updated", &payload(), &MISSING, &ADDED);
    let resource = payload()["resource"].clone();
    assert_eq!(resource["workItemId"], json!(azure.work_item_id(item)));
    assert_eq!(resource["fields"]["System.Tags"], json!({ "newValue": "needs plan" }));
    assert_eq!(resource["revision"]["fields"]["System.ChangedBy"], "Tri Nguyen <tri@acme.example>");
    azure.comment(item, "<div>/plan</div>", "ben").await;
    let commented: Value = serde_json::from_slice(&receiver.got()[2].1).unwrap();
    check("azure_devops/workitem_commented", &commented, &MISSING, &ADDED);
    assert_eq!(commented["resource"]["id"], json!(azure.work_item_id(item)));
    assert_eq!(commented["resource"]["fields"]["System.History"], "<div>/plan</div>");
    assert_eq!(payload()["resource"]["fields"]["System.History"]["newValue"], "<div>/plan</div>");
    azure.delete_issue(item, "ana").await;
    check("azure_devops/workitem_deleted", &payload(), &MISSING, &ADDED);
    let told: Vec<String> = receiver
        .got()
        .iter()
        .map(|(_, body)| serde_json::from_slice::<Value>(body).unwrap())
        .map(|payload| format!("{} {}", payload["eventType"].as_str().unwrap(), payload["notificationId"]))
        .collect();
    // A comment is told twice, and each subscription counts for itself.
    assert_eq!(
        told,
        [
            "workitem.created 1",
            "workitem.updated 1",
            "workitem.commented 1",
            "workitem.updated 2",
            "workitem.deleted 1"
        ]
    );
}

#[tokio::test]
async fn deliveries_carry_a_password_and_no_signature() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let azure = &trackers.sandbox.azure;
    azure.set_hook(&receiver.url);
    for password in [azure.hook_credentials().1, "another".to_owned()] {
        azure.set_hook_password(&password);
        azure.add_label(&trackers.item, &password, "tri").await;
        let (headers, _) = receiver.got().pop().unwrap();
        assert_eq!(headers["authorization"], basic("azure-devops", &password));
        assert!(headers.keys().all(|name| !name.as_str().contains("signature")));
    }
}

#[tokio::test]
async fn a_subscription_can_send_less_and_its_notifications_are_read_back() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let azure = &trackers.sandbox.azure;
    azure.set_hook(&receiver.url);
    for (details, keys) in [(Details::Minimal, 2), (Details::Nothing, 0)] {
        azure.set_details(details);
        azure.add_label(&trackers.item, "x", "tri").await;
        let payload = last(&receiver.got());
        assert_eq!(payload["resource"].as_object().map_or(0, serde_json::Map::len), keys);
        let subscription = payload["subscriptionId"].as_str().unwrap();
        assert_eq!(subscription, azure.subscription_id("workitem.updated"));
        let path = format!("_apis/hooks/subscriptions/{subscription}/notifications/{}", payload["notificationId"]);
        let notification = trackers.azure_get(azure, "ana", &path).await.body;
        assert_eq!((&notification["eventId"], &notification["details"]["event"]), (&payload["id"], &payload));
        assert_eq!(trackers.azure_get(azure, "ben", &path).await.status, 404);
    }
    let subscription = format!("_apis/hooks/subscriptions/{}", azure.subscription_id("workitem.updated"));
    assert_eq!(trackers.azure_get(azure, "ana", &format!("{subscription}/notifications/99")).await.status, 404);
    assert_eq!(trackers.azure_get(azure, "ben", &subscription).await.status, 404);
    let shown = trackers.azure_get(azure, "ana", &subscription).await.body;
    assert_eq!((&shown["eventType"], &shown["consumerId"]), (&json!("workitem.updated"), &json!("webHooks")));
    azure.hide_subscriptions();
    assert_eq!(trackers.azure_get(azure, "ana", &subscription).await.status, 404);
}

#[tokio::test]
async fn the_test_button_sends_the_same_to_everyone() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let azure = &trackers.sandbox.azure;
    azure.set_hook(&receiver.url);
    for event in ["workitem.created", "workitem.updated", "workitem.commented", "workitem.deleted"] {
        azure.press_test(event).await;
        let first = last(&receiver.got());
        azure.press_test(event).await;
        assert_eq!(first, last(&receiver.got()));
        assert_eq!(first["eventType"], event);
        assert_eq!(first["subscriptionId"], "00000000-0000-0000-0000-000000000000");
        assert!(first["detailedMessage"]["text"].is_string());
    }
    let updated: Value = serde_json::from_slice(&receiver.got()[2].1).unwrap();
    assert_eq!(
        (&updated["id"], &updated["resource"]["workItemId"]),
        (&json!("27646e0e-b520-4d2b-9411-bba7524947cd"), &json!(0))
    );
}

#[tokio::test]
async fn only_four_statuses_are_tried_again() {
    let (trackers, receiver) = (Trackers::start().await, Receiver::start().await);
    let azure = &trackers.sandbox.azure;
    azure.set_hook(&receiver.url);
    for (status, again) in [(503, 1), (502, 1), (408, 1), (504, 1), (500, 0), (429, 0), (401, 0), (202, 0)] {
        receiver.answer_with(status);
        azure.add_label(&trackers.item, &status.to_string(), "tri").await;
        let before = last(&receiver.got());
        receiver.answer_with(202);
        assert_eq!(azure.retry_failed().await.len(), again, "{status}");
        assert_eq!(last(&receiver.got()), before);
    }
}
