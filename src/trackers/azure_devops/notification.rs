//! Asks Azure DevOps whether it sent a notification, where the connection wants that beside the password.
//!
//! In: the notification that a delivery names. Out: nothing when there is such a one about this work item and this event,
//! else what is wrong. Never believes a delivery: the address is made of checked ids.
//! <https://learn.microsoft.com/rest/api/azure/devops/hooks/notifications/get>

use serde::Deserialize;

use super::{address::WorkItem, client::Client, fields::lenient_number};
use crate::{
    model::event::Notice,
    trackers::{TrackerError, rest::Request},
};

/// A notification, as much of it as is compared.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    event_id: String,
    #[serde(default)]
    details: Details,
}

#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    event: Option<Told>,
}

/// The event as it was sent; absent once its subscription no longer keeps it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    #[serde(default)]
    event_type: String,
    #[serde(default)]
    resource: Option<Resource>,
}

/// Which work item it was about: in updates `id` is the update's number.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    #[serde(default, deserialize_with = "lenient_number")]
    id: Option<u64>,
    #[serde(default, deserialize_with = "lenient_number")]
    work_item_id: Option<u64>,
}

impl Client {
    /// Was the notification sent, and about this work item? Always, where the connection does not ask.
    pub(super) async fn notified(
        &self,
        item: WorkItem,
        notice: Option<&Notice>,
    ) -> Result<Result<(), String>, TrackerError> {
        if !self.accepted.confirms_notifications {
            return Ok(Ok(()));
        }
        let Some(notice) = notice else { return Ok(Err("the delivery names no notification".to_owned())) };
        Ok(match self.notification(notice).await? {
            None => Err("Azure DevOps sent no such notification".to_owned()),
            Some(sent) if !sent.event_id.eq_ignore_ascii_case(&notice.event) => {
                Err("the notification was about another event".to_owned())
            }
            Some(sent) if !sent.is_about(item) => Err("the notification was about another work item".to_owned()),
            Some(_) => Ok(()),
        })
    }

    /// The notification as Azure DevOps keeps it (7 days); `None` when there is none of this number.
    async fn notification(&self, notice: &Notice) -> Result<Option<Notification>, TrackerError> {
        let subscription = format!("/_apis/hooks/subscriptions/{}", notice.subscription);
        let version = self.api.version.stable();
        let path = format!("{subscription}/notifications/{}?api-version={version}", notice.number);
        match self.api.call("notification", Request::get(path)).await {
            Ok(answer) => answer.json().map(Some),
            // the same answer as for a subscription that the account may not see: which of the two, the subscription says
            Err(TrackerError::Gone(_)) => {
                let path = format!("{subscription}?api-version={version}");
                self.api.call("subscription", Request::get(path)).await.map_err(may_not_see)?;
                Ok(None)
            }
            Err(error) => Err(may_not_see(error)),
        }
    }
}

/// Says what is missing, where the account may not see the subscription.
fn may_not_see(error: TrackerError) -> TrackerError {
    match error {
        TrackerError::Gone(why) | TrackerError::Unauthorized(why) => TrackerError::Unauthorized(format!(
            "azure_devops.confirm_notifications needs an account that may view the service hook subscriptions: {why}"
        )),
        error => error,
    }
}

impl Notification {
    /// Is it about this work item? A subscription may keep less than the whole event: then its id has to do.
    fn is_about(&self, item: WorkItem) -> bool {
        let Some(told) = &self.details.event else { return true };
        let Some(resource) = &told.resource else { return true };
        let named = if told.event_type == "workitem.updated" { resource.work_item_id } else { resource.id };
        named.is_none_or(|named| named == item.0)
    }
}
