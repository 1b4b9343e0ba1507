//! Work items over REST: shapes, families, patches with compare-and-set.

use planwright::sandbox::{
    AzureDevOps, NewTicket,
    azure_devops::{Format, Writing},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::{
    fixture::soon,
    shape::check,
    trackers::{Reply, STORE, Trackers, reply},
};

async fn patch(trackers: &Trackers, azure: &AzureDevOps, login: &str, version: &str, operations: &Value) -> Reply {
    let path = format!("{}?api-version={version}", trackers.item_path(""));
    let request = trackers.azure(azure, login, Method::PATCH, &path);
    reply(request.header("content-type", "application/json-patch+json").body(operations.to_string())).await
}

#[tokio::test]
async fn a_work_item_has_the_fields_that_were_recorded() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    azure.add_label(&trackers.item, "two words", "tri").await;
    azure.add_label(&trackers.item, "more", "tri").await;
    azure.world(|world| world.change(&trackers.item, |item| item.assignees.push("ana".to_owned())));
    let item = trackers.azure_get(azure, "ben", &trackers.item_path("?$expand=all")).await.body;
    check(
        "azure_devops/rest_work_item",
        &item,
        &[
            "fields/Microsoft.VSTS.Common.Activated*",
            "fields/Microsoft.VSTS.Common.ValueArea",
            "_links/workItemHistory*",
        ],
        &[
            "fields/System.CommentCount",
            "fields/Microsoft.VSTS.TCM.ReproSteps",
            "fields/Microsoft.VSTS.Common.AcceptanceCriteria",
            "_links/workItemComments*",
        ],
    );
    let fields = &item["fields"];
    assert_eq!((&fields["System.Tags"], &fields["System.WorkItemType"]), (&json!("two words; more"), &json!("Bug")));
    // A bug's text is its reproduction steps.
    assert_eq!(fields["Microsoft.VSTS.TCM.ReproSteps"], "Carts hold stock.");
    assert_eq!(fields["System.ChangedBy"]["displayName"], "Tri Nguyen");
    let plain = trackers.azure_get(azure, "ben", &trackers.item_path("")).await.body;
    assert!(plain["relations"].is_null() && plain["_links"].is_null());
}

#[tokio::test]
async fn a_field_says_when_it_holds_markdown() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let path = trackers.item_path("?$expand=all");
    assert!(trackers.azure_get(azure, "ben", &path).await.body["multilineFieldsFormat"].is_null());
    azure.set_type(&trackers.item, "User Story", "ben").await;
    azure.describe_in_markdown(&trackers.item);
    let item = trackers.azure_get(azure, "ben", &path).await.body;
    assert_eq!(item["multilineFieldsFormat"], json!({ "System.Description": "markdown" }));
    assert_eq!(item["fields"]["System.Description"], "Carts hold stock.");
}

