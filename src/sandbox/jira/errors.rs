//! The errors of Jira's REST interface: `errorMessages` for the request, `errors` for its fields.

use http::{HeaderName, header};
use serde_json::json;

use super::Flavour;
use crate::sandbox::answer::Answer;

/// An error of the whole request.
pub fn error(status: u16, message: &str) -> Answer {
    Answer::json(status, json!({ "errorMessages": [message], "errors": {} }))
}

/// 400 for one field.
pub fn invalid(field: &str, message: &str) -> Answer {
    Answer::json(400, json!({ "errorMessages": [], "errors": { field: message } }))
}

/// 404: the issue is not there, or the caller may not know of it.
pub fn no_issue(flavour: Flavour) -> Answer {
    match flavour {
        Flavour::Cloud => error(404, "Issue does not exist or you do not have permission to see it."),
        Flavour::DataCenter => error(404, "Issue Does Not Exist"),
    }
}

/// 404 for a comment.
pub fn no_comment(id: &str) -> Answer {
    error(404, &format!("Can not find a comment for the id: {id}."))
}

/// 404 for a project.
pub fn no_project(key: &str) -> Answer {
    error(404, &format!("No project could be found with key '{key}'."))
}

/// 401: the credentials are missing or wrong.
pub fn unauthorized(flavour: Flavour) -> Answer {
    const REASON: HeaderName = HeaderName::from_static("x-seraph-loginreason");
    match flavour {
        Flavour::Cloud => {
            let message = "Client must be authenticated to access this resource.";
            Answer::json(401, json!({ "message": message, "status-code": 401 }))
                .with(header::WWW_AUTHENTICATE, "OAuth realm=\"http%3A%2F%2F127.0.0.1\"")
        }
        Flavour::DataCenter => {
            error(401, "You are not authenticated. Authentication required to perform this operation.")
        }
    }
    .with(REASON, "AUTHENTICATED_FAILED")
}
