//! Credentials, Entra's tokens, versions of the interface, limits.

use planwright::sandbox::{
    AzureDevOps,
    azure_devops::{Endpoint, Fault},
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::sandbox::trackers::{Reply, STORE, Trackers, basic, reply};

async fn entra(trackers: &Trackers, changed: Option<(&str, &str)>) -> Reply {
    let azure = &trackers.sandbox.azure;
    let (_, id, secret) = azure.application();
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "499b84ac-1321-427f-aa17-267ca6975798/.default"),
    ];
    if let Some((name, value)) = changed {
        form.retain(|(field, _)| *field != name);
        form.push((name, value));
    }
    reply(trackers.http.post(azure.token_url()).form(&form)).await
}

#[tokio::test]
async fn a_personal_token_is_the_password_of_any_user() {
    let trackers = Trackers::start().await;
    let (services, server) = (&trackers.sandbox.azure, &trackers.sandbox.azure_server);
    let token = services.token_of("ben").unwrap();
    for (azure, credentials, status) in [
        (services, Some(basic("", &token)), 200),
        (services, Some(basic("anyone", &token)), 200),
        (services, Some(basic("ben", "wrong")), 203),
        (services, Some(format!("Bearer {token}")), 203),
        (services, None, 302),
        (server, Some(basic("", &token)), 200),
        (server, Some(basic("", "wrong")), 401),
        (server, None, 401),
    ] {
        let mut request = trackers.http.get(format!("{}/_apis/connectionData", azure.base_url()));
        if let Some(credentials) = &credentials {
            request = request.header("authorization", credentials);
        }
        let answer = reply(request).await;
        assert_eq!(answer.status, status, "{:?} {credentials:?}", azure.flavour());
        match status {
            200 => assert_eq!(answer.body["authenticatedUser"]["id"], azure.person_id("ben")),
            401 => assert_eq!(answer.body["typeKey"], "UnauthorizedRequestException"),
            _ => assert!(answer.header("content-type").unwrap().starts_with("text/html")),
        }
    }
}

#[tokio::test]
async fn entra_gives_tokens_to_the_application_until_they_end() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    let given = entra(&trackers, None).await;
    assert_eq!((given.status, &given.body["token_type"]), (200, &json!("Bearer")));
    let token = given.body["access_token"].as_str().unwrap().to_owned();
    let ask = async || {
        let url = format!("{}/_apis/connectionData", azure.base_url());
        reply(trackers.http.get(url).bearer_auth(&token)).await
    };
    assert_eq!(ask().await.body["authenticatedUser"]["id"], azure.person_id(azure.bot_login()));
    azure.expire_tokens();
    assert_eq!((ask().await.status, azure.tokens_issued()), (203, 1));
    for (field, status, error) in [
        ("client_secret", 401, "invalid_client"),
        ("client_id", 400, "unauthorized_client"),
        ("grant_type", 400, "unsupported_grant_type"),
        ("scope", 400, "invalid_scope"),
    ] {
        let refused = entra(&trackers, Some((field, "wrong"))).await;
        assert_eq!((refused.status, &refused.body["error"]), (status, &json!(error)));
        assert!(refused.body["error_description"].as_str().unwrap().starts_with("AADSTS"));
    }
}

