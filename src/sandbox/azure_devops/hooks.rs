//! Subscriptions to events: where they go, what they carry, what was notified.
//!
//! Source: "Notifications" of service hooks in the REST reference at learn.microsoft.com. The Test button sends
//! constant samples, whatever work items there are.

use serde_json::{Value, json};

use super::{call::Desk, errors, json::iso, list, tell::subscription_id};
use crate::sandbox::{
    answer::{Answer, Outcome},
    world::Role,
};

/// The events that are subscribed to.
const EVENTS: [&str; 4] = ["workitem.created", "workitem.updated", "workitem.commented", "workitem.deleted"];

/// Where deliveries go, and the Basic credentials that they carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    pub url: String,
    pub user: String,
    pub password: String,
}

/// How much of a resource deliveries carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Details {
    All,
    /// The id and the address.
    Minimal,
    Nothing,
}

/// An event that a subscription was notified of.
#[derive(Clone, Debug)]
pub struct Notification {
    pub event: Value,
    /// Milliseconds since 1970.
    pub at: i64,
}

impl Desk<'_> {
    /// `GET _apis/hooks/subscriptions/{subscription}`, its secrets masked.
    pub fn shown_subscription(&self) -> Outcome {
        let subscription = self.subscription()?;
        let event = EVENTS.into_iter().find(|event| subscription_id(event) == subscription);
        let hook = self.state.own.hook.as_ref();
        Ok(Answer::ok(json!({
            "id": subscription,
            "url": format!("{}/_apis/hooks/subscriptions/{subscription}", self.base),
            "status": "enabled",
            "publisherId": "tfs",
            "eventType": event,
            "resourceVersion": "1.0",
            "consumerId": "webHooks",
            "consumerActionId": "httpRequest",
            "consumerInputs": {
                "url": hook.map(|hook| hook.url.as_str()),
                "basicAuthUsername": hook.map(|hook| hook.user.as_str()),
                "basicAuthPassword": "********"
            }
        })))
    }

    /// `GET _apis/hooks/subscriptions/{subscription}/notifications`, newest first.
    pub fn notifications(&self) -> Outcome {
        let subscription = self.subscription()?;
        let all = self.state.own.notifications.iter().rev().filter(|((of, _), _)| *of == subscription);
        Ok(Answer::ok(list(all.map(|((of, id), notification)| shown(of, *id, notification)))))
    }

    /// `GET _apis/hooks/subscriptions/{subscription}/notifications/{notification}`, the event included.
    pub fn notification(&self) -> Outcome {
        let subscription = self.subscription()?;
        let name = self.call.param("notification");
        let id: u64 = name.parse().map_err(|_| errors::invalid("notificationId"))?;
        let found = self.state.own.notifications.get(&(subscription.clone(), id));
        let none = || errors::error(404, "NotificationNotFoundException", &format!("Notification {id} was not found."));
        Ok(Answer::ok(shown(&subscription, id, found.ok_or_else(none)?)))
    }

    fn subscription(&self) -> Result<String, Answer> {
        let asked = self.call.param("subscription").to_ascii_lowercase();
        let is_admin = self.state.world.projects().any(|project| self.role(project) == Role::Admin);
        let may = is_admin && !self.state.own.hides_subscriptions;
        let known = EVENTS.into_iter().any(|event| subscription_id(event) == asked);
        if may && known {
            return Ok(asked);
        }
        let message = format!("The subscription {asked} does not exist or you do not have permissions to view it.");
        Err(errors::error(404, "SubscriptionNotFoundException", &message))
    }
}

fn shown(subscription: &str, id: u64, notification: &Notification) -> Value {
    let event = &notification.event;
    json!({
        "id": id,
        "subscriptionId": subscription,
        "subscriberId": "00000000-0000-0000-0000-000000000000",
        "eventId": event["id"],
        "status": "completed",
        "result": "succeeded",
        "createdDate": iso(notification.at),
        "modifiedDate": iso(notification.at),
        "details": {
            "eventType": event["eventType"],
            "event": event,
            "publisherId": "tfs",
            "consumerId": "webHooks",
            "consumerActionId": "httpRequest",
            "requestAttempts": 1
        }
    })
}

/// What the Test button sends for an event: the same for everyone.
pub fn sample(event: &str) -> Value {
    let words = |more: &str| {
        json!({
            "text": format!("Bug #5 (Some great new idea!) by Jamal Hartnett.\r\n(http://fabrikam-fiber-inc.example/web/wi.aspx?id=5){more}"),
            "html": format!("<a href=\"http://fabrikam-fiber-inc.example/web/wi.aspx?id=5\">Bug #5</a> (Some great new idea!) by Jamal Hartnett.{more}"),
            "markdown": format!("[Bug #5](http://fabrikam-fiber-inc.example/web/wi.aspx?id=5) (Some great new idea!) by Jamal Hartnett.{more}")
        })
    };
    let id = match event {
        "workitem.created" => "d2d46fb1-dba5-403c-9373-427583f19e8c",
        "workitem.commented" => "fb2617ed-60df-4518-81fa-749faa6c5cd6",
        "workitem.deleted" => "72da0ade-0709-40ee-beb7-104287bf7e84",
        _ => "27646e0e-b520-4d2b-9411-bba7524947cd",
    };
    json!({
        "subscriptionId": "00000000-0000-0000-0000-000000000000",
        "notificationId": 1,
        "id": id,
        "eventType": event,
        "publisherId": "tfs",
        "message": words(""),
        "detailedMessage": words("\r\n- State: New"),
        "resource": sample_resource(event),
        "resourceVersion": "1.0",
        "resourceContainers": {
            "collection": { "id": "c12d0eb8-e382-443b-9f9c-c52cba5014c2" },
            "account": { "id": "f844ec47-a9db-4511-8281-8b63f4eaf94e" },
            "project": { "id": "be9b3917-87e6-42a4-a549-2bc06a7a878f" }
        },
        "createdDate": "2016-05-02T19:16:25.6251162Z"
    })
}

fn sample_resource(event: &str) -> Value {
    const URL: &str = "http://fabrikam-fiber-inc.example/DefaultCollection/_apis/wit/workItems/5";
    let mut fields = json!({
        "System.AreaPath": "FabrikamCloud",
        "System.TeamProject": "FabrikamCloud",
        "System.WorkItemType": "Bug",
        "System.State": "New",
        "System.CreatedDate": "2014-07-15T17:42:44.663Z",
        "System.CreatedBy": "Jamal Hartnett",
        "System.ChangedDate": "2014-07-15T17:42:44.663Z",
        "System.ChangedBy": "Jamal Hartnett",
        "System.Title": "Some great new idea!"
    });
    if event != "workitem.updated" {
        if event == "workitem.commented" {
            fields["System.History"] = "This is a great new idea".into();
        }
        return json!({ "id": 5, "rev": 4, "fields": fields, "_links": {}, "url": URL });
    }
    json!({
        "id": 2,
        "workItemId": 0,
        "rev": 2,
        "revisedBy": null,
        "revisedDate": "0001-01-01T00:00:00",
        "fields": { "System.State": { "oldValue": "New", "newValue": "Approved" } },
        "_links": {},
        "url": format!("{URL}/updates/2"),
        "revision": { "id": 5, "rev": 2, "fields": fields, "url": format!("{URL}/revisions/2") }
    })
}
