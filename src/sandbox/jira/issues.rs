//! The site, users, fields, projects and issues over REST.

use serde_json::{Map, Value, json};

use super::{
    call::Desk,
    errors,
    flavour::Flavour,
    json::{ACCEPTANCE, ACCEPTANCE_NAME, account_id, user_key},
};
use crate::sandbox::answer::{Answer, Outcome};

impl Desk<'_> {
    /// `GET /serverInfo`
    pub fn server_info(&self) -> Outcome {
        let (version, numbers, kind) = match self.flavour() {
            Flavour::Cloud => ("1001.0.0-SNAPSHOT", json!([1001, 0, 0]), "Cloud"),
            Flavour::DataCenter => ("10.3.4", json!([10, 3, 4]), "Server"),
        };
        Ok(Answer::ok(json!({
            "baseUrl": self.base,
            "version": version,
            "versionNumbers": numbers,
            "deploymentType": kind,
            "buildNumber": 100_003,
            "serverTitle": "Jira"
        })))
    }

    /// `GET /myself`
    pub fn myself(&self) -> Outcome {
        Ok(Answer::ok(self.show().user(self.caller)))
    }

    /// `GET /user`, by `accountId` on Cloud, by `username` or `key` on Data Center.
    pub fn user(&self) -> Outcome {
        let query = |name: &str| self.call.query.get(name).cloned().unwrap_or_default();
        let found = self.state.world.users().find(|user| match self.flavour() {
            Flavour::Cloud => account_id(&user.login) == query("accountId"),
            Flavour::DataCenter => user.login == query("username") || user_key(user) == query("key"),
        });
        let found = found.ok_or_else(|| {
            errors::error(404, "Specified user does not exist or you do not have required permissions")
        })?;
        Ok(Answer::ok(self.show().user(&found.login)))
    }

    /// `GET /field`
    pub fn fields(&self) -> Outcome {
        let field = |id: &str, name: &str, kind: &str| {
            let custom = id.starts_with("customfield_");
            json!({ "id": id, "key": id, "name": name, "custom": custom, "schema": { "type": kind } })
        };
        Ok(Answer::ok(json!([
            field("summary", "Summary", "string"),
            field("description", "Description", "string"),
            field("labels", "Labels", "array"),
            field("issuetype", "Issue Type", "issuetype"),
            field(ACCEPTANCE, ACCEPTANCE_NAME, "string"),
            field("customfield_10016", "Story point estimate", "number"),
            field("customfield_10020", "Sprint", "array")
        ])))
    }

    /// `GET /project/{key}`
    pub fn get_project(&self) -> Outcome {
        let project = self.project()?;
        let show = self.show();
        let mut shown = show.project(project);
        shown["description"] = project.description.as_str().into();
        shown["issueTypes"] = project.types.iter().map(|name| show.issue_type(project, name)).collect();
        shown["roles"] = self.role_urls(project);
        Ok(Answer::ok(shown))
    }

    /// `GET /issue/{issue}`, with `fields` and `expand=names`.
    pub fn get_issue(&self) -> Outcome {
        let (project, ticket) = self.issue()?;
        let show = self.show();
        let mut fields = show.all_fields(project, ticket);
        if let Some(wanted) = self.call.query.get("fields") {
            select(&mut fields, wanted);
        }
        let mut issue = show.issue_with(ticket, Value::Object(fields));
        issue["expand"] = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations".into();
        if self.call.expands("names") {
            issue["names"] = json!({ "summary": "Summary", "description": "Description", ACCEPTANCE: ACCEPTANCE_NAME });
        }
        Ok(Answer::ok(issue))
    }
}

/// Keeps the fields that the list names: `summary,labels`, `*all`, `-comment`.
fn select(fields: &mut Map<String, Value>, wanted: &str) {
    let wanted: Vec<&str> = wanted.split(',').map(str::trim).collect();
    let all = wanted.iter().any(|name| *name == "*all" || *name == "*navigable")
        || wanted.iter().all(|name| name.starts_with('-'));
    fields.retain(|name, _| {
        let refused = wanted.iter().any(|one| one.strip_prefix('-') == Some(name));
        !refused && (all || wanted.contains(&name.as_str()))
    });
}
