//! What a framework refuses by itself, before the code of a route runs: what it cannot read of a query.
//!
//! In: the sentences that a step serves, and the text of its file. Out: an instruction, where a sentence asks for another
//! status than the framework's own.

use super::{super::places::site::Site, answers::statuses};
use crate::model::{
    context::FactKind,
    plan::{Basis, Statement},
};

/// Package, what its extractor of a query looks like, how it is called, and what it answers with (the documents of each).
const OWN: &[(&str, &str, &str, u16)] = &[
    ("axum", "Query(", "`Query` of axum", 400),
    ("actix-web", "web::Query<", "`web::Query` of actix", 400),
    ("fastapi", "Query(", "`Query` of FastAPI", 422),
    ("spring-boot-starter-web", "@RequestParam", "`@RequestParam` of Spring", 400),
];

/// That the framework answers first.
pub fn here(site: &Site<'_>, served: &[&str]) -> Option<Statement> {
    let refused = |text: &str| {
        let lower = text.to_lowercase();
        ["malformed", "missing or", "invalid"].iter().any(|word| lower.contains(word))
    };
    let asked = served.iter().find(|text| refused(text) && !statuses(text).is_empty())?;
    let text = site.text.as_deref()?;
    let kinds = [FactKind::Dependency, FactKind::Framework];
    let uses = |name: &str| {
        let mut facts = site.context.facts.iter().filter(|f| kinds.contains(&f.kind));
        facts.any(|f| f.name == name || f.name.ends_with(&format!(":{name}")))
    };
    let (_, _, called, own) = OWN.iter().find(|(name, mark, ..)| text.contains(mark) && uses(name))?;
    let wanted = statuses(asked).into_iter().find(|status| status != own)?;
    let is_optional = asked.to_lowercase().contains("missing");
    let values = match (*called, is_optional) {
        ("`Query` of axum" | "`web::Query` of actix", true) => "take each value as an `Option<String>`",
        (_, true) => "take each value as text that may be absent",
        (_, false) => "take the values as text",
    };
    let text = format!(
        "{called} answers what it cannot read with {own}, before the code of the route runs, and {wanted} is asked for: \
         {values} and read it here, or turn its refusal into {wanted}"
    );
    Some(Statement::new(Basis::Repository, text).at(site.file()))
}
