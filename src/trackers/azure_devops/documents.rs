//! Keeps a plan as a page of the project's wiki, with a link from the work item to it.
//!
//! In: a work item and a document. Out: the page's address. A page is written in place of the version that was read and of
//! no other (`If-Match`), the link by a change that holds only for the revision that was read; what is done already is
//! not done again. Never touches a page outside its folder.
//! <https://learn.microsoft.com/rest/api/azure/devops/wiki/pages/create-or-update>

use ::http::{
    HeaderValue, Method,
    header::{ETAG, IF_MATCH},
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::{
    address::{WorkItem, is_guid, segment},
    client::Client,
    comments::within,
};
use crate::{
    model::publication::LinkedDocument,
    trackers::{TrackerError, rest::Request, verdict::Kind},
};

/// The page that plans stand below.
const FOLDER: &str = "/Plans";

/// A page as it stands.
struct Page {
    content: String,
    version: Option<HeaderValue>,
}

/// The wiki of a project.
struct Wiki<'w> {
    client: &'w Client,
    project: &'w str,
    id: String,
}

impl Client {
    /// The page's address where it stands with this text and the work item links it.
    pub(super) async fn standing_page(
        &self,
        item: WorkItem,
        document: &LinkedDocument,
    ) -> Result<Option<String>, TrackerError> {
        let read = self.api.item("relations", item, "$expand=relations").await?;
        let place = self.checked(&read)?;
        let Some(wiki) = self.wiki(&place.project).await? else { return Ok(None) };
        let (page, url) = (wiki.page(&path(document)).await?, wiki.url(&path(document)));
        let is_linked = read.relations.iter().any(|relation| relation.leads_to(&url));
        Ok((is_linked && page.is_some_and(|page| page.content == document.text())).then_some(url))
    }

    /// Brings page and link about, as far as they are not there.
    pub(super) async fn put_page(&self, item: WorkItem, document: &LinkedDocument) -> Result<String, TrackerError> {
        let deadline = Instant::now() + self.api.rest.deadline;
        within(deadline, Kind::Write, self.put_steps(item, document)).await
    }

    async fn put_steps(&self, item: WorkItem, document: &LinkedDocument) -> Result<String, TrackerError> {
        let place = self.place(item).await?;
        let wiki = self.wiki(&place.project).await?;
        let wiki = wiki.ok_or_else(|| TrackerError::Refused("the project has no wiki".to_owned()))?;
        match wiki.page(&path(document)).await? {
            Some(page) if page.content == document.text() => {}
            Some(page) => wiki.write(&path(document), document.text(), page.version).await?,
            None => {
                if wiki.page(FOLDER).await?.is_none() {
                    wiki.write(FOLDER, "Implementation plans, kept up to date by Planwright.\n", None).await?;
                }
                wiki.write(&path(document), document.text(), None).await?;
            }
        }
        let url = wiki.url(&path(document));
        self.link_page(item, &url).await?;
        Ok(url)
    }

    /// The project's own wiki, where it has one.
    async fn wiki<'w>(&'w self, project: &'w str) -> Result<Option<Wiki<'w>>, TrackerError> {
        #[derive(Deserialize)]
        struct List {
            value: Vec<Entry>,
        }
        #[derive(Deserialize)]
        struct Entry {
            id: String,
            #[serde(rename = "type", default)]
            kind: String,
        }
        let path = format!("/{}/_apis/wiki/wikis?api-version={}", segment(project), self.api.version.stable());
        let list: List = self.api.call("wikis", Request::get(path)).await?.json()?;
        let own =
            list.value.into_iter().find(|wiki| wiki.kind.eq_ignore_ascii_case("projectWiki") && is_guid(&wiki.id));
        Ok(own.map(|wiki| Wiki { client: self, project, id: wiki.id }))
    }

    /// Links the page from the work item, unless that is done.
    async fn link_page(&self, item: WorkItem, url: &str) -> Result<(), TrackerError> {
        let read = self.api.item("relations", item, "$expand=relations").await?;
        if read.relations.iter().any(|relation| relation.leads_to(url)) {
            return Ok(());
        }
        let link = json!({ "rel": "Hyperlink", "url": url, "attributes": { "comment": "Implementation plan" } });
        let patch = json!([
            { "op": "test", "path": "/rev", "value": read.rev },
            { "op": "add", "path": "/relations/-", "value": link },
        ]);
        let path = format!("/_apis/wit/workitems/{}?api-version={}", item.0, self.api.version.stable());
        let request =
            Request::change(Method::PATCH, path).body("application/json-patch+json", Bytes::from(patch.to_string()));
        self.api.call("link", request).await.map(drop)
    }
}

impl Wiki<'_> {
    /// The API's path of a page.
    fn at(&self, path: &str) -> String {
        let (project, version) = (segment(self.project), self.client.api.version.stable());
        format!("/{project}/_apis/wiki/wikis/{}/pages?path={}&api-version={version}", self.id, segment(path))
    }

    /// A page with the version that a change of it must name.
    async fn page(&self, path: &str) -> Result<Option<Page>, TrackerError> {
        #[derive(Deserialize)]
        struct Read {
            #[serde(default)]
            content: String,
        }
        let request = Request::get(format!("{}&includeContent=true", self.at(path)));
        match self.client.api.call("page", request).await {
            Ok(answer) => {
                let version = answer.headers.get(ETAG).cloned();
                Ok(Some(Page { content: answer.json::<Read>()?.content, version }))
            }
            Err(TrackerError::Gone(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a page: a new one, or in place of this version of it.
    async fn write(&self, path: &str, content: &str, version: Option<HeaderValue>) -> Result<(), TrackerError> {
        let mut request = Request::change(Method::PUT, self.at(path)).json(&json!({ "content": content }));
        if let Some(version) = version {
            request = request.header(IF_MATCH, version);
        }
        self.client.api.call("write_document", request).await.map(drop)
    }

    /// Where people read a page.
    fn url(&self, path: &str) -> String {
        let project = segment(self.project);
        format!("{}/{project}/_wiki/wikis/{}?pagePath={}", self.client.web_base, self.id, segment(path))
    }
}

/// The path of a document in the wiki.
fn path(document: &LinkedDocument) -> String {
    format!("{FOLDER}/{}", document.name())
}
