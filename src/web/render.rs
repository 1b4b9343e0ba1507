//! Pages from templates, and the headers that keep them safe.

use std::sync::LazyLock;

use axum::{
    extract::Request,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{self, CACHE_CONTROL},
    },
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use handlebars::Handlebars;
use serde::Serialize;

use super::assets;
use crate::store::StoreError;

/// The templates, compiled when the first page is asked for.
static TEMPLATES: LazyLock<Handlebars<'static>> = LazyLock::new(|| {
    let mut templates = Handlebars::new();
    templates.set_strict_mode(true);
    for (name, text) in [
        ("layout", include_str!("templates/layout.hbs")),
        ("time", include_str!("templates/time.hbs")),
        ("jobs", include_str!("templates/jobs.hbs")),
        ("publication", include_str!("templates/publication.hbs")),
        ("dashboard", include_str!("templates/dashboard.hbs")),
        ("delivery", include_str!("templates/delivery.hbs")),
        ("job", include_str!("templates/job.hbs")),
        ("plan", include_str!("templates/plan.hbs")),
        ("changes", include_str!("templates/changes.hbs")),
        ("message", include_str!("templates/message.hbs")),
    ] {
        templates.register_template_string(name, text).expect("a test renders every template");
    }
    templates
});

/// What every page has.
#[derive(Serialize)]
struct Frame<'p, T> {
    title: &'p str,
    style: &'p str,
    script: &'p str,
    icon: &'p str,
    /// Seconds after which the page loads itself again without a script; 0 for never.
    refresh: u32,
    /// The reader came by the link of one plan: nothing else is offered.
    guest: bool,
    page: &'p T,
}

/// Renders a page.
pub(super) fn page<T: Serialize>(template: &str, title: &str, refresh: u32, page: &T) -> Response {
    framed(template, title, refresh, false, page)
}

/// Renders a page for somebody who may see nothing else.
pub(super) fn guest_page<T: Serialize>(template: &str, title: &str, page: &T) -> Response {
    framed(template, title, 0, true, page)
}

/// Renders a page inside its frame.
fn framed<T: Serialize>(template: &str, title: &str, refresh: u32, guest: bool, page: &T) -> Response {
    let [style, script, icon] = &assets::addresses();
    match TEMPLATES.render(template, &Frame { title, style, script, icon, refresh, guest, page }) {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            metrics::counter!("planwright_errors_total", "room" => "pages").increment(1);
            tracing::error!(%error, template, "a page could not be rendered");
            failure()
        }
    }
}

/// Why there is no page.
#[derive(Debug)]
pub(super) enum NoPage {
    /// Nothing has this id.
    Missing(&'static str),
    /// The store cannot be read.
    Store(StoreError),
}

impl From<StoreError> for NoPage {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for NoPage {
    fn into_response(self) -> Response {
        match self {
            Self::Missing(what) => {
                let text = format!(
                    "There is no {what} at this address. Plans are kept for good, deliveries and ended jobs for a limited time."
                );
                (StatusCode::NOT_FOUND, message("Not found", &text)).into_response()
            }
            Self::Store(error) => {
                tracing::warn!(%error, "a page could not be read from the store");
                let text = "The store cannot be read at the moment. Please try again.";
                (StatusCode::SERVICE_UNAVAILABLE, message("Not available", text)).into_response()
            }
        }
    }
}

/// A page with a few words.
fn message(title: &str, text: &str) -> Response {
    page("message", title, 0, &text)
}

/// The answer when a page fails for a reason that only the log knows.
pub(super) fn failure() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "something went wrong; the log knows more\n").into_response()
}

/// Sets the headers that keep a page from loading, leaking or being framed by anything else.
pub(super) async fn safe_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                  base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    set(headers, header::CONTENT_SECURITY_POLICY, policy);
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "no-referrer");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Sets one header.
fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
