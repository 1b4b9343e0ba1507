//! Addresses that callers enter and the service then calls: asked where a ticket lets them be registered and sent to, and
//! says nothing of which are allowed.

use super::{Survey, says};
use crate::model::plan::{Basis, Citation, Question, Statement};

/// Which addresses are allowed, and how long one may take to answer.
pub fn of(survey: &Survey<'_, '_>) -> Option<Question> {
    const ENTERS: &[&str] =
        &["register", "registers", "subscribe", "subscribes", "enters", "sets", "configures", "adds"];
    const ADDRESSES: &[&str] = &[
        "url",
        "urls",
        "address",
        "addresses",
        "endpoint",
        "endpoints",
        "callback",
        "callbacks",
        "webhook",
        "webhooks",
    ];
    const CALLED: &[&str] = &["sent", "send", "sends", "posted", "posts", "delivered", "delivers", "called", "calls"];
    const WEB: &[&str] = &["http", "https", "url", "urls", "endpoint", "endpoints", "callback", "webhook", "webhooks"];
    let enters = survey.asked.iter().find(|a| says(a.text, ENTERS) && says(a.text, ADDRESSES) && says(a.text, WEB))?;
    let called = survey.asked.iter().find(|a| says(a.text, CALLED) && says(a.text, ADDRESSES))?;
    let is_told = |text: &str| says(text, &["private", "internal", "allowlist", "whitelist", "ssrf", "timeout"]);
    if survey.asked.iter().any(|a| is_told(a.text)) {
        return None;
    }
    let ask = format!(
        "Which addresses may {} register? By {} the service calls what strangers enter: are private networks and \
         redirects refused, and how long may an address take to answer?",
        enters.id, called.id
    );
    let cited = Citation::Ticket { quote: enters.text.to_owned(), place: enters.place.clone() };
    Some(Question {
        ask: Statement::new(Basis::Ticket, ask).citing(cited),
        decides: "what is checked before an address is kept and before it is called".to_owned(),
    })
}
