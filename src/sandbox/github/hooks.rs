//! The list of deliveries and redelivery over REST, for the app's webhook and for a repository's.
//!
//! Source: "REST API endpoints for GitHub App webhooks" at docs.github.com: newest first, a page follows a cursor.

use http::header::LINK;
use serde_json::{Value, json};

use super::{
    State,
    answer::{Answer, Outcome},
    app,
    auth::Caller,
    call::{Call, project, url_with},
    endpoint::Endpoint,
    json::Show,
};
use crate::sandbox::{deliver::Delivery, time::iso, world::Role};

/// Deliveries: a state, the interface's address, the call and who makes it.
pub struct Hooks<'a> {
    pub state: &'a mut State,
    pub base: &'a str,
    pub call: &'a Call,
    pub caller: &'a Caller,
}

impl Hooks<'_> {
    fn show(&self) -> Show<'_> {
        Show { world: &self.state.world, base: self.base }
    }

    /// The repository whose hook the path names, none for the app's; 404 for those who may not manage hooks.
    fn scope(&self) -> Result<Option<String>, Answer> {
        use Endpoint::{AppDeliveries, AppDelivery, AppRedeliver};
        if matches!(self.call.endpoint, AppDeliveries | AppDelivery | AppRedeliver) {
            return Ok(None);
        }
        let home = project(&self.state.world, &self.call.project(), self.caller, Role::Admin)?;
        match self.call.params.get("hook") {
            Some(hook) if *hook != app::HOOK.to_string() => Err(Answer::not_found()),
            _ => Ok(Some(home.name.clone())),
        }
    }

    /// `GET /repos/{owner}/{repo}/hooks`
    pub fn hooks(&self) -> Outcome {
        let project = self.scope()?.unwrap_or_default();
        let Some(hook) = &self.state.own.hook else { return Ok(Answer::ok(json!([]))) };
        let url = format!("{}/repos/{project}/hooks/{}", self.base, app::HOOK);
        Ok(Answer::ok(json!([{
            "type": "Repository",
            "id": app::HOOK,
            "name": "web",
            "active": true,
            "events": app::EVENTS,
            "config": {
                "content_type": if hook.form { "form" } else { "json" },
                "insecure_ssl": "0",
                "secret": "********",
                "url": hook.url
            },
            "updated_at": iso(app::CREATED_MS),
            "created_at": iso(app::CREATED_MS),
            "url": url,
            "test_url": format!("{url}/test"),
            "ping_url": format!("{url}/pings"),
            "deliveries_url": format!("{url}/deliveries"),
            "last_response": { "code": null, "status": "unused", "message": null }
        }])))
    }

    /// `GET …/deliveries`: newest first, from the cursor on.
    pub fn list(&self) -> Outcome {
        let scope = self.scope()?;
        let size = self.call.query.get("per_page").and_then(|n| n.parse().ok()).unwrap_or(30_usize).clamp(1, 100);
        let from = match self.call.query.get("cursor") {
            Some(cursor) => cursor_id(cursor).ok_or_else(|| Answer::error(422, "Invalid cursor"))?,
            None => u64::MAX,
        };
        let mut found: Vec<&Delivery> =
            self.state.deliveries.iter().filter(|d| in_scope(d, scope.as_deref())).collect();
        found.sort_by_key(|delivery| std::cmp::Reverse(delivery.draft.id));
        found.retain(|delivery| delivery.draft.id <= from);
        let next = found.get(size).map(|delivery| format!("v1_{}", delivery.draft.id));
        let page: Vec<Value> = found.into_iter().take(size).map(|delivery| summary(delivery, self.show())).collect();
        let answer = Answer::ok(page.into());
        Ok(match next {
            Some(cursor) => {
                answer.with(LINK, format!("<{}>; rel=\"next\"", url_with(self.call, self.base, "cursor", &cursor)))
            }
            None => answer,
        })
    }

    /// `GET …/deliveries/{id}`
    pub fn one(&self) -> Outcome {
        let delivery = self.named()?;
        Ok(Answer::ok(detail(delivery, self.show())))
    }

    /// `POST …/deliveries/{id}/attempts`: sent after the answer, under the same GUID.
    pub fn redeliver(&mut self) -> Outcome {
        let id = self.named()?.draft.id;
        self.state.draft_again(id).ok_or_else(Answer::not_found)?;
        Ok(Answer::json(202, json!({})))
    }

    fn named(&self) -> Result<&Delivery, Answer> {
        let (scope, id) = (self.scope()?, self.call.number("id")?);
        let deliveries = &self.state.deliveries;
        deliveries.iter().find(|d| d.draft.id == id && in_scope(d, scope.as_deref())).ok_or_else(Answer::not_found)
    }
}

fn in_scope(delivery: &Delivery, project: Option<&str>) -> bool {
    project.is_none_or(|project| delivery.draft.project == project)
}

fn cursor_id(cursor: &str) -> Option<u64> {
    cursor.strip_prefix("v1_")?.parse().ok()
}

/// A delivery as the list of deliveries shows it.
fn summary(delivery: &Delivery, show: Show<'_>) -> Value {
    let Delivery { draft, sent, at } = delivery;
    let (code, status) = match sent.status {
        Some(code) if sent.is_ok() => (code, "OK".to_owned()),
        Some(code) => (code, format!("Invalid HTTP Response: {code}")),
        None => (502, "failed to connect to host".to_owned()),
    };
    json!({
        "id": draft.id,
        "guid": draft.guid,
        "delivered_at": iso(*at),
        "redelivery": draft.attempts > 0,
        "duration": sent.elapsed.as_secs_f64(),
        "status": status,
        "status_code": code,
        "event": draft.event,
        "action": draft.action,
        "installation_id": app::INSTALLATION,
        "repository_id": show.world.project(&draft.project).map(|project| project.id),
        "throttled_at": null
    })
}

/// A delivery with its request and its answer.
fn detail(delivery: &Delivery, show: Show<'_>) -> Value {
    let mut detail = summary(delivery, show);
    detail["url"] = format!("{}/settings/apps/{}", show.base, app::SLUG).into();
    detail["request"] = json!({
        "headers": { "X-GitHub-Delivery": delivery.draft.guid, "X-GitHub-Event": delivery.draft.event },
        "payload": serde_json::from_str::<Value>(&delivery.draft.payload).unwrap_or_default()
    });
    detail["response"] = json!({ "headers": {}, "payload": delivery.sent.answer });
    detail
}