#[tokio::test]
async fn relations_lead_to_family_and_places() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let part = NewTicket { title: "Part".into(), parent: Some(trackers.item.clone()), ..NewTicket::default() };
    let part = azure.open_issue(STORE, part, "ben").await.issue;
    let bot = azure.bot_login();
    let upload = trackers.azure(azure, bot, Method::POST, "_apis/wit/attachments?fileName=plan.md&api-version=7.1");
    let upload = reply(upload.body("# Plan")).await;
    assert_eq!(upload.status, 201);
    let operations = json!([
        { "op": "add", "path": "/relations/-", "value": { "rel": "Hyperlink", "url": "https://a.example/", "attributes": { "comment": "plan" } } },
        { "op": "add", "path": "/relations/-", "value": { "rel": "AttachedFile", "url": upload.body["url"], "attributes": { "name": "plan.md" } } }
    ]);
    let before = azure.issue(&trackers.item).unwrap().revision;
    assert_eq!(patch(&trackers, azure, bot, "7.1", &operations).await.status, 200);
    // Relations alone make no revision.
    assert_eq!(azure.issue(&trackers.item).unwrap().revision, before);
    assert_eq!(
        patch(&trackers, azure, bot, "7.1", &operations).await.body["typeKey"],
        "WorkItemLinkAlreadyExistsException"
    );
    assert_eq!(azure.hyperlinks(&trackers.item), ["https://a.example/"]);
    let rels = async |key| {
        let id = azure.work_item_id(key).unwrap();
        let item = trackers.azure_get(azure, "ben", &format!("_apis/wit/workitems/{id}?$expand=relations")).await.body;
        item["relations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["rel"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(rels(&part).await, ["System.LinkTypes.Hierarchy-Reverse"]);
    assert_eq!(rels(&trackers.item).await, ["System.LinkTypes.Hierarchy-Forward", "AttachedFile", "Hyperlink"]);
    let file = upload.body["url"].as_str().unwrap().split("/_apis/").last().unwrap().to_owned();
    assert_eq!(trackers.azure_get(azure, "ben", &format!("{STORE}/_apis/{file}")).await.text, "# Plan");
}

#[tokio::test]
async fn a_patch_holds_only_for_the_revision_that_it_tests() {
    let trackers = Trackers::start().await;
    let (azure, bot) = (&trackers.sandbox.azure, trackers.sandbox.azure.bot_login());
    let comment = |rev: u64, text: &str| {
        json!([
            { "op": "test", "path": "/rev", "value": rev },
            { "op": "add", "path": "/fields/System.History", "value": { "format": "Markdown", "text": text } }
        ])
    };
    let rev = azure.issue(&trackers.item).unwrap().revision;
    let made = patch(&trackers, azure, bot, "7.2-preview.3", &comment(rev, "# Plan")).await;
    assert_eq!((made.status, &made.body["rev"]), (200, &json!(rev + 1)));
    check(
        "azure_devops/rest_work_item_markdown_comment",
        &made.body,
        &[],
        &["fields/Microsoft.VSTS.TCM.ReproSteps", "fields/Microsoft.VSTS.Common.AcceptanceCriteria"],
    );
    assert_eq!(made.body["fields"]["System.History"], "# Plan");
    let written = soon(azure.next_comment(&trackers.item)).await;
    assert_eq!((written.text.as_str(), written.writing), ("# Plan", Writing::Created));
    assert_eq!(made.body["commentVersionRef"]["commentId"], json!(azure.comment_id(&trackers.item, written.comment)));
    assert_eq!(azure.format_of(&trackers.item, written.comment), Some(Format::Markdown));
    let again = patch(&trackers, azure, bot, "7.2-preview.3", &comment(rev, "# Twice")).await;
    let message =
        format!("VS403351: Test Operation for path /rev failed, value {} was not equal to test value {rev}.", rev + 1);
    assert_eq!((again.status, &again.body["message"]), (412, &json!(message)));
    assert_eq!(again.body["typeKey"], "TestPatchOperationFailedException");
    assert_eq!(azure.comments(&trackers.item).len(), 1);
}

#[tokio::test]
async fn a_patch_changes_all_or_nothing() {
    let trackers = Trackers::start().await;
    let (azure, bot) = (&trackers.sandbox.azure, trackers.sandbox.azure.bot_login());
    let set = |field: &str, value: &str| json!({ "op": "add", "path": format!("/fields/{field}"), "value": value });
    let good = json!([
        set("System.Title", "New"),
        set("System.Tags", "a b; c"),
        set("Microsoft.VSTS.TCM.ReproSteps", "Steps")
    ]);
    let rev = azure.issue(&trackers.item).unwrap().revision;
    assert_eq!(patch(&trackers, azure, bot, "7.1", &good).await.body["rev"], json!(rev + 1));
    let item = azure.issue(&trackers.item).unwrap();
    assert_eq!((item.title.as_str(), item.labels), ("New", vec!["a b".to_owned(), "c".to_owned()]));
    for (operations, status, key) in [
        (
            json!([set("System.Title", "Other"), set("Custom.Unknown", "x")]),
            400,
            "WorkItemTrackingFieldDefinitionNotFoundException",
        ),
        (json!([set("System.Title", "")]), 400, "RuleValidationException"),
        (json!([]), 400, "VssPropertyValidationException"),
        (json!([{ "op": "move", "path": "/fields/System.Title" }]), 400, "VssPropertyValidationException"),
        (
            json!([{ "op": "add", "path": "/relations/-", "value": { "rel": "AttachedFile", "url": "https://x/none" } }]),
            400,
            "WorkItemAttachmentNotFoundException",
        ),
    ] {
        let refused = patch(&trackers, azure, bot, "7.1", &operations).await;
        assert_eq!((refused.status, &refused.body["typeKey"]), (status, &json!(key)), "{operations}");
    }
    assert_eq!(azure.issue(&trackers.item).unwrap().title, "New");
    assert_eq!(patch(&trackers, azure, "tri", "7.1", &good).await.status, 403);
    let path = format!("{}?api-version=7.1", trackers.item_path(""));
    let plain = reply(trackers.azure(azure, bot, Method::PATCH, &path).json(&good)).await;
    assert_eq!((plain.status, &plain.body["typeKey"]), (415, &json!("VssRequestContentTypeNotSupportedException")));
}

#[tokio::test]
async fn servers_take_no_formats() {
    let trackers = Trackers::start().await;
    let (server, bot) = (&trackers.sandbox.azure_server, trackers.sandbox.azure.bot_login());
    let history = |value: Value| json!([{ "op": "add", "path": "/fields/System.History", "value": value }]);
    let markdown = history(json!({ "format": "Markdown", "text": "# Plan" }));
    assert_eq!(patch(&trackers, server, bot, "7.0", &markdown).await.status, 400);
    let made = patch(&trackers, server, bot, "7.0", &history(json!("<h1>Plan</h1>"))).await;
    assert!(made.status == 200 && made.body["commentVersionRef"]["commentId"].is_u64());
}

#[tokio::test]
async fn a_batch_leaves_out_what_nobody_may_see() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let id = azure.work_item_id(&trackers.item).unwrap();
    let ask = async |body: Value| {
        reply(trackers.azure(azure, "ben", Method::POST, "_apis/wit/workitemsbatch?api-version=7.1").json(&body)).await
    };
    let found = ask(json!({ "ids": [id, 99], "fields": ["System.Title"], "errorPolicy": "omit" })).await.body;
    assert_eq!(found["value"][0]["fields"], json!({ "System.Title": "Hold stock at checkout" }));
    assert!(found["value"][1].is_null());
    assert_eq!(ask(json!({ "ids": [id, 99] })).await.status, 404);
    let states = format!("{STORE}/_apis/wit/workItemTypes/Bug/states?api-version=7.1-preview.1");
    let states = trackers.azure_get(azure, "ben", &states).await.body;
    assert_eq!(states["value"][2]["category"], "Completed");
}
