//! The repository of a work item's project.
//!
//! In: a work item. Out: where its code is, when the project has exactly one repository with code, or the configuration
//! names one of them. A project with several, and nothing said, has none: a guess would plan for the wrong code.

use serde::Deserialize;

use super::{
    address::{WorkItem, segment},
    client::Client,
    paging::List,
};
use crate::{
    model::{
        RepoName,
        context::{WebLinks, WebStyle},
    },
    trackers::{CodeSource, TrackerError, rest::Request},
};

/// A repository of Azure Repos.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    name: String,
    /// Missing while it is empty.
    #[serde(default)]
    default_branch: Option<String>,
    #[serde(default)]
    is_disabled: bool,
}

impl Client {
    /// Where the code is that the work item is about.
    pub(super) async fn repository_of(&self, item: WorkItem) -> Result<Option<CodeSource>, TrackerError> {
        let project = self.place(item).await?.project;
        let version = self.api.version.stable();
        let path = format!("/{}/_apis/git/repositories?api-version={version}", segment(&project));
        let all = match self.api.call("repositories", Request::get(path)).await {
            // Repos can be switched off for a project.
            Err(TrackerError::Gone(_)) => return Ok(None),
            outcome => outcome?.json::<List<Repository>>()?.value,
        };
        let with_code =
            all.into_iter().filter(|repository| !repository.is_disabled && repository.default_branch.is_some());
        let wanted = |name: &str| self.repository.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(name));
        let mut fitting = with_code.filter(|repository| wanted(&repository.name));
        let (Some(repository), None) = (fitting.next(), fitting.next()) else { return Ok(None) };
        let below = format!("{}/_git/{}", segment(&project), segment(&repository.name));
        let credentials = if self.clone_base.starts_with("http") {
            // Azure Repos takes a token as the password of any user.
            Some(("planwright".to_owned(), self.speaker.password().await?))
        } else {
            None
        };
        Ok(Some(CodeSource {
            name: RepoName::new(format!("{project}/{}", repository.name)),
            url: format!("{}/{below}", self.clone_base),
            credentials,
            web: Some(WebLinks { style: WebStyle::AzureRepos, base: format!("{}/{below}", self.web_base) }),
        }))
    }
}
