//! The app, its installation, users, repositories and roles over REST.

use serde_json::{Value, json};

use super::{
    State,
    answer::{Answer, Outcome},
    app,
    auth::Caller,
    call::{Call, Page, readable},
    json::Show,
};
use crate::sandbox::time::iso;

/// Requests an hour that GitHub grants an installation.
pub const HOURLY_LIMIT: u32 = 5_000;

/// `POST /app/installations/{id}/access_tokens`
pub fn access_token(state: &mut State, call: &Call, wall_ms: i64) -> Outcome {
    if call.number("id")? != app::INSTALLATION {
        return Err(Answer::not_found());
    }
    let (token, until) = state.own.tokens.issue(wall_ms);
    let body = json!({
        "token": token,
        "expires_at": iso(until),
        "permissions": app::permissions(),
        "repository_selection": "all"
    });
    Ok(Answer::json(201, body))
}

/// `GET /user`: people only.
pub fn current_user(show: Show<'_>, caller: &Caller) -> Outcome {
    match caller {
        Caller::Person(login) => Ok(Answer::ok(full_user(show, login))),
        _ => Err(Answer::error(403, "Resource not accessible by integration")),
    }
}

/// `GET /users/{login}`
pub fn user(show: Show<'_>, call: &Call) -> Outcome {
    let login = call.param("login");
    show.world.user(login).map(|_| Answer::ok(full_user(show, login))).ok_or_else(Answer::not_found)
}

fn full_user(show: Show<'_>, login: &str) -> Value {
    let mut user = show.user(login);
    user["name"] = show.world.user(login).map(|user| user.name.clone()).into();
    user
}

/// `GET /repos/{owner}/{repo}`
pub fn repository(state: &State, show: Show<'_>, call: &Call, caller: &Caller) -> Outcome {
    Ok(Answer::ok(show.repository(readable(state, call, caller)?)))
}

/// `GET /repos/{owner}/{repo}/installation`
pub fn repository_installation(show: Show<'_>, call: &Call) -> Outcome {
    let project = show.world.project(&call.project()).ok_or_else(Answer::not_found)?;
    Ok(Answer::ok(show.installation(Some(project))))
}

/// `GET /installation/repositories`
pub fn installation_repositories(show: Show<'_>, call: &Call, caller: &Caller) -> Outcome {
    if *caller != Caller::Installation {
        return Err(Answer::error(403, "You must authenticate with an installation access token in order to list"));
    }
    let all: Vec<Value> = show
        .world
        .projects()
        .filter(|project| project.name.contains("/"))
        .map(|project| show.repository(project))
        .collect();
    let (page, total) = (Page::of(call), all.len());
    let body = json!({ "total_count": total, "repository_selection": "all", "repositories": page.cut(all) });
    Ok(page.link(Answer::ok(body), call, show.base, total))
}

/// `GET …/collaborators/{login}/permission`
pub fn permission(state: &State, show: Show<'_>, call: &Call, caller: &Caller) -> Outcome {
    let project = readable(state, call, caller)?;
    let login = call.param("login");
    if state.world.user(login).is_none() {
        return Err(Answer::error(404, &format!("{login} is not a user")));
    }
    Ok(Answer::ok(show.permission(project, login)))
}

/// `GET …/labels`
pub fn labels(state: &State, show: Show<'_>, call: &Call, caller: &Caller) -> Outcome {
    let project = readable(state, call, caller)?;
    let labels: Vec<Value> = project.labels.iter().map(|label| show.label(project, label)).collect();
    let (page, total) = (Page::of(call), labels.len());
    Ok(page.link(Answer::ok(page.cut(labels).into()), call, show.base, total))
}

/// `GET /rate_limit`
pub fn rate_limit(state: &State) -> Outcome {
    let core = json!({
        "limit": HOURLY_LIMIT,
        "used": state.own.used,
        "remaining": HOURLY_LIMIT.saturating_sub(state.own.used),
        "reset": state.own.resets_at
    });
    Ok(Answer::ok(json!({ "resources": { "core": core }, "rate": core })))
}