#[tokio::test]
async fn a_version_must_be_one_that_the_flavour_has() {
    let trackers = Trackers::start().await;
    let (services, server) = (&trackers.sandbox.azure, &trackers.sandbox.azure_server);
    let comments = trackers.item_path("/comments");
    let item = trackers.item_path("");
    let (out, preview) = ("VssVersionOutOfRangeException", "VssInvalidPreviewVersionException");
    for (azure, path, query, status, key) in [
        (services, &item, "", 200, ""),
        (services, &item, "?api-version=7.1", 200, ""),
        (server, &item, "?api-version=7.0", 200, ""),
        (server, &item, "?api-version=7.1", 400, out),
        (services, &item, "?api-version=7.3", 400, out),
        (services, &item, "?api-version=seven", 400, "VssInvalidApiVersionException"),
        (services, &comments, "", 400, "VssVersionNotSpecifiedException"),
        (services, &comments, "?api-version=7.1", 400, preview),
        (services, &comments, "?api-version=7.1-preview.4", 200, ""),
        (server, &comments, "?api-version=7.0-preview.3", 200, ""),
        (server, &comments, "?api-version=7.1-preview.4", 400, out),
    ] {
        let answer = trackers.azure_get(azure, "ben", &format!("{path}{query}")).await;
        assert_eq!(answer.status, status, "{:?} {path}{query}: {}", azure.flavour(), answer.text);
        assert_eq!(answer.body["typeKey"].as_str().unwrap_or_default(), key);
    }
    let accept = trackers
        .azure(services, "ben", Method::GET, &comments)
        .header("accept", "application/json;api-version=7.1-preview");
    assert_eq!(reply(accept).await.status, 200);
}

#[tokio::test]
async fn errors_have_azures_bodies() {
    let trackers = Trackers::start().await;
    let azure = &trackers.sandbox.azure;
    for (login, path, status, key, code) in [
        ("ben", format!("{STORE}/_apis/wit/workitems/99"), 404, "WorkItemUnauthorizedAccessException", "TF401232"),
        ("sam", trackers.item_path(""), 404, "ProjectDoesNotExistWithNameException", "TF200016"),
        ("ben", "Nowhere/_apis/git/repositories".to_owned(), 404, "ProjectDoesNotExistWithNameException", "TF200016"),
        ("ben", format!("{STORE}/_apis/git/repositories/none"), 404, "GitRepositoryNotFoundException", "TF401019"),
        (
            "ben",
            trackers.item_path("/comments/77?api-version=7.1-preview.4"),
            404,
            "CommentNotFoundException",
            "VS403680",
        ),
    ] {
        let answer = trackers.azure_get(azure, login, &path).await;
        assert_eq!((answer.status, &answer.body["typeKey"]), (status, &json!(key)), "{path}");
        let names: Vec<&String> = answer.body.as_object().unwrap().keys().collect();
        assert_eq!(names, ["$id", "errorCode", "eventId", "innerException", "message", "typeKey", "typeName"]);
        assert!(answer.body["message"].as_str().unwrap().starts_with(code), "{}", answer.body);
    }
}

#[tokio::test]
async fn limits_delay_first_and_block_then() {
    let trackers = Trackers::start().await;
    let azure: &AzureDevOps = &trackers.sandbox.azure;
    for (fault, status, header, value) in [
        (Fault::Slowed { retry_after: 5 }, 200, "retry-after", "5"),
        (Fault::Slowed { retry_after: 5 }, 200, "x-ratelimit-delay", "0.500"),
        (Fault::RateLimited { retry_after: 9 }, 429, "retry-after", "9"),
        (Fault::PrimaryExhausted { reset: 1_772_449_200 }, 429, "x-ratelimit-reset", "1772449200"),
        (Fault::Unauthorized, 401, "www-authenticate", "Basic realm=\"http://127.0.0.1/\""),
    ] {
        azure.fail_next(Endpoint::WorkItem, fault.clone());
        let answer = trackers.azure_get(azure, "ben", &trackers.item_path("")).await;
        assert_eq!((answer.status, answer.header(header)), (status, Some(value)), "{fault:?}");
        if status == 429 {
            assert!(answer.body["message"].as_str().unwrap().starts_with("TF400733"));
        }
    }
    let calm = trackers.azure_get(azure, "ben", &trackers.item_path("")).await;
    assert!(calm.header("retry-after").is_none() && calm.header("activityid").is_some());
    assert_eq!(calm.body["id"], Value::from(azure.work_item_id(&trackers.item)));
}
