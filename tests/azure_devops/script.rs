//! A scripted Azure DevOps: one work item with everything around it, shaped like the recorded answers.

use crate::github::fake::{Reply, Seen};
use serde_json::{Value, json};

use super::{ME, MIRA};

/// An identity as the API shows it.
pub fn person(id: &str, name: &str) -> Value {
    json!({ "displayName": name, "id": id, "uniqueName": format!("{}@acme.test", name.to_lowercase().replace(' ', ".")),
        "descriptor": format!("aad.{id}"), "url": "https://evil.test/", "_links": { "avatar": { "href": "https://evil.test/" } } })
}

/// Mira.
pub fn mira() -> Value {
    person(MIRA, "Mira Lund")
}

/// The bot.
pub fn bot() -> Value {
    person(&ME.to_uppercase(), "Planwright")
}

/// A comment.
pub fn comment(id: u64, by: Value, text: &str) -> Value {
    json!({ "workItemId": 7, "id": id, "version": 1, "text": text, "createdBy": by, "createdDate": "2026-11-20T10:00:00.1Z",
        "modifiedDate": "2026-11-20T10:00:00.1Z", "isDeleted": false, "url": "https://evil.test/" })
}

/// Work item 7 of the project "Acme Shop".
pub fn item() -> Value {
    json!({
        "id": 7, "rev": 4,
        "fields": {
            "System.TeamProject": "Acme Shop", "System.AreaPath": "Acme Shop\\Web\\Cart",
            "System.IterationPath": "Acme Shop\\Sprint 3", "System.WorkItemType": "User Story", "System.State": "Active",
            "System.Title": "Cart total is wrong", "System.Tags": "needs plan; Web", "System.CreatedBy": mira(),
            "System.AssignedTo": person("0f", "Tove Berg"), "Microsoft.VSTS.Common.Priority": 2,
            "System.Description": "The **total** is wrong: `a &lt; b`.",
            "Microsoft.VSTS.Common.AcceptanceCriteria": "<ul><li>The total is right</li></ul>",
            "Microsoft.VSTS.TCM.ReproSteps": "", "Custom.Background": "<p>Since May</p>", "Custom.Team": "Payments",
        },
        "multilineFieldsFormat": { "System.Description": "markdown" },
        "relations": [
            { "rel": "System.LinkTypes.Hierarchy-Reverse", "url": "https://evil.test/_apis/wit/workItems/3",
              "attributes": { "name": "Parent" } },
            { "rel": "System.LinkTypes.Hierarchy-Forward", "url": "https://evil.test/_apis/wit/workItems/8",
              "attributes": { "name": "Child" } },
            { "rel": "System.LinkTypes.Related", "url": "https://evil.test/_apis/wit/workItems/9",
              "attributes": { "name": "Related" } },
            { "rel": "AttachedFile", "url": "https://evil.test/_apis/wit/attachments/d3cb",
              "attributes": { "name": "cart.png", "resourceSize": 13946 } },
            { "rel": "Hyperlink", "url": "https://evil.test/_apis/wit/workItems/x", "attributes": {} },
            { "rel": "ArtifactLink", "url": "vstfs:///Git/Commit/1", "attributes": { "name": "Fixed in Commit" } },
        ],
        "url": "https://evil.test/",
    })
}

/// What the API answers about it; 404 for everything else.
pub fn answer(seen: &Seen) -> Reply {
    let comments = "/Acme%20Shop/_apis/wit/workItems/7/comments?$top=200";
    let line = seen.line.as_str();
    if line == "GET /_apis/connectionData?api-version=7.1-preview.1" {
        return Reply::json(200, json!({ "authenticatedUser": { "id": ME, "providerDisplayName": "Planwright" } }));
    }
    if line.starts_with("GET /_apis/wit/workitems/7?") {
        return Reply::json(200, item());
    }
    if line == format!("GET {comments}&order=asc&api-version=7.2-preview.4") {
        let first = [comment(1, mira(), "<p>With <b>two</b> vouchers.</p>"), comment(2, bot(), "A plan.")];
        return Reply::json(
            200,
            json!({ "totalCount": 4, "count": 2, "comments": first, "continuationToken": "a b&c",
                "nextPage": "https://evil.test/elsewhere" }),
        );
    }
    if line == format!("GET {comments}&order=asc&api-version=7.2-preview.4&continuationToken=a%20b%26c") {
        let mut deleted = comment(3, mira(), "never mind");
        deleted["isDeleted"] = json!(true);
        let mut markdown = comment(4, person("svc", "Build"), "Coverage `fell`.");
        markdown["format"] = json!("markdown");
        markdown["createdBy"]["descriptor"] = json!("svc.MTEx");
        return Reply::json(200, json!({ "totalCount": 4, "count": 2, "comments": [deleted, markdown] }));
    }
    match line {
        "POST /_apis/wit/workitemsbatch?api-version=7.1" => Reply::json(
            200,
            json!({ "count": 3, "value": [ { "id": 3, "fields": { "System.Title": "Checkout" } }, null,
                { "id": 9, "fields": { "System.Title": "Rounding" } } ] }),
        ),
        "GET /Acme%20Shop/_apis/wit/workitemtypes/User%20Story/states?api-version=7.1-preview.1" => Reply::json(
            200,
            json!({ "count": 2, "value": [ { "name": "Active", "category": "InProgress", "color": "007acc" },
                { "name": "Done", "category": "Completed" }, { "name": "Cut", "category": "Removed" } ] }),
        ),
        _ => Reply::error(404, "TF401232: does not exist"),
    }
}
