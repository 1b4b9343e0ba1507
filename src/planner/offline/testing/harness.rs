//! What a test file can show: one function, or the answer of the whole service to a request.
//!
//! In: a test file of a [`Context`], or a [`Site`] for one that is to be made. Out: its [`TestKind`], by its path and by the
//! tools that it takes.

use super::super::places::site::Site;
use crate::model::{context::Context, plan::TestKind};

/// Will a test file that is made send requests to the whole service?
pub fn sends_requests(site: &Site<'_>) -> bool {
    kind_of_new(site) == TestKind::Integration
}

/// What a test file to create exercises: the same as the one that it is made like.
pub fn kind_of_new(site: &Site<'_>) -> TestKind {
    let like = site.convention.as_ref().and_then(|(_, like)| like.as_deref());
    match kind_of(site.context, &site.path) {
        TestKind::Unit => like.map_or(TestKind::Unit, |like| kind_of(site.context, like)),
        kind => kind,
    }
}

/// What a test file exercises, as far as its path and the tools that it takes say.
pub fn kind_of(context: &Context, path: &str) -> TestKind {
    /// Tools that send requests to the whole service in a test.
    const REQUESTS: &[&str] = &[
        "supertest",
        "TestClient(",
        "import TestClient",
        "httptest.NewRecorder",
        "tower::ServiceExt",
        "MockMvc",
        "WebTestClient",
        "TestRestTemplate",
        "rack/test",
        "Rack::Test",
        "WebApplicationFactory",
        "ActionDispatch::IntegrationTest",
    ];
    let sends = || context.tree.text(path).is_some_and(|text| REQUESTS.iter().any(|tool| text.contains(tool)));
    match kind_by_path(path) {
        TestKind::Unit if sends() => TestKind::Integration,
        kind => kind,
    }
}

/// What a test file exercises, as far as its path says.
fn kind_by_path(path: &str) -> TestKind {
    let lower = path.to_lowercase();
    let has = |words: &[&str]| lower.split(['/', '.', '_', '-']).any(|part| words.contains(&part));
    if has(&["e2e", "cypress", "playwright"]) {
        TestKind::EndToEnd
    } else if has(&["integration", "it", "api", "functional"]) {
        TestKind::Integration
    } else {
        TestKind::Unit
    }
}
