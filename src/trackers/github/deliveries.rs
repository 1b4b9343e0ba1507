//! Finds deliveries that did not reach us, and asks GitHub to send them again: GitHub never does so by itself.
//!
//! In: the App's delivery list, or those of the configured repositories' and organisations' webhooks. Out: what failed and was not
//! repaired since. Only issue events count, and what failed many times over is left to people.
//! <https://docs.github.com/en/webhooks/using-webhooks/handling-failed-webhook-deliveries>

use std::collections::HashMap;

use ::http::Method;
use serde::Deserialize;

use super::{
    address::{OwnerName, RepoPath},
    call::{Api, Request, Speaker},
};
use crate::trackers::{MissedDelivery, TrackerError};

/// The most pages (of 100 deliveries) that one sweep reads of one list.
const PAGES: usize = 50;
/// After so many failures a delivery is not asked for again.
const ATTEMPTS: usize = 5;
/// The App's own list.
const APP_HOOK: &str = "/app/hook";

/// An attempt as the lists show it, newest first.
#[derive(Deserialize)]
struct Attempt {
    id: u64,
    guid: String,
    delivered_at: String,
    /// 0 where we could not be reached, none while it is on its way.
    status_code: Option<i64>,
    event: String,
}

impl Attempt {
    /// Did we answer with a 2xx, or may we still?
    fn succeeded(&self) -> bool {
        self.status_code.is_none_or(|status| (200..300).contains(&status))
    }

    /// When, in milliseconds since 1970; `None` when the time does not read.
    fn time(&self) -> Option<i64> {
        Some(self.delivered_at.parse::<jiff::Timestamp>().ok()?.as_millisecond())
    }
}

/// A webhook of a repository or an organisation.
#[derive(Deserialize)]
struct Hook {
    id: u64,
    config: HookConfig,
}

impl Hook {
    /// Does its address end at our path?
    fn ends_at(&self, our_path: &str) -> bool {
        let url = self.config.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        url.is_some_and(|url| url.path().ends_with(our_path))
    }
}

#[derive(Deserialize)]
struct HookConfig {
    url: Option<String>,
}

impl Api {
    /// What the App's list, or the lists of these repositories' and organisations' webhooks that end at `our_path`, say
    /// has failed since then (milliseconds since 1970).
    pub(super) async fn missed(
        &self,
        repositories: &[RepoPath],
        organisations: &[OwnerName],
        our_path: &str,
        since: i64,
    ) -> Result<Vec<MissedDelivery>, TrackerError> {
        if self.access.is_app() {
            return Ok(failed(self.attempts(Speaker::Itself, APP_HOOK, since).await?, None));
        }
        let mut missed = Vec::new();
        for repository in repositories {
            let owner = format!("/repos/{repository}");
            missed.extend(self.missed_below(Speaker::For(repository), &owner, our_path, since).await?);
        }
        for organisation in organisations {
            let owner = format!("/orgs/{organisation}");
            missed.extend(self.missed_below(Speaker::Itself, &owner, our_path, since).await?);
        }
        Ok(missed)
    }

    /// What the lists of an owner's webhooks that end at `our_path` say has failed.
    async fn missed_below(
        &self,
        speaker: Speaker<'_>,
        owner: &str,
        our_path: &str,
        since: i64,
    ) -> Result<Vec<MissedDelivery>, TrackerError> {
        let mut missed = Vec::new();
        let hooks = self.page::<Hook>("hooks", speaker, &format!("{owner}/hooks"), "per_page=100").await?;
        for hook in hooks.items.iter().filter(|hook| hook.ends_at(our_path)) {
            let at = format!("{owner}/hooks/{}", hook.id);
            missed.extend(failed(self.attempts(speaker, &at, since).await?, Some(&at)));
        }
        Ok(missed)
    }

    /// Asks GitHub to send a delivery again.
    pub(super) async fn send_again(&self, missed: &MissedDelivery) -> Result<(), TrackerError> {
        let unknown = || TrackerError::Refused("not a delivery of GitHub".to_owned());
        let number: u64 = missed.handle.parse().map_err(|_| unknown())?;
        let (hook, repository) = match &missed.hook {
            None => (APP_HOOK, None),
            Some(hook) if is_organisations(hook) => (hook.as_str(), None),
            Some(hook) => (hook.as_str(), Some(hook_repository(hook).ok_or_else(unknown)?)),
        };
        let speaker = repository.as_ref().map_or(Speaker::Itself, Speaker::For);
        let request = Request::change(Method::POST, format!("{hook}/deliveries/{number}/attempts"), None);
        self.call("redeliver", speaker, request).await.map(drop)
    }

    /// The attempts of a list since then, newest first.
    async fn attempts(&self, speaker: Speaker<'_>, hook: &str, since: i64) -> Result<Vec<Attempt>, TrackerError> {
        let (mut attempts, mut next) = (Vec::new(), Some("per_page=100".to_owned()));
        for _ in 0..PAGES {
            let Some(query) = next.take() else { break };
            let page = self.page::<Attempt>("deliveries", speaker, &format!("{hook}/deliveries"), &query).await?;
            let is_past = page.items.last().and_then(Attempt::time).is_some_and(|time| time < since);
            attempts.extend(page.items.into_iter().filter(|attempt| attempt.time().is_none_or(|time| time >= since)));
            next = page.next.filter(|_| !is_past);
        }
        Ok(attempts)
    }
}

/// The newest failed attempt of every delivery that never succeeded, oldest delivery first.
fn failed(attempts: Vec<Attempt>, hook: Option<&str>) -> Vec<MissedDelivery> {
    let mut seen: HashMap<&str, (bool, usize)> = HashMap::new();
    for attempt in &attempts {
        let (succeeded, count) = seen.entry(&attempt.guid).or_default();
        *succeeded |= attempt.succeeded();
        *count += 1;
    }
    let mut newest: Vec<&Attempt> = Vec::new();
    for attempt in attempts.iter().filter(|attempt| matches!(attempt.event.as_str(), "issues" | "issue_comment")) {
        if seen.remove(attempt.guid.as_str()).is_some_and(|(succeeded, count)| !succeeded && count < ATTEMPTS) {
            newest.push(attempt);
        }
    }
    let missed = newest.into_iter().rev().map(|attempt| MissedDelivery {
        handle: attempt.id.to_string(),
        guid: attempt.guid.clone(),
        hook: hook.map(str::to_owned),
    });
    missed.collect()
}

/// Is this `/orgs/{organisation}/hooks/{id}`?
fn is_organisations(hook: &str) -> bool {
    let parts = hook.strip_prefix("/orgs/").and_then(|rest| rest.split_once("/hooks/"));
    parts.is_some_and(|(name, id)| OwnerName::parse(name).is_some() && is_number(id))
}

/// Digits, and some.
fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit())
}

/// The repository of `/repos/{owner}/{repo}/hooks/{id}`; `None` for any other path.
fn hook_repository(hook: &str) -> Option<RepoPath> {
    let (repository, id) = hook.strip_prefix("/repos/")?.split_once("/hooks/")?;
    RepoPath::parse(repository).filter(|_| is_number(id))
}
