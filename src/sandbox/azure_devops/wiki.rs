//! Wiki pages over REST, changed only by whoever knows their latest version.
//!
//! Source: "Pages" of the wiki in the REST reference at learn.microsoft.com.

use http::header::ETAG;
use serde_json::{Value, json};

use super::{call::Desk, errors, json::project_id, list};
use crate::sandbox::{
    answer::{Answer, Outcome},
    deliver::guid,
    world::{Project, Role},
};

/// A page of a project's wiki.
#[derive(Clone, Debug)]
pub struct Page {
    pub id: u64,
    /// Markdown.
    pub content: String,
    /// Counts the contents it has had, from 1.
    pub version: u64,
}

impl Page {
    /// Changes with the content.
    fn etag(&self) -> String {
        format!("\"{}\"", guid(&format!("page {} {}", self.id, self.version)).replace('-', ""))
    }
}

impl Desk<'_> {
    /// `GET …/wiki/wikis`: a project has one.
    pub fn wikis(&self) -> Outcome {
        let project = self.project()?;
        let id = wiki_id(project);
        Ok(Answer::ok(list(std::iter::once(json!({
            "id": id,
            "name": wiki_name(project),
            "projectId": project_id(project),
            "repositoryId": id,
            "type": "projectWiki",
            "mappedPath": "/",
            "versions": [{ "version": "wikiMaster" }],
            "url": self.show().project_api(project, &format!("wiki/wikis/{id}")),
            "remoteUrl": format!("{}/{}/_wiki/wikis/{id}", self.base, project_id(project))
        })))))
    }

    /// `GET …/wiki/wikis/{wiki}/pages?path=…&includeContent=true`
    pub fn wiki_page(&self) -> Outcome {
        let (project, path) = self.page_path()?;
        let key = (project.name.clone(), path);
        let page = self.state.own.pages.get(&key).ok_or_else(|| no_page(&key.1))?;
        let with_content = self.call.query.get("includeContent").is_some_and(|asked| asked == "true");
        Ok(Answer::ok(self.page_json(project, &key.1, page, with_content)).with(ETAG, page.etag()))
    }

    /// `PUT …/wiki/wikis/{wiki}/pages?path=…`: 201 for a new page; with `If-Match` 200 for a change.
    pub fn write_wiki_page(&mut self) -> Outcome {
        let (project, path) = self.page_path()?;
        if self.role(project) < Role::Write {
            return Err(errors::forbidden("You do not have permissions to write this wiki."));
        }
        let project = project.clone();
        let sent = self.call.body_json()?;
        let content = sent["content"].as_str().ok_or_else(|| errors::invalid("content"))?.to_owned();
        let asked = self.call.header("if-match");
        if let Some((parent, _)) = path.rsplit_once('/').filter(|(parent, _)| !parent.is_empty())
            && !self.state.own.pages.contains_key(&(project.name.clone(), parent.to_owned()))
        {
            let message = format!("The ancestor of the wiki page '{path}' could not be found.");
            return Err(errors::error(404, "WikiAncestorPageNotFoundException", &message));
        }
        let next = 51 + self.state.own.pages.len() as u64;
        let pages = &mut self.state.own.pages;
        let key = (project.name.clone(), path.clone());
        let (status, page) = match pages.get(&key) {
            None if asked.is_empty() => (201, Page { id: next, content, version: 1 }),
            None => return Err(no_page(&path)),
            Some(_) if asked.is_empty() => {
                let message = format!("The wiki page '{path}' already exists.");
                return Err(errors::error(409, "WikiPageAlreadyExistsException", &message));
            }
            Some(old) if old.etag() != asked => {
                let message = format!("The wiki page '{path}' was changed by someone else.");
                return Err(errors::error(412, "WikiPageHasConflictsException", &message));
            }
            Some(old) => (200, Page { id: old.id, content, version: old.version + 1 }),
        };
        pages.insert(key, page.clone());
        Ok(Answer::json(status, self.page_json(&project, &path, &page, true)).with(ETAG, page.etag()))
    }

    /// `DELETE …/wiki/wikis/{wiki}/pages?path=…`
    pub fn delete_wiki_page(&mut self) -> Outcome {
        let (project, path) = self.page_path()?;
        let project = project.clone();
        let key = (project.name.clone(), path.clone());
        let page = self.state.own.pages.remove(&key).ok_or_else(|| no_page(&path))?;
        Ok(Answer::ok(self.page_json(&project, &path, &page, false)))
    }

    fn page_path(&self) -> Result<(&Project, String), Answer> {
        let project = self.project()?;
        let asked = self.call.param("wiki");
        if asked != wiki_id(project) && asked != wiki_name(project) {
            return Err(errors::error(404, "WikiNotFoundException", &format!("The wiki {asked} was not found.")));
        }
        let path = self.call.query.get("path").ok_or_else(|| errors::invalid("path"))?;
        let path = path.trim_matches('/');
        Ok((project, format!("/{path}")))
    }

    fn page_json(&self, project: &Project, path: &str, page: &Page, with_content: bool) -> Value {
        let escaped: String = url::form_urlencoded::byte_serialize(path.as_bytes()).collect();
        let escaped = escaped.replace('+', "%20");
        let id = wiki_id(project);
        let mut shown = json!({
            "path": path,
            "order": 1,
            "isParentPage": true,
            "gitItemPath": format!("{}.md", path.replace(' ', "-")),
            "subPages": [],
            "url": self.show().project_api(project, &format!("wiki/wikis/{id}/pages/{escaped}")),
            "remoteUrl": format!("{}/{}/_wiki/wikis/{id}?pagePath={escaped}", self.base, project_id(project)),
            "id": page.id
        });
        if with_content {
            shown["content"] = page.content.as_str().into();
        }
        shown
    }
}

fn wiki_id(project: &Project) -> String {
    guid(&format!("wiki {}", project.id))
}

fn wiki_name(project: &Project) -> String {
    format!("{}.wiki", project.name)
}

fn no_page(path: &str) -> Answer {
    let message = format!(
        "Wiki page '{path}' could not be found. Ensure that the path of the page is correct and the \
        page exists."
    );
    errors::error(404, "WikiPageNotFoundException", &message)
}
