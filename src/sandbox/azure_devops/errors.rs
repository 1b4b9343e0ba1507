//! The errors of Azure DevOps: a message with its number, and the exception's type.

use http::{HeaderName, header};
use serde_json::json;

use super::Flavour;
use crate::sandbox::answer::{Answer, Content};

/// An error with this exception's name.
pub fn error(status: u16, type_key: &str, message: &str) -> Answer {
    Answer::json(
        status,
        json!({
            "$id": "1",
            "innerException": null,
            "message": message,
            "typeName": format!("Microsoft.TeamFoundation.Sandbox.{type_key}, Microsoft.TeamFoundation.Sandbox"),
            "typeKey": type_key,
            "errorCode": 0,
            "eventId": 3000
        }),
    )
}

/// 404: the work item is not there, or the caller may not know of it.
pub fn no_work_item(id: &str) -> Answer {
    let message = format!("TF401232: Work item {id} does not exist, or you do not have permissions to read it.");
    error(404, "WorkItemUnauthorizedAccessException", &message)
}

/// 404 for a comment.
pub fn no_comment(id: &str) -> Answer {
    error(404, "CommentNotFoundException", &format!("VS403680: Comment {id} was not found."))
}

/// 404 for a project.
pub fn no_project(name: &str) -> Answer {
    let message = format!("TF200016: The following project does not exist: {name}.");
    error(404, "ProjectDoesNotExistWithNameException", &message)
}

/// 400 for a value that does not fit.
pub fn invalid(what: &str) -> Answer {
    error(400, "VssPropertyValidationException", &format!("The property or parameter is invalid: {what}"))
}

/// 403: the caller may read and not do this.
pub fn forbidden(message: &str) -> Answer {
    error(403, "AccessCheckException", &format!("TF400813: {message}"))
}

/// 401.
pub fn unauthorized() -> Answer {
    error(401, "UnauthorizedRequestException", "TF400813: The user is not authorized to access this resource.")
        .with(header::WWW_AUTHENTICATE, "Basic realm=\"http://127.0.0.1/\"")
}

/// What Services answers to credentials that it does not know: the page to sign in at, as a success.
pub fn sign_in(flavour: Flavour, base: &str, has_credentials: bool) -> Answer {
    const REALM: HeaderName = HeaderName::from_static("x-tfs-fedauthrealm");
    let page = "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>";
    match (flavour, has_credentials) {
        (Flavour::Server, _) => unauthorized(),
        (Flavour::Services, true) => Answer::new(203, Content::Html(page.to_owned())),
        (Flavour::Services, false) => {
            Answer::new(302, Content::Html(page.to_owned())).with(header::LOCATION, format!("{base}/_signin"))
        }
    }
    .with(REALM, "http://127.0.0.1/")
}

/// 429 as the limit on usage gives it.
pub fn blocked() -> Answer {
    let message = "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource \
                   'Concurrency' in namespace 'User'.";
    error(429, "RequestBlockedException", message)
        .with(HeaderName::from_static("x-ratelimit-resource"), "AzureDevOps/Concurrency")
        .with(HeaderName::from_static("x-ratelimit-remaining"), "0")
}
